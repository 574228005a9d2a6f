import type { UrlList } from "../url/lists.ts";
import { hasOwner } from "./public-suffix.ts";
import { quote } from "./quote.ts";
import type { UrlRuleId } from "./rules.ts";
import {
  canonicalHost,
  hasStrayCharacter,
  hostLabels,
  originOf,
  type ParsedUrl,
  parsePort,
  parseText,
  parseUrl,
  splitUrl,
  type UrlText,
} from "./syntax.ts";

/** Where a URL is declared: rules differ for the login URL, the two URL lists and the two origin lists. */
export type UrlPlace = UrlList | "applicationLoginUrl";

/** Why a value is refused: completes a sentence that begins with the quoted value. */
export interface Breach {
  rule: UrlRuleId;
  problem: string;
}

/** Assumed: 2,048 characters a URL, not documented by CARTO. */
const LONGEST_URL = 2048;

/** The URL that a value declares, or the most specific rule that it breaks. */
export function checkUrl(place: UrlPlace, value: string): ParsedUrl | Breach {
  const text = splitUrl(value);
  return (
    breakSyntax(place, value, text) ??
    (value.includes("*") ? breakWildcard(place, text) : undefined) ??
    readRest(place, value, text)
  );
}

/** Whether a place takes origins only. */
export function takesOrigins(place: UrlPlace): boolean {
  return place === "allowedWebOrigins" || place === "allowedOrigins";
}

function absolute(problem: string): Breach {
  return { rule: "absolute-url", problem };
}

