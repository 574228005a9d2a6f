import { UNKNOWN } from "../kinds/unknown.ts";

/** Stands for a value that the engine does not know before `up`. */
export const NOT_KNOWN_YET = "(not known yet)";

/** Stands for a value that the program made a Pulumi secret. */
export const SECRET = "(secret)";

/** How the engine marks an object as special, secrets among them. @see pulumi sdk/nodejs runtime/rpc.ts, `specialSigKey` */
const SPECIAL_MARK = "4dabf18193072939515e22adb298388d";

/**
 * Whether a value is a mark of the engine instead of a value: unknown before `up`, or secret. Asked of the value, never of
 * the text that stands for it: anyone can write that text.
 */
export function isHidden(value: unknown): boolean {
  return value === UNKNOWN || isSpecial(value);
}

/** What a report may show of an input: text, or what stands for it. Anything that is no text is not shown. */
export function shown(value: unknown): string | undefined {
  if (isSpecial(value)) return SECRET;
  if (typeof value !== "string") return undefined;
  if (value === UNKNOWN) return NOT_KNOWN_YET;
  // A value that reads like a mark is quoted, so that no reader takes it for one.
  if (value === NOT_KNOWN_YET || value === SECRET) return JSON.stringify(value);
  return shortened(withoutCredentials(value));
}

function isSpecial(value: unknown): boolean {
  return typeof value === "object" && value !== null && SPECIAL_MARK in value;
}

/** The same for a list; a list that is unknown or secret as a whole counts as one such element. */
export function shownList(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(shown).filter((element) => element !== undefined);
}

/** More than any valid input has. */
const MAX_SHOWN = 2_100;

/** Beyond this a text is not even searched for credentials. */
const MAX_SEARCHED = 20_000;

/** What is longer than any valid input is a failure anyhow, and only has to be recognised. */
function shortened(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}… (${text.length} characters)`;
}

/** A user name and password as URL parsers find them: behind backslashes, any number of slashes, or none. */
const AUTHORITY = /((?:https?|wss?|ftp):[\\/]*|[\\/]{2,})([^/\\?#]*)/gi;

/** Cuts user names and passwords out of the URLs in a text; a little too much cut is no harm. */
export function withoutCredentials(text: string): string {
  if (!text.includes("@")) return text;
  if (text.length > MAX_SEARCHED) return `(${text.length} characters)`;
  // URL parsers take no notice of tabs and line breaks.
  const joined = text.replaceAll(/[\t\n\r]/g, "");
  // Each authority is read once: a pattern with the "@" in it would begin anew at every scheme.
  const cut = joined.replaceAll(AUTHORITY, (whole, start: string, authority: string) => {
    const at = authority.lastIndexOf("@");
    return at < 0 ? whole : `${start}(credentials)${authority.slice(at)}`;
  });
  return cut === joined ? text : cut;
}
