import type { Finding } from "../failure.ts";
import { isDangerousIn } from "../policy.ts";
import { takesOrigins } from "../url/check.ts";
import { URL_LISTS, type UrlList } from "../url/lists.ts";
import { coversUrl } from "../url/match.ts";
import { privateHost } from "../url/private-host.ts";
import { isShared } from "../url/public-suffix.ts";
import { quote } from "../url/quote.ts";
import { originOf, parseUrl } from "../url/syntax.ts";
import { MOST_URLS } from "./properties.ts";
import type { ClientReading, DeclaredList, DeclaredUrl } from "./reading.ts";
import { RULES, type RuleId } from "./rules.ts";

/** A list of 90 URLs or more is worth a warning. */
const MANY_URLS = 90;

/** Advice on the URL lists, with defaults filled in: one that was left out follows from the login URL, and is not reported again. */
export function findAdvice(reading: ClientReading): Finding[] {
  const findings: Finding[] = [];
  const find = (rule: RuleId, property: string, url: string | undefined, reason: string) => {
    findings.push({ property, reason, rule, ...(url !== undefined && { url }) });
  };
  const declared = URL_LISTS.map((list) => declaredList(reading, list)).filter((list) => list !== undefined);
  const urls = [...(reading.loginUrl ? [reading.loginUrl] : []), ...declared.flatMap((list) => list.urls)];
  for (const url of urls) adviseOnUrl(url, find);
  for (const list of URL_LISTS) adviseOnList(list, declaredList(reading, list), find);
  adviseOnLogin(reading, find);
  adviseOnOrigins(reading, find);
  return findings;
}

/** Whether the production policy refuses a finding. */
export function isDangerous(finding: Finding): boolean {
  const { rule, url } = finding;
  if (rule === "public-suffix-wildcard") return url !== undefined && hostOf(url)?.startsWith("*.") === true;
  return isDangerousIn(RULES, finding);
}

type Find = (rule: RuleId, property: string, url: string | undefined, reason: string) => void;

function adviseOnUrl({ property, url, parsed }: DeclaredUrl, find: Find): void {
  const { host, scheme } = parsed;
  if (host.includes("*")) {
    const base = host.slice(host.indexOf(".") + 1).replace(/\.$/, "");
    const shared = isShared(base);
    const bare = host.startsWith("*.");
    if (shared) {
      find(
        "public-suffix-wildcard",
        property,
        url,
        bare
          ? `${quote(url)} lets strangers in, because anyone can register a subdomain of ${quote(base)}: add a prefix or suffix of your own or, better, use a domain of your own.`
          : `${quote(url)} is open to anyone who registers a matching subdomain of ${quote(base)}: use a domain of your own instead.`,
      );
    }
    if (!shared || !bare) {
      find(
        "wildcard",
        property,
        url,
        `${quote(url)} has a wildcard, which CARTO advises against in production: list the hosts.`,
      );
    }
  }
  const machine = privateHost(host);
  if (machine !== undefined) {
    const whose = machine === "loopback" ? "each visitor's own machine" : "a machine in each visitor's own network";
    find("loopback", property, url, `${quote(url)} is ${whose}: declare a separate client for development.`);
  } else if (scheme === "http") {
    find(
      "plain-http",
      property,
      url,
      `${quote(url)} is not encrypted, so anyone on the network path can read the login: use https.`,
    );
  }
}

function adviseOnList(list: UrlList, declared: DeclaredList | undefined, find: Find): void {
  if (declared === undefined) return;
  if (declared.length >= MANY_URLS && declared.length <= MOST_URLS) {
    find(
      "near-limit",
      list,
      undefined,
      `${list} has ${declared.length} of at most ${MOST_URLS} URLs: remove unused ones, or split the client before it reaches the limit.`,
    );
  }
  if (takesOrigins(list)) return;
  const seen = new Map<string, DeclaredUrl>();
  for (const url of declared.urls) {
    const { scheme, host, port, path, query } = url.parsed;
    const key = `${scheme}://${host}:${port}${path.endsWith("/") ? path.slice(0, -1) : path}?${query ?? ""}`;
    const twin = seen.get(key);
    if (twin === undefined) seen.set(key, url);
    else if (twin.parsed.path !== path) {
      find(
        "trailing-slash-twin",
        url.property,
        url.url,
        `${quote(url.url)} differs from ${quote(twin.url)} in ${twin.property} only by a trailing slash: keep the one that the application sends.`,
      );
    }
  }
}

function adviseOnLogin({ loginUrl, lists }: ClientReading, find: Find): void {
  const callbacks = lists.allowedCallbackUrls;
  if (loginUrl === undefined || callbacks === undefined || callbacks === "undecided" || !callbacks.complete) return;
  if (callbacks.urls.some(({ parsed }) => coversUrl("allowedCallbackUrls", parsed, loginUrl.parsed))) return;
  find(
    "login-url-not-in-callbacks",
    "allowedCallbackUrls",
    loginUrl.url,
    `${quote(loginUrl.url)}, the login URL, is not among the callback URLs: add it if the application returns there after login.`,
  );
}

function adviseOnOrigins(reading: ClientReading, find: Find): void {
  const { loginUrl, lists } = reading;
  if (lists.allowedCallbackUrls === undefined && lists.allowedWebOrigins === undefined) return;
  const callbacks = effective(lists.allowedCallbackUrls, loginUrl);
  const webOrigins = effective(lists.allowedWebOrigins, loginUrl);
  if (callbacks === undefined || webOrigins === undefined || !webOrigins.complete) return;
  const seen = new Set<string>();
  for (const { property, url, parsed } of callbacks.urls) {
    const origin = originOf(parsed);
    if (
      seen.has(origin) ||
      webOrigins.urls.some((webOrigin) => coversUrl("allowedWebOrigins", webOrigin.parsed, parsed))
    )
      continue;
    seen.add(origin);
    find(
      "callback-origin-not-in-web-origins",
      property,
      url,
      `${quote(url)} has an origin that is not among the web origins: add ${quote(origin)} to allowedWebOrigins if its pages also start logins.`,
    );
  }
}

/** A list as it will be; undefined when that is not known yet. */
function effective(
  list: DeclaredList | "undecided" | undefined,
  loginUrl: DeclaredUrl | undefined,
): DeclaredList | undefined {
  if (list === "undecided") return undefined;
  return list ?? (loginUrl && { urls: [loginUrl], length: 1, complete: true });
}

function declaredList({ lists }: ClientReading, list: UrlList): DeclaredList | undefined {
  const declared = lists[list];
  return declared === "undecided" ? undefined : declared;
}

function hostOf(url: string): string | undefined {
  return parseUrl(url)?.host;
}
