import { quote } from "../quote.ts";
import type { UrlList } from "../url/lists.ts";
import { hasOwner } from "./public-suffix.ts";
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

/** Where a URL stands: rules differ for the login URL, the two URL lists and the two origin lists. */
export type UrlPlace = UrlList | "applicationLoginUrl";

/** Why a value is refused: completes a sentence that begins with the quoted value. */
export interface Breach {
  rule: UrlRuleId;
  problem: string;
}

/** Assumed: 2,048 characters a URL, not documented by CARTO. */
const LONGEST_URL = 2048;

/** The URL that a value declares, or the most telling rule that it breaks. */
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
      `is no URL: write ${sample(place)}${place === "applicationLoginUrl" ? "" : ", or drop the element"}.`,
    );
  if (hasStrayCharacter(value)) {
    const trimmed = value.trim();
    const advice = hasStrayCharacter(trimmed) || trimmed === "" ? `write ${sample(place)}` : `write ${quote(trimmed)}`;
    return absolute(`holds a space, a backslash or an invisible character, which no URL may: ${advice}.`);
  }
  const { scheme } = text;
  if (scheme !== undefined && !/^https?$/i.test(scheme) && !/[{},]/.test(scheme) && !isHostAndPort(text)) {
    return {
      rule: "http-or-https",
      problem: `has the scheme ${quote(scheme)}, and CARTO's wildcard rule 1 takes http and https only: write ${sample(place)}.`,
    };
  }
  if (value.includes(",")) {
    const list = place !== "applicationLoginUrl" && /,https?:/i.test(value);
    return absolute(
      list
        ? "is several URLs in one text: make each an element of the list."
        : "holds a comma, which separates URLs at CARTO: write %2C instead.",
    );
  }
  if (/[{}]/.test(value)) {
    return {
      rule: "no-placeholder",
      problem:
        "holds a placeholder, which CARTO would take literally: write the value itself, or a wildcard subdomain.",
    };
  }
  if (scheme === undefined || !/^https?$/i.test(scheme)) {
    const path = /^\/(?!\/)/.test(value);
    return absolute(
      path
        ? `is only a path: write scheme and host too, such as ${sample(place)}.`
        : `has no scheme: write ${mended(place, value)}.`,
    );
  }
  if (text.host === undefined) return absolute(`lacks the two slashes after "${scheme}:": write ${sample(place)}.`);
  if (text.host === "") return absolute(`has no host: write ${sample(place)}.`);
  const illegal = /[<>"^`|]|%(?![\da-f]{2})/i.exec(text.path + (text.query ?? ""));
  if (illegal) {
    return absolute(
      `holds ${JSON.stringify(illegal[0])}, which no URL may: write ${encodeURIComponent(illegal[0])} instead.`,
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
      'holds a "*", but the login URL is one place: write one host, no wildcard.',
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
      ? "list every port as a URL of its own"
      : `list every ${part} as a URL of its own`;
  return breach("wildcard-only-in-host", `has a "*" in its ${part}, where CARTO takes it literally: ${advice}.`);
}

function breakHostWildcard(host: string): Breach | undefined {
  const labels = hostLabels((canonicalHost(host) ?? host).toLowerCase());
  const starred = labels.findIndex((label) => label.includes("*"));
  const base = labels.slice(starred + 1).join(".");
  if (host.split("*").length > 2) {
    return breach(
      "single-wildcard",
      `has more than one "*", and CARTO's wildcard rule 4 takes one: keep the first, and write the others out.`,
    );
  }
  if (host.startsWith("[") || /^\d*$/.test(labels.at(-1) ?? "") || !hasOwner(base)) {
    const below = quote(`https://*.example.${/^[a-z]/.test(base) ? base : "com"}`);
    return breach(
      "wildcard-in-subdomain",
      `has its "*" outside a subdomain, which CARTO's wildcard rule 2 asks for: put it below a domain of your own, such as ${below}.`,
    );
  }
  if (starred > 0) {
    const mended = [labels[starred], ...labels.slice(0, starred), base].join(".");
    return breach(
      "wildcard-leftmost",
      `has its "*" in label ${starred + 1} of the host, and CARTO's wildcard rule 3 takes it in the first only: write the host ${quote(mended)}, or list the hosts one by one.`,
    );
  }
  const label = labels[0] ?? "";
  if (!/^([a-z\d][a-z\d-]*)?\*([a-z\d-]*[a-z\d])?$/.test(label) || label.startsWith("xn--")) {
    return breach(
      "wildcard-label",
      `has ${quote(label)} as its wildcard label, and CARTO's wildcard rule 5 takes letters, digits and inner hyphens around the "*": write one like "preview-*".`,
    );
  }
  return undefined;
}

function readRest(place: UrlPlace, value: string, text: UrlText): ParsedUrl | Breach {
  if (text.userinfo !== undefined) {
    return breach(
      "no-credentials",
      'holds a user name or password, which no browser sends back: drop everything up to the "@".',
    );
  }
  const url = parseText(text);
  if (url === undefined) {
    if (text.port === undefined || parsePort(text.port) !== undefined) {
      return absolute(
        `has ${quote(text.host)} for a host, which is neither a host name nor an address: write ${sample(place)}.`,
      );
    }
    return absolute(`has ${quote(text.port)} for a port: write a number up to 65535, or drop the colon.`);
  }
  if (url.fragment !== undefined) {
    return breach("no-fragment", 'has a fragment, which never reaches CARTO: drop the "#" and what follows.');
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
