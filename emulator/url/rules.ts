import { getDomain } from "tldts";
import { urlParts } from "./text.ts";

/** The URL members of a SPA client, in the contract's words. */
export const URL_LISTS = ["callbacks", "logout_urls", "web_origins", "allowed_origins"] as const;

/** One of the four lists. */
export type UrlList = (typeof URL_LISTS)[number];

/**
 * Which rule a URL of a SPA client breaks, or `undefined`.
 *
 * Written from CARTO's six wildcard rules and Auth0's documented behaviour, apart from the provider's own table.
 */
export function urlProblem(member: UrlList | "login_uri", value: string): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(value)?.[1];
  if (scheme === undefined) return "must be an absolute URL that starts with http:// or https://";
  if (!/^https?$/i.test(scheme)) return `must use http or https, not ${scheme}`;
  if (/[\s,\\<>"^`|]|%(?![0-9a-f]{2})/i.test(value))
    return "must be one URL, without spaces, commas and other characters that URLs do not have";
  if (/[{}]/.test(value)) return "must not contain placeholders in braces";
  const authority = /^https?:\/\/([^/?#]*)/i.exec(value)?.[1] ?? "";
  if (authority.includes("@")) return "must not contain a user name or password";
  if (/:[^\]]*\*/.test(authority)) return "may have a wildcard in the host only";
  const parts = urlParts(value);
  if (!parts) return "must be an absolute URL with a valid host and port";
  if (parts.fragment) return "must not contain a fragment";
  if ((parts.path + parts.query).includes("*")) return "may have a wildcard in the host only";
  if (parts.host.includes("*")) {
    const problem = member === "login_uri" ? "must not contain a wildcard" : wildcardProblem(parts.host);
    if (problem) return problem;
  }
  if ((member === "web_origins" || member === "allowed_origins") && parts.path + parts.query !== "") {
    return "must be an origin: scheme, host and port only, without a trailing slash";
  }
  return undefined;
}

function wildcardProblem(host: string): string | undefined {
  const [first = "", ...others] = host.replace(/\.$/, "").split(".");
  if (host.split("*").length > 2) return "may contain one wildcard only";
  const starred = others.findIndex((label) => label.includes("*"));
  if (!isOwned(others.slice(starred + 1).join("."))) return "must have its wildcard in a subdomain";
  if (starred >= 0) return "must have its wildcard in the subdomain furthest from the root domain";
  if (!/^([a-z0-9][a-z0-9-]*)?\*([a-z0-9-]*[a-z0-9])?$/.test(first) || first.startsWith("xn--")) {
    return "must have letters, digits and inner hyphens only around its wildcard";
  }
  return undefined;
}

/** Whether the domain, or one above it, is below a public suffix. */
function isOwned(domain: string): boolean {
  return domain !== "" && getDomain(domain) !== null;
}

/** What CARTO derives from the login URL for a list that is not given. */
export function defaultUrls(loginUri: string): Record<UrlList, string[]> {
  const { origin } = new URL(loginUri);
  return { callbacks: [loginUri], logout_urls: [loginUri], web_origins: [origin], allowed_origins: [origin] };
}
