import { createHash } from "node:crypto";
import { SPECIAL_KEY } from "../kinds/secret-mark.ts";
import { UNKNOWN } from "../kinds/unknown.ts";
import { withoutCredentials } from "../kinds/url/credentials.ts";

/** Stands for a value that the engine does not know before `up`. */
export const NOT_KNOWN_YET = "(not known yet)";

/** Stands for a value that the program made a Pulumi secret. */
export const SECRET = "(secret)";

/**
 * Whether a value is one of the engine's marks rather than a value: unknown before `up`, or secret. Asked of the value, never of the text
 * that stands for it: anyone can write that text.
 */
export function isHidden(value: unknown): boolean {
  return value === UNKNOWN || isSpecial(value);
}

/** What a report may show of an input: text, or a placeholder. Anything but text is not shown. */
export function shown(value: unknown): string | undefined {
  if (isSpecial(value)) return SECRET;
  if (typeof value !== "string") return undefined;
  if (value === UNKNOWN) return NOT_KNOWN_YET;
  // A value that reads like a mark is quoted, so that no reader takes it for one.
  if (value === NOT_KNOWN_YET || value === SECRET) return JSON.stringify(value);
  return shortened(value, MAX_SHOWN);
}

/** The same for a URL: its own user name and password are cut out. */
export function shownUrl(value: unknown): string | undefined {
  return shown(typeof value === "string" ? withoutCredentials(value) : value);
}

function isSpecial(value: unknown): boolean {
  return typeof value === "object" && value !== null && SPECIAL_KEY in value;
}

/**
 * The text of the newer of two values that differ. Where both show the same, because what differs is cut out, it says so: a change is
 * never invisible.
 */
export function distinctText(newer: string, older: Iterable<string | undefined>): string {
  if (![...older].includes(newer)) return newer;
  if (newer.includes("(credentials)")) return newer.replace("(credentials)", "(other credentials)");
  return `${newer} (another value)`;
}

/** More than any valid input has. */
const MAX_SHOWN = 2_100;

/** A long text by its beginning, its end, its length and a hash: two that differ never look alike. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const end = Math.floor(longest / 4);
  return `${text.slice(0, longest - end)}…${text.slice(-end)} (${text.length} characters, SHA-256 ${hash})`;
}
