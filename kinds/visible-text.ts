/**
 * Characters that hide, reorder or break text: controls, line separators, zero-width and bidirectional marks, soft hyphens,
 * variation selectors, tags, and halves of surrogate pairs.
 */
const INVISIBLE =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: single code points are meant
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]/gu;

/** Writes invisible characters as `\u{202e}`, so that reviewers see them and no renderer obeys them. */
export function visible(text: string): string {
  return text.replaceAll(INVISIBLE, (character) => `\\u{${character.codePointAt(0)?.toString(16).padStart(4, "0")}}`);
}

/** A message may quote a server: nobody reads more than this. */
const MOST_CHARACTERS = 2_000;

/** A message that may hold text from outside: nothing hidden in it, and not without end. */
export function outsideText(text: string): string {
  return visible(text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text);
}

/** The same for JSON, which has its own escapes: the value does not change. */
export function visibleJson(value: unknown, indent = 2): string {
  return `${escaped(JSON.stringify(value, null, indent))}\n`;
}

/** The same for texts whose double quotes have `\uXXXX`, as JSON and YAML have; line breaks stay. */
export function escaped(text: string): string {
  return text.replaceAll(INVISIBLE, (hidden) => (hidden === "\n" ? hidden : utf16Escapes(hidden)));
}

function utf16Escapes(text: string): string {
  return Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join(
    "",
  );
}
