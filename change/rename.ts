import type { Change } from "./change.ts";
import type { ClientVersion } from "./compare.ts";
import type { Exposure } from "./exposure.ts";

/** A change with the version that stays of it: the newer one, or of a deletion the older one. */
export type Compared = readonly [change: Change, version: ClientVersion | undefined];

/**
 * Detects renamed clients: a deletion and a creation of the same kind with equal inputs. Both are marked, and the creation lets nobody in
 * that the deleted client did not let in. Where its credentials are delivered is no input: that stays an exposure.
 */
export function markRenames(compared: readonly Compared[]): Change[] {
  const deletions = new Map<string, Change[]>();
  for (const [change, version] of compared) {
    if (change.action !== "delete" || change.drift || !version) continue;
    const key = inputsKey(version);
    deletions.set(key, [...(deletions.get(key) ?? []), change]);
  }
  const marked = new Map<Change, Change>();
  for (const [change, version] of compared) {
    if (change.action !== "create" || !version) continue;
    const deleted = deletions.get(inputsKey(version))?.shift();
    if (deleted === undefined) continue;
    const renamed = { old: deleted.client, new: change.client };
    marked.set(deleted, { ...deleted, renamed });
    marked.set(change, { ...change, renamed, exposures: change.exposures.filter(isDelivery) });
  }
  return compared.map(([change]) => marked.get(change) ?? change);
}

function isDelivery({ rule }: Exposure): boolean {
  return rule === "secret-delivered";
}

function inputsKey({ kind, inputs }: ClientVersion): string {
  const entries = Object.entries(inputs).filter(([, value]) => value !== undefined);
  return JSON.stringify([kind, entries.sort(([a], [b]) => (a < b ? -1 : 1))]);
}
