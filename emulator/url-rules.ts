import { getPublicSuffix } from "tldts";

/** The URL members of a SPA client, in the contract's words. */
export const URL_LISTS = ["callbacks", "logout_urls", "web_origins", "allowed_origins"] as const;
export type UrlList = (typeof URL_LISTS)[number];

const SHAPE = /^(?<scheme>https?):\/\/(?<authority>[^/?#]+)(?<rest>.*)$/i;

/**
 * What is wrong with a URL of a SPA client, or `undefined`.
 *
 * Written from CARTO's six wildcard rules and Auth0's documented behaviour, apart from the provider's own table.
 */
export function urlProblem(member: UrlList | "login_uri", value: string): string | undefined {
  if (/[\s,\\<>"]/.test(value)) return "must be one absolute URL without spaces, commas, quotes or backslashes";
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(value)?.[1];
  if (scheme === undefined) return "must be an absolute URL that starts with http:// or https://";
  if (!/^https?$/i.test(scheme)) return `must use http or https, not ${scheme}`;
  if (/[{}]/.test(value)) return "must not contain placeholders in braces";
  const parts = SHAPE.exec(value)?.groups;
  if (!parts) return "must be an absolute URL with a host";
  const { authority = "", rest = "" } = parts;
  if (authority.includes("@")) return "must not contain a user name or password";
  if (rest.includes("#")) return "must not contain a fragment";
  if (rest.includes("*")) return "may have a wildcard in the host only";
  const host = authority.replace(/:\d*$/, "");
  if (authority.slice(host.length).includes("*")) return "may have a wildcard in the host only";
  if (host.includes("*")) {
    if (member === "login_uri") return "must not contain a wildcard";
    const problem = wildcardProblem(host);
    if (problem) return problem;
  }
  // URL decodes percent-encoded hosts, so `%2A` would become a wildcard that nobody checked.
  if (host.includes("%") || !URL.canParse(value)) return "must be an absolute URL with a valid host and port";
  if ((member === "web_origins" || member === "allowed_origins") && rest !== "") {
    return "must be an origin: scheme, host and port only, without a trailing slash";
  }
  return undefined;
}

function wildcardProblem(host: string): string | undefined {
  const [first = "", ...others] = host.toLowerCase().split(".");
  if (host.split("*").length > 2) return "may contain one wildcard only";
  if (!first.includes("*")) {
    return others.at(-1)?.includes("*") || others.at(-2)?.includes("*")
      ? "must have its wildcard in a subdomain"
      : "must have its wildcard in the subdomain furthest from the root domain";
  }
  const domain = others.join(".");
  if (domain === "" || getPublicSuffix(domain) === domain) return "must have its wildcard in a subdomain";
  if (!/^[a-z0-9_-]*\*[a-z0-9_-]*$/.test(first)) return "must have only hostname characters around its wildcard";
  return undefined;
}

/** What CARTO derives from the login URL for a list that is not given. */
export function defaultUrls(loginUri: string): Record<UrlList, string[]> {
  const { origin } = new URL(loginUri);
  return { callbacks: [loginUri], logout_urls: [loginUri], web_origins: [origin], allowed_origins: [origin] };
}
