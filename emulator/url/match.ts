import { type UrlParts, urlParts } from "./text.ts";

/** Whether a redirect URI is allowed: exactly, but for the case of scheme and host and a default port, or by wildcard label. */
export function callbackMatches(allowed: string, url: string): boolean {
  return matches(allowed, url, (pattern, sent) => {
    return pattern.path === sent.path && pattern.query === sent.query && sent.fragment === "";
  });
}

/** Like a callback, with query and hash left out of account. */
export function logoutMatches(allowed: string, url: string): boolean {
  return matches(allowed, url, (pattern, sent) => pattern.path === sent.path);
}

/** Whether the origin of an `Origin` header, or of a callback, is the allowed one. */
export function originMatches(allowed: string, origin: string): boolean {
  return matches(allowed, origin, () => true);
}

function matches(allowed: string, url: string, same: (pattern: UrlParts, sent: UrlParts) => boolean): boolean {
  const [pattern, sent] = [urlParts(allowed), urlParts(url)];
  if (!pattern || !sent || sent.host.includes("*")) return false;
  return pattern.access === sent.access && hostMatches(pattern.host, sent.host) && same(pattern, sent);
}

function hostMatches(pattern: string, host: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === host;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  // Long enough that the two ends do not overlap; at least one character, and never across a dot.
  if (host.length < pattern.length || !host.startsWith(before) || !host.endsWith(after)) return false;
  return !host.slice(before.length, host.length - after.length).includes(".");
}
