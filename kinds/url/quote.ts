import { withoutCredentials } from "./credentials.ts";

const LONGEST = 120;

/**
 * A value as a reason quotes it: in JSON quotes, invisible characters escaped, user names and passwords of URLs cut out, long ones cut.
 * Anything but a string is named by its kind.
 */
export function quote(value: unknown): string {
  if (typeof value !== "string") return kindOf(value);
  const masked = withoutCredentials(value);
  const shown = masked.length > LONGEST ? `${masked.slice(0, LONGEST / 2)}…${masked.slice(-LONGEST / 4)}` : masked;
  const escaped = JSON.stringify(shown).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  return masked.length > LONGEST ? `${escaped} (${masked.length.toLocaleString("en")} characters)` : escaped;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "boolean" || typeof value === "number") return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
