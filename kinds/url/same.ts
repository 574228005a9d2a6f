import type { UrlList } from "./lists.ts";
import { parseUrl } from "./syntax.ts";

/**
 * The meaning of a URL to CARTO, as a text that can be compared: scheme and host in lower case, the port always written, everything else as
 * it is. Two spellings of one URL have the same. A text that is not an http or https URL only equals itself.
 *
 * Every comparison of URLs goes through here: diff, drift, import, reports.
 */
export function urlIdentity(url: string): string {
  const parsed = parseUrl(url);
  if (parsed === undefined) return url;
  const { scheme, host, port, path, query, fragment } = parsed;
  const rest = `${query === undefined ? "" : `?${query}`}${fragment === undefined ? "" : `#${fragment}`}`;
  return `${scheme}://${host}:${port}${path}${rest}`;
}

/** Whether two spellings are one URL: scheme and host without case, a default port written or not. */
export function sameUrl(a: string | undefined, b: string | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && urlIdentity(a) === urlIdentity(b));
}

/** Whether two versions of a list mean the same: as sets of URLs, except that the first logout URL counts. */
export function sameUrls(list: UrlList, a: readonly string[], b: readonly string[]): boolean {
  if (list === "allowedLogoutUrls" && !sameUrl(a[0], b[0])) return false;
  const [left, right] = [new Set(a.map(urlIdentity)), new Set(b.map(urlIdentity))];
  return left.size === right.size && [...left].every((url) => right.has(url));
}