function breakSyntax(place: UrlPlace, value: string, text: UrlText): Breach | undefined {
  if (value === "")
    return absolute(
      `is not a URL: write ${sample(place)}${place === "applicationLoginUrl" ? "" : ", or remove the element"}.`,
    );
  if (hasStrayCharacter(value)) {
    const trimmed = value.trim();
    const advice = hasStrayCharacter(trimmed) || trimmed === "" ? `write ${sample(place)}` : `write ${quote(trimmed)}`;
    return absolute(`contains a space, a backslash or an invisible character, which is not valid in a URL: ${advice}.`);
  }
  const { scheme } = text;
  if (scheme !== undefined && !/^https?$/i.test(scheme) && !/[{},]/.test(scheme) && !isHostAndPort(text)) {
    return {
      rule: "http-or-https",
      problem: `has the scheme ${quote(scheme)}, but CARTO's wildcard rule 1 allows only http and https: write ${sample(place)}.`,
    };
  }
  if (value.includes(",")) {
    const list = place !== "applicationLoginUrl" && /,https?:/i.test(value);
    return absolute(
      list
        ? "contains several URLs in one string: make each one an element of the list."
        : "contains a comma, which CARTO uses to separate URLs: write %2C instead.",
    );
  }
  if (/[{}]/.test(value)) {
    return {
      rule: "no-placeholder",
      problem:
        "contains a placeholder, which CARTO would take literally: write the actual value, or use a wildcard subdomain.",
    };
  }
  if (scheme === undefined || !/^https?$/i.test(scheme)) {
    const path = /^\/(?!\/)/.test(value);
    return absolute(
      path
        ? `is only a path: include the scheme and host, for example ${sample(place)}.`
        : `has no scheme: write ${mended(place, value)}.`,
    );
  }
  if (text.host === undefined)
    return absolute(`is missing the two slashes after "${scheme}:": write ${sample(place)}.`);
  if (text.host === "") return absolute(`has no host: write ${sample(place)}.`);
  const illegal = /[<>"^`|]|%(?![\da-f]{2})/i.exec(text.path + (text.query ?? ""));
  if (illegal) {
    return absolute(
      `contains ${JSON.stringify(illegal[0])}, which is not valid in a URL: write ${encodeURIComponent(illegal[0])} instead.`,
    );
  }
  return undefined;
}

function mended(place: UrlPlace, value: string): string {
  const rest = value.replace(/^[/:]+/, "");
  const url = `${/^(localhost|127\.)/.test(rest) ? "http" : "https"}://${rest}`;
  return parseUrl(url) ? quote(url) : sample(place);
}

/** `localhost:3000/callback` looks like a scheme to a parser, and like a forgotten one to a person. */
function isHostAndPort({ scheme, host, path }: UrlText): boolean {
  const digits = /^\d{1,5}(?=[/,]|$)/.exec(path)?.[0];
  return (
    host === undefined && digits !== undefined && canonicalHost(scheme ?? "") !== undefined && Number(digits) < 65_536
  );
}

function breakWildcard(place: UrlPlace, { host = "", port = "", path, query = "" }: UrlText) {
  if (place === "applicationLoginUrl") {
    return breach(
      "no-wildcard-in-login-url",
      'contains a "*", but the login URL must be a single address: write one host, without a wildcard.',
    );
  }
  if (host.includes("*")) {
    const inHost = breakHostWildcard(host);
    if (inHost) return inHost;
  }
  const part = port.includes("*") ? "port" : path.includes("*") ? "path" : query.includes("*") ? "query" : undefined;
  if (part === undefined) return undefined;
  const advice = takesOrigins(place)
    ? "write scheme, host and port only"
    : part === "port"
      ? "list each port as a separate URL"
      : `list each ${part} as a separate URL`;
  return breach("wildcard-only-in-host", `has a "*" in its ${part}, where CARTO takes it literally: ${advice}.`);
}

function breakHostWildcard(host: string): Breach | undefined {
  const labels = hostLabels((canonicalHost(host) ?? host).toLowerCase());
  const starred = labels.findIndex((label) => label.includes("*"));
  const base = labels.slice(starred + 1).join(".");
  if (host.split("*").length > 2) {
    return breach(
      "single-wildcard",
      `has more than one "*", but CARTO's wildcard rule 4 allows only one: keep the first and write out the others.`,
    );
  }
  if (host.startsWith("[") || /^\d*$/.test(labels.at(-1) ?? "") || !hasOwner(base)) {
    const below = quote(`https://*.example.${/^[a-z]/.test(base) ? base : "com"}`);
    return breach(
      "wildcard-in-subdomain",
      `has its "*" outside a subdomain, but CARTO's wildcard rule 2 requires one: put it under a domain you own, such as ${below}.`,
    );
  }
  if (starred > 0) {
    const mended = [labels[starred], ...labels.slice(0, starred), base].join(".");
    return breach(
      "wildcard-leftmost",
      `has its "*" in label ${starred + 1} of the host, but CARTO's wildcard rule 3 allows it only in the first: write the host ${quote(mended)}, or list the hosts one by one.`,
    );
  }
  const label = labels[0] ?? "";
  if (!/^([a-z\d][a-z\d-]*)?\*([a-z\d-]*[a-z\d])?$/.test(label) || label.startsWith("xn--")) {
    return breach(
      "wildcard-label",
      `has ${quote(label)} as its wildcard label, but CARTO's wildcard rule 5 allows only letters, digits and inner hyphens around the "*": write a label such as "preview-*".`,
    );
  }
  return undefined;
}

function readRest(place: UrlPlace, value: string, text: UrlText): ParsedUrl | Breach {
  if (text.userinfo !== undefined) {
    return breach(
      "no-credentials",
      'contains a user name or password, which no browser sends back: remove everything up to the "@".',
    );
  }
  const url = parseText(text);
  if (url === undefined) {
    if (text.port === undefined || parsePort(text.port) !== undefined) {
      return absolute(
        `has the host ${quote(text.host)}, which is neither a host name nor an IP address: write ${sample(place)}.`,
      );
    }
    return absolute(
      `has the port ${quote(text.port)}, which is not valid: write a number up to 65535, or remove the colon.`,
    );
  }
  if (url.fragment !== undefined) {
    return breach("no-fragment", 'has a fragment, which never reaches CARTO: remove the "#" and everything after it.');
  }
  if (takesOrigins(place) && (url.path !== "" || url.query !== undefined)) {
    return breach("origin-only", `is more than an origin: write ${quote(originOf(url))}.`);
  }
  if (value.length > LONGEST_URL && [...value].length > LONGEST_URL) {
    return breach("url-too-long", "is longer than 2,048 characters: shorten it.");
  }
  return url;
}

function breach(rule: UrlRuleId, problem: string): Breach {
  return { rule, problem };
}

function sample(place: UrlPlace): string {
  const path = takesOrigins(place) ? "" : place === "allowedCallbackUrls" ? "/callback" : "/";
  return `"https://app.example.com${path}"`;
}
