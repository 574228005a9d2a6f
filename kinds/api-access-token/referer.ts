import { quote } from "../url/quote.ts";
import { hasStrayCharacter, originOf, type ParsedUrl, parseText, parseUrl, splitUrl } from "../url/syntax.ts";

/** What is wrong with a referer: the rule, and the end of a sentence that begins with the quoted referer. */
export interface RefererBreach {
  rule: "referer" | "referer-wildcard" | "referer-origin-only";
  problem: string;
}

/** Reads a referer, or says which rule it breaks. */
export function readReferer(referer: string): ParsedUrl | RefererBreach {
  const text = splitUrl(referer);
  if (referer.includes("*")) {
    return {
      rule: "referer-wildcard",
      problem: 'contains a "*", but CARTO documents no wildcard for referers: list every origin.',
    };
  }
  if (text.userinfo !== undefined) {
    return { rule: "referer", problem: 'contains a user name or password: remove everything up to the "@".' };
  }
  const url = hasStrayCharacter(referer) ? undefined : parseText(text);
  if (url === undefined) {
    const scheme = /^[\p{L}\p{N}.-]+(:\d+)?$/u.test(referer) ? parseUrl(`https://${referer}`) : undefined;
    const sample = scheme ? quote(originOf(scheme)) : '"https://app.example.com"';
    return {
      rule: "referer",
      problem: `is not an http or https origin: write the scheme, host and port, for example ${sample}.`,
    };
  }
  if (url.path === "" && url.query === undefined && url.fragment === undefined) return url;
  const extra =
    url.path === "/" && url.query === undefined && url.fragment === undefined
      ? "a trailing slash"
      : "more than an origin";
  return {
    rule: "referer-origin-only",
    problem: `has ${extra}, which never matches what a browser sends, so every map tile silently fails with a 403: write ${quote(originOf(url))}.`,
  };
}

/**
 * Whether a page may use a token that has these referers.
 *
 * The page's origin has to be one of them, as text: scheme, host and port as a browser sends them. Without referers every page may. An
 * entry that breaks a rule, such as one with a trailing slash, matches nothing.
 *
 * Assumed: that CARTO compares texts, so that an entry in upper case or with a default port matches nothing. CARTO documents that a
 * trailing slash never matches.
 *
 * @param referers as of `ApiAccessToken`; unset: none
 * @param pageUrl absolute URL of the page
 * @see CARTO for developers, "API Access Tokens"
 */
export function matchesReferer(referers: readonly string[] | undefined, pageUrl: string): boolean {
  const page = typeof pageUrl === "string" ? parseUrl(pageUrl) : undefined;
  if (referers === undefined || referers.length === 0) return true;
  return page !== undefined && referers.includes(originOf(page));
}
