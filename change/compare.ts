import { type ClientKind, defaultUrls } from "../kinds/oauth-client/oauth-client.ts";
import { URL_LISTS, type UrlList } from "../kinds/url/lists.ts";
import { sameUrl, sameUrls, urlIdentity } from "../kinds/url/same.ts";
import {
  type Change,
  type LocatedFailure,
  type LocatedFinding,
  type Location,
  moved,
  type SettingChange,
  type UrlListChange,
  type Versions,
} from "./change.ts";
import { lostReach, newReach } from "./reach.ts";
import { shown, shownList, withoutCredentials } from "./shown-value.ts";

/** One client as one side of a comparison has it: a declaration in a manifest, or the engine's inputs. */
export interface ClientVersion {
  logicalName: string;
  kind: ClientKind;
  /** By the resource's input names. Read by an allow-list: anything else in it is never looked at. */
  inputs: Readonly<Record<string, unknown>>;
  clientId?: string;
}

/** What a declaration adds to a change: where it stands, and what the URL rules say about it. */
export interface Judgement {
  location?: Location | undefined;
  failures?: LocatedFailure[];
  findings?: LocatedFinding[];
}

/** Finds what a declaration adds; `{}` where there is none. */
export type Judge = (version: ClientVersion) => Judgement;

/** Compares two versions of one client; at least one must be given. */
export function compareVersions(
  environment: string,
  older: ClientVersion | undefined,
  newer: ClientVersion | undefined,
  judgement: Judgement = {},
): Change {
  const either = newer ?? older;
  if (!either) throw new TypeError("compareVersions: both versions are missing; give at least one.");
  const [before, after] = [older && read(older), newer && read(newer)];
  const urls = either.kind === "spa" ? URL_LISTS.map((list) => compareList(list, before, after)) : [];
  const rotation = before !== undefined && after !== undefined && before.rotationTrigger !== after.rotationTrigger;
  const login = urlVersions(before?.applicationLoginUrl, after?.applicationLoginUrl);
  const change: Change = {
    environment,
    client: either.logicalName,
    kind: either.kind,
    action: "same",
    rotation,
    drift: false,
    protected: before?.deletionProtection === "on",
    name: versions(before?.name, after?.name),
    ...(either.kind === "spa" && { applicationLoginUrl: login }),
    settings: SETTINGS.map((property) => ({ property, ...versions(before?.[property], after?.[property]) })).filter(
      moved,
    ),
    urls,
    reach: newReach(urls.map((list) => withoutRefused(list, either, judgement.failures))),
    lostReach: after ? lostReach(urls) : [],
    failures: (judgement.failures ?? []).map(harmless),
    findings: (judgement.findings ?? []).map(harmless),
    ...(judgement.location && { location: judgement.location }),
  };
  const clientId = older?.clientId ?? newer?.clientId;
  if (clientId !== undefined) change.clientId = clientId;
  if (!before) change.action = "create";
  else if (!after) change.action = "delete";
  else if (rotation) change.action = "replace";
  else if (differs(change)) change.action = "update";
  return change;
}

/** The changes between two sets of declarations of one environment, clients matched by kind and logical name. */
export function changesBetween(
  environment: string,
  olds: readonly ClientVersion[],
  news: readonly ClientVersion[],
  judge: Judge = () => ({}),
): Change[] {
  const older = new Map(olds.map((version) => [identity(version), version]));
  const newer = new Map(news.map((version) => [identity(version), version]));
  return [...new Set([...older.keys(), ...newer.keys()])].map((key) => {
    const after = newer.get(key);
    return compareVersions(environment, older.get(key), after, after && judge(after));
  });
}

const SETTINGS = ["deletionProtection", "policy", "allow"] as const;

interface Read extends Record<SettingChange["property"], string | undefined> {
  name: string | undefined;
  applicationLoginUrl: string | undefined;
  rotationTrigger: string;
  urls: Record<UrlList, { raw: string[]; derived: boolean }>;
}

