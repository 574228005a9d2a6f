/**
 * A URL's own user name and password as browsers find them: in the authority, behind backslashes, any number of slashes, or none. An
 * `@` in the path, the query or anywhere else in a text is none.
 */
const USERINFO = /^([\0-\x20]*(?:(?:https?|wss?|ftp):[\\/]*|[a-z][a-z0-9+.-]*:[\\/]{2,}|[\\/]{2,}))[^/\\?#]*@/i;

/** A URL without its user name and password: `(credentials)` takes their place. */
export function withoutCredentials(url: string): string {
  if (!url.includes("@")) return url;
  // Browsers take no notice of tabs and line breaks.
  const joined = url.replaceAll(/[\t\n\r]/g, "");
  const shown = joined.replace(USERINFO, "$1(credentials)@");
  return shown === joined ? url : shown;
}
