/** Stands for a value that the engine does not know before `up`. */
export const NOT_KNOWN_YET = "(not known yet)";

/** Stands for a value that the program made a Pulumi secret. */
export const SECRET = "(secret)";

/** How the engine writes a value unknown at preview. @see pulumi sdk/nodejs runtime/rpc.ts, `unknownValue` */
const UNKNOWN_MARK = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** How the engine marks an object as special, secrets among them. @see pulumi sdk/nodejs runtime/rpc.ts, `specialSigKey` */
const SPECIAL_MARK = "4dabf18193072939515e22adb298388d";

/** What a report may show of an input: text, or what stands for it. Anything that is no text is not shown. */
export function shown(value: unknown): string | undefined {
  if (typeof value === "string") return value === UNKNOWN_MARK ? NOT_KNOWN_YET : shortened(withoutCredentials(value));
  if (typeof value === "object" && value !== null && SPECIAL_MARK in value) return SECRET;
  return undefined;
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
const USERINFO = /((?:https?|wss?|ftp):[\\/]*|[\\/]{2})[^/\\?#]*@/gi;

/** Cuts user names and passwords out of the URLs in a text; a little too much cut is no harm. */
export function withoutCredentials(text: string): string {
  if (!text.includes("@")) return text;
  if (text.length > MAX_SEARCHED) return `(${text.length} characters)`;
  // URL parsers take no notice of tabs and line breaks.
  const joined = text.replaceAll(/[\t\n\r]/g, "");
  return joined.search(USERINFO) < 0 ? text : joined.replaceAll(USERINFO, "$1(credentials)@");
}