function read({ inputs }: ClientVersion): Read {
  const applicationLoginUrl = shown(inputs.applicationLoginUrl);
  const defaults = typeof inputs.applicationLoginUrl === "string" ? derivedUrls(inputs.applicationLoginUrl) : undefined;
  const urls = URL_LISTS.map((list) => {
    const declared = inputs[list] === undefined ? undefined : shownList(inputs[list]);
    const derived = defaults?.[list].map((url) => withoutCredentials(url)) ?? [];
    const raw = declared ?? derived;
    return [list, { raw, derived: defaults !== undefined && sameUrls(list, raw, derived) }] as const;
  });
  return {
    name: shown(inputs.name),
    applicationLoginUrl,
    deletionProtection: protection(inputs),
    policy: shown(inputs.policy),
    allow: Array.isArray(inputs.allow) ? excuses(inputs.allow) : undefined,
    // Compared only, and never copied: people put anything into a trigger.
    rotationTrigger: JSON.stringify(inputs.rotationTrigger ?? null),
    urls: Object.fromEntries(urls) as Read["urls"],
  };
}

/** The production policy switches it on where nothing is said. */
function protection({ deletionProtection, policy }: ClientVersion["inputs"]): string | undefined {
  if (deletionProtection === undefined) return policy === "production" ? "on" : undefined;
  return deletionProtection === true ? "on" : "off";
}

function excuses(allow: readonly { rule?: unknown; url?: unknown; reason?: unknown }[]): string {
  const texts = allow.map((excuse) => [excuse?.rule, excuse?.url, excuse?.reason].map((part) => shown(part) ?? "?"));
  return texts.length > 0 ? texts.map(([rule, url, reason]) => `${rule} ${url} (${reason})`).join("; ") : "none";
}

function derivedUrls(applicationLoginUrl: string): Record<UrlList, string[]> | undefined {
  return URL.canParse(applicationLoginUrl) ? defaultUrls(applicationLoginUrl) : undefined;
}

function compareList(list: UrlList, before: Read | undefined, after: Read | undefined): UrlListChange {
  const olds = byIdentity(before?.urls[list].raw);
  const news = byIdentity(after?.urls[list].raw);
  const missingIn = (other: Map<string, string>) => (entry: [string, string]) => !other.has(entry[0]);
  const texts = (entries: [string, string][]) => entries.map(([, url]) => url);
  const change: UrlListChange = {
    list,
    added: texts([...news].filter(missingIn(olds))),
    removed: texts([...olds].filter(missingIn(news))),
    kept: texts([...news].filter(([identity]) => olds.has(identity))),
    derived: versions(before?.urls[list].derived, after?.urls[list].derived),
  };
  if (list === "allowedLogoutUrls" && before && after) {
    const first = versions([...olds.values()][0], [...news.values()][0]);
    if (!sameUrl(first.old, first.new)) change.first = first;
  }
  return change;
}

/** Each URL once, in its first spelling. */
function byIdentity(urls: readonly string[] = []): Map<string, string> {
  const found = new Map<string, string>();
  for (const url of urls) if (!found.has(urlIdentity(url))) found.set(urlIdentity(url), url);
  return found;
}

/** Two spellings of one URL are no change: the new one is shown. */
function urlVersions(old: string | undefined, next: string | undefined): Versions<string> {
  return sameUrl(old, next) ? versions(next, next) : versions(old, next);
}

/**
 * What a rule refuses can never be applied, so it makes nothing reachable. A list that is left out stands and falls with the login
 * URL.
 */
function withoutRefused(
  change: UrlListChange,
  { inputs }: ClientVersion,
  failures: readonly LocatedFailure[] = [],
): UrlListChange {
  const { list, added } = change;
  const declared = inputs[list];
  const fails = (property: string) => failures.some((failure) => failure.property === property);
  if (!Array.isArray(declared)) return fails("applicationLoginUrl") ? { ...change, added: [] } : change;
  const refused = shownList(declared.filter((_, index) => fails(`${list}[${index}]`)));
  return { ...change, added: added.filter((url) => !refused.includes(url)) };
}

/** Whether anything that CARTO or the engine acts on differs. */
function differs(change: Change): boolean {
  return (
    moved(change.name) ||
    moved(change.applicationLoginUrl ?? {}) ||
    change.settings.length > 0 ||
    change.urls.some((urls) => urls.added.length > 0 || urls.removed.length > 0 || urls.first !== undefined)
  );
}

function versions<T>(old: T | undefined, next: T | undefined): Versions<T> {
  return { ...(old !== undefined && { old }), ...(next !== undefined && { new: next }) };
}

function harmless<T extends LocatedFinding>(finding: T): T {
  const clean = { ...finding, reason: withoutCredentials(finding.reason) };
  if (finding.url !== undefined) clean.url = withoutCredentials(finding.url);
  return clean;
}

const identity = ({ kind, logicalName }: ClientVersion) => `${kind}:${logicalName}`;
