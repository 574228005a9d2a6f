/**
 * Characters that hide, reorder or break text: controls, line separators, zero-width and bidirectional marks, soft hyphens,
 * variation selectors, tags, and halves of surrogate pairs.
 */
const INVISIBLE =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: single code points are meant
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]/gu;

/** Writes what cannot be seen as `\u{202e}`, so that a reviewer sees it and no renderer obeys it. */
export function visible(text: string): string {
  return text.replaceAll(INVISIBLE, (character) => `\\u{${character.codePointAt(0)?.toString(16).padStart(4, "0")}}`);
}

/** The same for JSON, which has escapes of its own: the value stays what it was. */
export function visibleJson(value: unknown, indent = 2): string {
  const text = JSON.stringify(value, null, indent);
  return `${text.replaceAll(INVISIBLE, (hidden) => (hidden === "\n" ? hidden : utf16Escapes(hidden)))}\n`;
}

function utf16Escapes(text: string): string {
  return Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join(
    "",
  );
}
