import type { Access } from "../kinds/access.ts";
import { KINDS, type KindId } from "../kinds/index.ts";
import type { Property } from "../kinds/kind.ts";
import { defaultUrls } from "../kinds/oauth-client/oauth-client.ts";
import { identity } from "../kinds/shape.ts";
import { URL_LISTS, type UrlList } from "../kinds/url/lists.ts";
import { sameUrl, sameUrls } from "../kinds/url/same.ts";
import {
  type Change,
  type LocatedFailure,
  type LocatedFinding,
  type Location,
  moved,
  type UrlListChange,
  type Versions,
} from "./change.ts";
import { type Context, domainFailures, readSettings, settingChanges, weakenedControls } from "./controls.ts";
import { deliveredExposures, isSameDelivery } from "./delivery.ts";
import { accessExposures, at, type Locate, newAccess } from "./exposure.ts";
import { lostAccess } from "./reach.ts";
import { distinctText, shown, shownUrl } from "./shown-value.ts";
import { siftFindings } from "./sift-findings.ts";
import { byIdentity, identityOf } from "./url-values.ts";
import { valueChanges } from "./values.ts";

/** One client as one side of a comparison has it: a declaration in a manifest, or the engine's inputs. */
export interface ClientVersion {
  logicalName: string;
  kind: KindId;
  /** By the resource's input names. Read by an allow-list: anything else in it is never looked at. */
  inputs: Readonly<Record<string, unknown>>;
  /** Earlier logical names. */
  aliases?: readonly string[];
  /** Where credentials are written, as people read it. Unset: nowhere, or not known. */
  deliveries?: readonly string[];
  clientId?: string;
}

/** What a declaration adds to a change: where it is, and what the rules say about it. */
export interface Review {
  location?: Location | undefined;
  /** Where a property is written. */
  locate?: Locate;
  /** Where credentials are written, as people read it. Unset: not known. */
  deliveries?: string[];
  failures?: LocatedFailure[];
  findings?: LocatedFinding[];
}

/** Finds what a declaration adds; `{}` where there is none. */
export type Reviewer = (version: ClientVersion) => Review;

/** What a comparison takes besides the two versions. */
export interface CompareOptions {
  /** Of the newer version. Unset: nothing is said about it. */
  review?: Review;
  /** Of the older version: what it was advised already is not new. Unset: every finding is new. */
  oldReview?: Review;
  /** What surrounds the clients. Unset: the standard policy, no trusted domain. */
  context?: Context;
}

/** Compares two versions of one client; at least one must be given. */
export function compareClientVersions(
  environment: string,
  older: ClientVersion | undefined,
  newer: ClientVersion | undefined,
  { review = {}, oldReview = {}, context = {} }: CompareOptions = {},
): Change {
  const either = newer ?? older;
  if (!either) throw new TypeError("compareClientVersions: both versions are missing; give at least one.");
  const [before, after] = [older && read(older), newer && read(newer)];
  const [could, can] = [older ? accesses(older) : [], newer ? accesses(newer) : []];
  const locate: Locate = review.locate ?? (() => undefined);
  const urls = either.kind === "spa" ? URL_LISTS.map((list) => compareList(list, before, after)) : [];
  const rotation = before !== undefined && after !== undefined && before.rotationTrigger !== after.rotationTrigger;
  // A new client has no default target that could change.
  const added = newAccess(could, can).filter(({ rule }) => older !== undefined || rule !== "default-logout-changed");
  const exposures = accessExposures(added, locate, context.trustedDomains);
  const settings = {
    old: older && readSettings(older.inputs, context.policy?.old),
    new: newer && readSettings(newer.inputs, context.policy?.new),
  };
  const untrusted = domainFailures(can, added, settings.new?.policy, context);
  const failures = [
    ...(review.failures ?? []),
    ...untrusted.map((failure) => ({ ...failure, ...at(locate, failure.property) })),
  ];
  const change: Change = {
    environment,
    client: either.logicalName,
    kind: either.kind,
    action: "same",
    rotation,
    drift: false,
    protected: settings.old?.deletionProtection === "on",
    name: textVersions(before?.name, after?.name, shown),
    ...(either.kind === "spa" && { applicationLoginUrl: urlVersions(before?.login, after?.login) }),
    settings: settingChanges(older?.inputs, newer?.inputs),
    values: valueChanges(either.kind, older?.inputs, newer?.inputs),
    urls,
    hosts: { old: hostsOf(could), new: hostsOf(can) },
    exposures: [
      ...exposures,
      ...deliveredExposures(older, newer, locate),
      ...(settings.new ? weakenedControls(settings.old, settings.new, locate, context) : []),
    ],
    lostReach: after ? lostAccess(could, can) : [],
    failures: failures.map(harmless),
    findings: siftFindings(review.findings ?? [], oldReview.findings ?? [], exposures).map(harmless),
    ...(review.location && { location: review.location }),
    ...(oldReview.location && { oldLocation: oldReview.location }),
  };
  const clientId = older?.clientId ?? newer?.clientId;
  if (clientId !== undefined) change.clientId = clientId;
  if (!before) change.action = "create";
  else if (!after) change.action = "delete";
  else if (rotation || replaces(either.kind, older?.inputs, newer?.inputs)) change.action = "replace";
  else if (differs(change) || !isSameDelivery(older, newer)) change.action = "update";
  return change;
}

