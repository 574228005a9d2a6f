import type { KindId } from "../kinds/index.ts";
import { KINDS } from "../kinds/index.ts";
import { propertiesAtCarto } from "../kinds/inputs.ts";
import { CartoError } from "./errors.ts";
import type { Clock } from "./http.ts";
import type { Creation, StoredResource } from "./resource-api.ts";
import { readUntil, SETTLING_MS } from "./settling.ts";

/** The calls of an API whose creates carry idempotency keys. */
export interface KeyedApi<Resource extends StoredResource> {
  /** @throws CartoError `conflict` with the ID of the resource that the key created, where that was declared otherwise. */
  create(): Promise<{ created: Resource; existed: boolean; repeated: boolean }>;
  get(id: string): Promise<Resource | undefined>;
  list(): Promise<Resource[]>;
}

/**
 * Creates a resource exactly once, by its idempotency key: finds the one that the key created before, and what a lost answer may have left
 * beside it.
 */
export async function createOnce<Resource extends StoredResource & { createdAt: string }>(
  kindOf: (resource: Resource) => KindId,
  api: KeyedApi<Resource>,
  clock: Pick<Clock, "now" | "sleep">,
): Promise<Creation & { resource: Resource }> {
  const started = clock.now();
  let creation: Awaited<ReturnType<typeof api.create>>;
  try {
    creation = await api.create();
  } catch (error) {
    if (!(error instanceof CartoError && error.code === "conflict" && error.existingId !== undefined)) throw error;
    const { existingId } = error;
    const isThere = (found: Resource | undefined) => found !== undefined;
    const resource = await readUntil(() => api.get(existingId), clock, clock.now() + SETTLING_MS, isThere);
    if (resource === undefined) throw error;
    return { resource, existed: true, repeated: false };
  }
  const { created: resource, existed, repeated } = creation;
  const twins = repeated && !existed ? await twinsOf(kindOf, resource, api, clock.now() - started) : [];
  return { resource, existed, repeated, twins };
}

/**
 * Under a key that CARTO honours, a create that was sent again finds the resource of the lost answer. If it made another one, then none
 * had been made, or CARTO does not honour keys, which no document of CARTO promises.
 */
async function twinsOf<Resource extends StoredResource & { createdAt: string }>(
  kindOf: (resource: Resource) => KindId,
  created: Resource,
  api: Pick<KeyedApi<Resource>, "list">,
  tookMs: number,
): Promise<Resource[]> {
  const looks = (found: Resource) => JSON.stringify([kindOf(found), propertiesAtCarto(KINDS[kindOf(found)], found)]);
  // Only a warning is at stake: the resource is there, and must get into the state.
  const listed = await api.list().catch(() => []);
  return listed.filter(
    (found) =>
      found.id !== created.id &&
      looks(found) === looks(created) &&
      Math.abs(Date.parse(found.createdAt) - Date.parse(created.createdAt)) <= tookMs,
  );
}
