import { checkUrl, takesOrigins, type UrlPlace } from "./check.ts";
import { type ParsedUrl, parseUrl } from "./syntax.ts";

/**
 * Whether CARTO would accept `url` if a list contains `allowed`.
 *
 * Callback URLs match exactly: port, path, query and trailing slash; only the case of scheme and host, and a default port
 * that is written or not, make no difference. Logout URLs ignore query and fragment. Of origins, scheme, host and port count.
 * A wildcard stands for one or more characters of exactly one label (CARTO's wildcard rule 6).
 *
 * Assumed where CARTO says nothing: an `allowed` that breaks a rule of its list matches nothing, and so does a `url` that two
 * readers could understand differently (userinfo, backslashes, spaces, an encoded host, a number for an address).
 *
 * @param list the list that contains `allowed`; `"applicationLoginUrl"` is matched like callback URLs
 * @param allowed an entry of the list, with or without a wildcard
 * @param url the URL or origin that a browser sends
 * @see CARTO user manual, "SPA OAuth Clients", and Auth0's "Subdomain URL Placeholders"
 */
export function matchesUrl(list: UrlPlace, allowed: string, url: string): boolean {
  if (typeof allowed !== "string" || typeof url !== "string") return false;
  const entry = checkUrl(list, allowed);
  const sent = parseUrl(url);
  if ("rule" in entry || sent === undefined || sent.host.includes("*")) return false;
  return coversUrl(list, entry, sent);
}

/** As `matchesUrl`, for two URLs that are read already; a wildcard covers a narrower one too. */
export function coversUrl(list: UrlPlace, entry: ParsedUrl, sent: ParsedUrl): boolean {
  if (entry.scheme !== sent.scheme || entry.port !== sent.port || !coversHost(entry.host, sent.host)) return false;
  if (takesOrigins(list)) return true;
  if (entry.path !== sent.path) return false;
  return list === "allowedLogoutUrls" || (entry.query === sent.query && sent.fragment === undefined);
}

function coversHost(pattern: string, host: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === host;
  const [patternDot, hostDot] = [pattern.indexOf("."), host.indexOf(".")];
  if (hostDot < 0 || pattern.slice(patternDot) !== host.slice(hostDot)) return false;
  const suffix = pattern.slice(star + 1, patternDot);
  const label = host.slice(0, hostDot);
  return label.length > star + suffix.length && label.startsWith(pattern.slice(0, star)) && label.endsWith(suffix);
}
