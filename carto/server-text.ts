const LONGEST = 200;
/** Characters that hide, reorder or break text. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]+/gu;
/** What only secrets, tokens and identifiers look like. */
const OPAQUE = /[A-Za-z0-9_+-]{32,}={0,2}(\.[A-Za-z0-9_-]+)*/g;

/**
 * Text from a server, cleaned for use in a message: on one line, cut, and without what looks like a secret or is one.
 *
 * @param secrets never shown, whatever they look like
 * @returns undefined where it says nothing
 */
export function serverText(text: string | undefined, secrets: readonly string[]): string | undefined {
  if (text === undefined) return undefined;
  let shown = text.slice(0, 10_000);
  for (const secret of secrets) if (secret !== "") shown = shown.replaceAll(secret, "***");
  shown = shown.replace(OPAQUE, "***").replace(INVISIBLE, " ").replace(/\s+/g, " ").trim();
  if (shown === "") return undefined;
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST - 1)}…` : shown;
}