function accesses({ kind, inputs }: ClientVersion): Access[] {
  return KINDS[kind].reach(inputs);
}

function hostsOf(access: readonly Access[]): string[] {
  return [...new Set(access.flatMap(({ origin }) => origin?.host ?? []))].sort();
}

/** Values as they are: they are compared before anything is cut out of them. */
interface Read {
  name: unknown;
  login: unknown;
  rotationTrigger: string;
  urls: Record<UrlList, { raw: unknown[]; derived: boolean }>;
}

function read({ inputs }: ClientVersion): Read {
  const login = inputs.applicationLoginUrl;
  const defaults = typeof login === "string" && URL.canParse(login) ? defaultUrls(login) : undefined;
  const urls = URL_LISTS.map((list) => {
    const declared = inputs[list];
    const raw: unknown[] =
      declared === undefined ? (defaults?.[list] ?? []) : Array.isArray(declared) ? declared : [declared];
    const texts = raw.map(identityOf);
    return [list, { raw, derived: defaults !== undefined && sameUrls(list, texts, defaults[list]) }] as const;
  });
  return {
    name: inputs.name,
    login,
    // Compared only, and never copied: people put anything into a trigger.
    rotationTrigger: JSON.stringify(inputs.rotationTrigger ?? null),
    urls: Object.fromEntries(urls) as Read["urls"],
  };
}

function compareList(list: UrlList, before: Read | undefined, after: Read | undefined): UrlListChange {
  const olds = byIdentity(before?.urls[list].raw);
  const news = byIdentity(after?.urls[list].raw);
  const texts = (entries: readonly [string, unknown][]) => entries.flatMap(([, url]) => shownUrl(url) ?? []);
  const missingIn = (other: Map<string, unknown>) => (entry: [string, unknown]) => !other.has(entry[0]);
  const oldTexts = texts([...olds]);
  const change: UrlListChange = {
    list,
    added: texts([...news].filter(missingIn(olds))).map((url) => distinctText(url, oldTexts)),
    removed: texts([...olds].filter(missingIn(news))),
    kept: texts([...news].filter(([identity]) => olds.has(identity))),
    derived: versions(before?.urls[list].derived, after?.urls[list].derived),
  };
  if (list === "allowedLogoutUrls" && before && after) {
    const first = urlVersions([...olds.values()][0], [...news.values()][0]);
    if (moved(first)) change.first = first;
  }
  return change;
}

/** Two spellings of one URL are not a change: the new one is shown. */
function urlVersions(old: unknown, next: unknown): Versions<string> {
  const same = typeof old === "string" && typeof next === "string" && sameUrl(old, next);
  return textVersions(same ? next : old, next, shownUrl);
}

function textVersions(old: unknown, next: unknown, text: (value: unknown) => string | undefined): Versions<string> {
  const [before, after] = [text(old), text(next)];
  const differ = JSON.stringify(old) !== JSON.stringify(next);
  return versions(before, after !== undefined && differ ? distinctText(after, [before]) : after);
}

/** Whether a property at CARTO differs that can be set at creation only. */
function replaces(kind: KindId, older: ClientVersion["inputs"] = {}, newer: ClientVersion["inputs"] = {}): boolean {
  const properties: [string, Property][] = Object.entries(KINDS[kind].properties);
  return properties.some(
    ([name, { change, local, shape }]) =>
      change === "replaces" && !local && identity(shape, older[name]) !== identity(shape, newer[name]),
  );
}

/** Whether anything that CARTO or the engine acts on differs. */
function differs(change: Change): boolean {
  return (
    moved(change.name) ||
    moved(change.applicationLoginUrl ?? {}) ||
    change.settings.length > 0 ||
    change.values.length > 0 ||
    change.urls.some((urls) => urls.added.length > 0 || urls.removed.length > 0 || urls.first !== undefined)
  );
}

function versions<T>(old: T | undefined, next: T | undefined): Versions<T> {
  return { ...(old !== undefined && { old }), ...(next !== undefined && { new: next }) };
}

/** Reasons quote values without credentials already. */
function harmless<T extends LocatedFinding>(finding: T): T {
  return finding.url === undefined ? finding : { ...finding, url: shownUrl(finding.url) ?? "" };
}
