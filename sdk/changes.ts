import type { Failure, Finding } from "../provider/failure.ts";
import { type ClientKind, defaultUrls, sameUrls, URL_LISTS, type UrlList } from "../provider/oauth-client.ts";
import { newReach, type Reach } from "./reach.ts";
import { shown, shownList, withoutCredentials } from "./shown-value.ts";

/** What a run would do to one client. `replace` deletes the old client ID and makes a new one. */
export type ChangeAction = "create" | "update" | "delete" | "replace" | "same";

/** A value before and after. `old` is absent where the client did not exist, `new` where it will not. */
export interface Versions<T> {
  old?: T;
  new?: T;
}

/** What happens to one of the four lists, compared as sets. */
export interface UrlListChange {
  list: UrlList;
  /** In the order of the new list. */
  added: string[];
  /** In the order of the old list. */
  removed: string[];
  /** In both, in the order of the new list. */
  kept: string[];
  /** Logout URLs only, and only when it changes: the first is the default target. */
  first?: Versions<string>;
  /** Whether the list is what CARTO derives from the login URL. */
  derived: Versions<boolean>;
}

/** A change of an input that never reaches CARTO. */
export interface SettingChange extends Versions<string> {
  property: "deletionProtection" | "policy" | "allow";
}

/** Where a client is declared. */
export interface Location {
  /** As given on the command line, never made absolute. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

export interface LocatedFailure extends Failure {
  location?: Location;
}

export interface LocatedFinding extends Finding {
  location?: Location;
}

/**
 * What would change for one client of one environment. No member can hold a client secret or a rotation trigger;
 * user names and passwords in URLs are cut out.
 */
export interface Change {
  environment: string;
  /** Logical name: the key in `clients.yaml`, the resource name in a program. */
  client: string;
  kind: ClientKind;
  action: ChangeAction;
  /** The replacement is asked for by a changed `rotationTrigger`. */
  rotation: boolean;
  /** Someone changed the client at CARTO: `old` is declared, `new` is what CARTO has. */
  drift: boolean;
  /** The old version forbids to delete the client, so `up` will refuse a delete or a replace. */
  protected: boolean;
  /** The existing client's ID; absent for a new client and where only manifests are compared. */
  clientId?: string;
  /** The ID that `up` gave a new client or a replacement; absent before. */
  newClientId?: string;
  name: Versions<string>;
  /** SPA only. */
  applicationLoginUrl?: Versions<string>;
  /** What changes besides, in words. */
  settings: SettingChange[];
  /** One per list for SPA, none for M2M. */
  urls: UrlListChange[];
  /** What can reach the client after the change and could not before. */
  reach: Reach[];
  failures: LocatedFailure[];
  findings: LocatedFinding[];
  /** Where the new version is declared, else the old one; absent without a manifest. */
  location?: Location;
}

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
  const login = versions(before?.applicationLoginUrl, after?.applicationLoginUrl);
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
    reach: newReach(urls),
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
  judge: (version: ClientVersion, side: "old" | "new") => Judgement = () => ({}),
): Change[] {
  const older = new Map(olds.map((version) => [identity(version), version]));
  const newer = new Map(news.map((version) => [identity(version), version]));
  return [...new Set([...older.keys(), ...newer.keys()])].map((key) => {
    const [before, after] = [older.get(key), newer.get(key)];
    const judgement = after ? judge(after, "new") : { location: before && judge(before, "old").location };
    return compareVersions(environment, before, after, judgement);
  });
}

/** Whether users are locked out: the client ID goes away. */
export function isLoss(change: Change): boolean {
  return change.action === "delete" || change.action === "replace";
}

/** Whether a list changes only because the login URL does: derived from it on both sides. */
export function follows({ added, removed, derived }: UrlListChange): boolean {
  return derived.old !== false && derived.new === true && added.length + removed.length > 0;
}

/** One order for every report: environments as given, then what locks users out, then by name. */
export function sortChanges(changes: readonly Change[], environments: readonly string[]): Change[] {
  const rank = (change: Change) => ["delete", "replace", "update", "create", "same"].indexOf(change.action);
  return changes.toSorted(
    (a, b) =>
      environments.indexOf(a.environment) - environments.indexOf(b.environment) ||
      Number(a.drift) - Number(b.drift) ||
      rank(a) - rank(b) ||
      byCodeUnit(a.client, b.client) ||
      byCodeUnit(a.kind, b.kind),
  );
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
    deletionProtection: (inputs.deletionProtection ?? inputs.policy === "production") === true ? "on" : undefined,
    policy: shown(inputs.policy),
    allow: Array.isArray(inputs.allow) && inputs.allow.length > 0 ? excuses(inputs.allow) : undefined,
    // Compared only, and never copied: people put anything into a trigger.
    rotationTrigger: JSON.stringify(inputs.rotationTrigger ?? null),
    urls: Object.fromEntries(urls) as Read["urls"],
  };
}

function excuses(allow: readonly { rule?: unknown; url?: unknown }[]): string {
  return allow.map((excuse) => `${shown(excuse?.rule) ?? "?"} ${shown(excuse?.url) ?? "?"}`).join(", ");
}

function derivedUrls(applicationLoginUrl: string): Record<UrlList, string[]> | undefined {
  return URL.canParse(applicationLoginUrl) ? defaultUrls(applicationLoginUrl) : undefined;
}

function compareList(list: UrlList, before: Read | undefined, after: Read | undefined): UrlListChange {
  const olds = new Set(before?.urls[list].raw);
  const news = new Set(after?.urls[list].raw);
  const change: UrlListChange = {
    list,
    added: [...news].filter((url) => !olds.has(url)),
    removed: [...olds].filter((url) => !news.has(url)),
    kept: [...news].filter((url) => olds.has(url)),
    derived: versions(before?.urls[list].derived, after?.urls[list].derived),
  };
  if (list === "allowedLogoutUrls" && before && after) {
    const first = versions([...olds][0], [...news][0]);
    if (first.old !== first.new) change.first = first;
  }
  return change;
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

/** Whether a value differs between two existing versions. */
export function moved<T>({ old, new: next }: Versions<T>): boolean {
  return old !== next;
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

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
