import type { Failure, Finding } from "../kinds/failure.ts";
import type { KindId } from "../kinds/index.ts";
import { naturally } from "../kinds/natural-order.ts";
import type { UrlList } from "../kinds/url/lists.ts";
import { type Exposure, isAlarming } from "./exposure.ts";
import type { LostReach } from "./reach.ts";

/** What a run would do to one client. `replace` deletes the old client ID and makes a new one. */
type ChangeAction = "create" | "update" | "delete" | "replace" | "same";

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

/** A change of a property that is not a list of URLs: elements of a list, or an old and a new value. */
export interface ValueChange {
  /** CARTO's label. */
  label: string;
  added: string[];
  removed: string[];
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

/** A failure and where its property was written. */
export interface LocatedFailure extends Failure {
  location?: Location;
}

/** A finding and where its property was written. */
export interface LocatedFinding extends Finding {
  location?: Location;
  /** The older version had it too, so the change did not bring it. */
  existing?: true;
}

/**
 * What would change for one client in one environment. No member can hold a client secret or a rotation trigger; user names and passwords
 * in URLs are cut out. Values are compared before that, so a change of what is cut out is a change too.
 */
export interface Change {
  environment: string;
  /** Logical name: the key in `clients.yaml`, the resource name in a program. */
  client: string;
  kind: KindId;
  action: ChangeAction;
  /** The replacement is asked for by a changed `rotationTrigger`. */
  rotation: boolean;
  /** Someone changed the client at CARTO: `old` is declared, `new` is what CARTO has. */
  drift: boolean;
  /** The old version forbids to delete the client, so `up` will refuse a delete or a replace. */
  protected: boolean;
  /**
   * `named`: `carto:unprotect` names the protected client, so `up` deletes it. `unknown`: the setting names clients, and the ID of this
   * one is not known, because only manifests are compared. Absent: the protection holds, or there is none.
   */
  unprotect?: "named" | "unknown";
  /** The existing client's ID; absent for a new client and where only manifests are compared. */
  clientId?: string;
  /** The ID that `up` gave a new client or a replacement; absent before. */
  newClientId?: string;
  /** A deletion and a creation with equal inputs are one rename: the other logical name, on both of them. */
  renamed?: Versions<string>;
  name: Versions<string>;
  /** SPA only. */
  applicationLoginUrl?: Versions<string>;
  /** What changes besides, in words. */
  settings: SettingChange[];
  /** What else changes, property by property; empty for OAuth clients, whose URLs are below. */
  values: ValueChange[];
  /** One per list for SPA, none for M2M. */
  urls: UrlListChange[];
  /** The hosts that can do anything with the client, before and after; sorted. */
  hosts: Record<"old" | "new", string[]>;
  /** Who gains access, and which controls are gone. */
  exposures: Exposure[];
  /** What could reach the client before the change and cannot after it; empty if the client itself is deleted. */
  lostReach: LostReach[];
  failures: LocatedFailure[];
  findings: LocatedFinding[];
  /** Where the new version is declared; absent for a deletion and without a manifest. */
  location?: Location;
  /** Where the old version is declared; absent for a new client and where no older manifest is compared. */
  oldLocation?: Location;
}

/** Whether users are locked out: the client ID is removed, or a host can no longer do what logins need. */
export function locksOut(change: Change): boolean {
  return isLoss(change) || change.lostReach.some(({ locksOut }) => locksOut);
}

/** Whether the change gives someone access, or removes a control, without an exemption. */
export function exposes(change: Change): boolean {
  return change.exposures.some(isAlarming);
}

/** Findings that the change brings and nothing exempts. */
export function newAdvice({ action, findings }: Change): LocatedFinding[] {
  return action === "same" ? [] : findings.filter(({ exemption, existing }) => exemption === undefined && !existing);
}

/** Whether the change removes the client ID. */
export function isLoss(change: Change): boolean {
  return change.action === "delete" || change.action === "replace";
}

/** Whether a list changes only because the login URL does: derived from it on both sides. */
export function follows({ added, removed, derived }: UrlListChange): boolean {
  return derived.old !== false && derived.new === true && added.length + removed.length > 0;
}

/** One order for every report: environments as given, intent before drift, then by danger, then by name. */
export function sortChanges(changes: readonly Change[], environments: readonly string[]): Change[] {
  return changes.toSorted(
    (a, b) =>
      environments.indexOf(a.environment) - environments.indexOf(b.environment) ||
      Number(a.drift) - Number(b.drift) ||
      danger(a) - danger(b) ||
      naturally(a.client, b.client) ||
      byCodeUnit(a.kind, b.kind),
  );
}

/** 0 is the worst. */
export function danger(change: Change): number {
  const signs = [
    change.action === "delete",
    change.action === "replace",
    locksOut(change),
    exposes(change),
    change.failures.length > 0,
    newAdvice(change).length > 0,
    change.action === "update",
    change.action === "create",
  ];
  const worst = signs.indexOf(true);
  return worst < 0 ? signs.length : worst;
}

/** Whether a value differs between two existing versions. */
export function moved<T>({ old, new: next }: Versions<T>): boolean {
  return old !== next;
}

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
