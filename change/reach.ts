import type { UrlList } from "../kinds/url/lists.ts";

/** Hosts that can reach a client on one side of a change only: newly, or no longer. */
export interface Reach {
  /** Scheme, host and port, e.g. `https://*.preview.example.com`. */
  origin: string;
  /** In words, e.g. `any host one level under preview.example.com`. */
  hosts: string;
  /** The lists that let them, in CARTO's order. */
  lists: UrlList[];
}

/** What an entry of a list lets its hosts do. */
const POWERS: Record<UrlList, string> = {
  allowedCallbackUrls: "receive logins",
  allowedLogoutUrls: "receive users after logout",
  allowedWebOrigins: "start logins",
  allowedOrigins: "call CARTO's APIs from a browser",
};

interface ListVersions {
  list: UrlList;
  added: readonly string[];
  removed: readonly string[];
  kept: readonly string[];
}

/** The origins in each list that no entry of the old list covered, gathered by origin. */
export function newReach(lists: readonly ListVersions[]): Reach[] {
  const reach = new Map<string, Reach>();
  for (const { list, added, removed, kept } of lists) {
    const before = [...removed, ...kept].map(parse);
    for (const url of added) {
      const origin = parse(url);
      if (!origin || before.some((old) => old && covers(old, origin))) continue;
      const entry = reach.get(origin.text) ?? { origin: origin.text, hosts: inWords(origin), lists: [] };
      if (!entry.lists.includes(list)) entry.lists.push(list);
      reach.set(origin.text, entry);
    }
  }
  return [...reach.values()];
}

/** What could reach the client before the change and cannot after it. */
export function lostReach(lists: readonly ListVersions[]): Reach[] {
  return newReach(lists.map(({ list, added, removed, kept }) => ({ list, added: removed, removed: added, kept })));
}

/** Whether logins in use there stop: the host received them. */
export function losesLogins({ lists }: Reach): boolean {
  return lists.includes("allowedCallbackUrls");
}

/** One sentence, e.g. `app.example.com can no longer receive logins`. */
export function lostReachSentence(reach: Reach): string {
  return sentence(reach, "can no longer", "or");
}

/** One sentence, e.g. `any host one level under preview.example.com can now receive logins`. */
export function reachSentence(reach: Reach): string {
  return sentence(reach, "can now", "and");
}

function sentence(reach: Reach, verb: string, conjunction: string): string {
  const powers = reach.lists.map((list) => POWERS[list]);
  const last = powers.pop() ?? "";
  return `${reach.hosts} ${verb} ${powers.length > 0 ? `${powers.join(", ")} ${conjunction} ` : ""}${last}`;
}

interface Origin {
  text: string;
  scheme: string;
  port: string;
  /** The label with the star, split at it; absent without a wildcard. */
  wildcard?: { prefix: string; suffix: string };
  /** The host, without its first label where that is a wildcard. */
  rest: string;
}

/** Undefined where the text is no http or https URL: no host can be reached by it. */
function parse(url: string): Origin | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port } = new URL(url);
  if (!/^https?:$/.test(protocol)) return undefined;
  const text = `${protocol}//${hostname}${port && `:${port}`}`;
  const [label = "", ...labels] = hostname.split(".");
  const star = label.indexOf("*");
  if (star < 0) return { text, scheme: protocol, port, rest: hostname };
  const wildcard = { prefix: label.slice(0, star), suffix: label.slice(star + 1) };
  return { text, scheme: protocol, port, wildcard, rest: labels.join(".") };
}

function covers(old: Origin, origin: Origin): boolean {
  if (old.text === origin.text) return true;
  if (!old.wildcard || old.scheme !== origin.scheme || old.port !== origin.port) return false;
  const host = origin.wildcard ? `${origin.wildcard.prefix}*${origin.wildcard.suffix}.${origin.rest}` : origin.rest;
  const label = host.slice(0, host.indexOf("."));
  const { prefix, suffix } = old.wildcard;
  return (
    host === `${label}.${old.rest}` &&
    label.length > prefix.length + suffix.length &&
    label.startsWith(prefix) &&
    label.endsWith(suffix)
  );
}

function inWords({ scheme, port, wildcard, rest }: Origin): string {
  const how = `${scheme === "http:" ? " over plain http" : ""}${port && ` on port ${port}`}`;
  if (!wildcard) return `${rest}${how}`;
  const { prefix, suffix } = wildcard;
  const named = [prefix && `starts with ${prefix}`, suffix && `ends with ${suffix}`].filter(Boolean).join(" and ");
  return `any host one level under ${rest}${named && ` whose name ${named}`}${how}`;
}
