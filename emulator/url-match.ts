/** Whether a redirect URI is allowed: exactly, except for the case of scheme and host, or by wildcard label. */
export function callbackMatches(allowed: string, url: string): boolean {
  const [pattern, candidate] = [split(allowed), split(url)];
  return (
    pattern !== undefined &&
    candidate !== undefined &&
    pattern.rest === candidate.rest &&
    authorityMatches(pattern.authority, candidate.authority)
  );
}

/** Like a callback, with query and hash left out of account on both sides. */
export function logoutMatches(allowed: string, url: string): boolean {
  return callbackMatches(withoutQuery(allowed), withoutQuery(url));
}

/** Whether an `Origin` header is allowed. A default port is the same as none, as browsers send it. */
export function originMatches(allowed: string, origin: string): boolean {
  return callbackMatches(withoutDefaultPort(allowed), withoutDefaultPort(origin));
}

/** The origin of an allowed callback URL, wildcard kept. */
export function originOf(url: string): string {
  return url.slice(0, url.length - (split(url)?.rest.length ?? 0));
}

function split(url: string): { authority: string; rest: string } | undefined {
  const [, authority, rest] = /^(https?:\/\/[^/?#]+)(.*)$/is.exec(url) ?? [];
  return authority === undefined || rest === undefined ? undefined : { authority: authority.toLowerCase(), rest };
}

function authorityMatches(pattern: string, candidate: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === candidate;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  if (!candidate.startsWith(before) || !candidate.endsWith(after)) return false;
  // One level, at least one character: never empty, never across a dot.
  return /^[a-z0-9_-]+$/.test(candidate.slice(before.length, candidate.length - after.length));
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}

function withoutDefaultPort(origin: string): string {
  return origin.replace(/^(https:\/\/.*):443$/i, "$1").replace(/^(http:\/\/.*):80$/i, "$1");
}
