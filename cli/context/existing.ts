import { type Configuration, ownClientId } from "../../carto/configuration.ts";
import { CartoError } from "../../carto/errors.ts";
import type { StoredResource } from "../../carto/resource-api.ts";
import type { CartoErrorCode } from "../../error/error-code.ts";
import { fingerprint } from "../../kinds/api-access-token/fingerprint.ts";
import type { ExistingResource } from "../../kinds/existing.ts";
import { KIND_IDS, KINDS, type KindId } from "../../kinds/index.ts";
import { pick, secretOutputs } from "../../kinds/inputs.ts";
import { withTenant } from "./tenant.ts";

/** The resources at a tenant that can be managed. */
export interface Existing {
  /** Of the calling user, kind by kind, each oldest first, without the client that the command logs in with. */
  resources: ExistingResource[];
  /** Why the resources of a kind could not be listed: one sentence each. */
  unlisted: string[];
}

/** Why a tenant cannot list what it may not have at all. */
const WITHOUT: readonly CartoErrorCode[] = ["unexpected_answer", "forbidden", "not_found", "untrusted_host"];

/**
 * The calling user's resources as CARTO lists them. Secrets are those that a listing holds: of API Access Tokens as a rule.
 *
 * @param kinds those that have to be listed; unset: all that the tenant has
 * @throws CartoError When CARTO cannot be reached, or refuses the caller.
 */
export function listExisting(configuration: Configuration, kinds?: ReadonlySet<KindId>): Promise<Existing> {
  return withTenant(configuration, async (tenant) => {
    const existing: Existing = { resources: [], unlisted: [] };
    const listed = new Map<unknown, StoredResource[]>();
    for (const kind of KIND_IDS) {
      if (kinds !== undefined && !kinds.has(kind)) continue;
      const { listing } = tenant.resources(kind);
      try {
        // Kinds of one API have one listing.
        const all = listed.get(listing) ?? (await listing.all());
        listed.set(listing, all);
        const known = all.flatMap((resource) => ((kindOf(resource) ?? kind) === kind ? [{ ...resource, kind }] : []));
        existing.resources.push(...known.filter(({ id }) => id !== ownClientId(configuration)));
      } catch (error) {
        const isAbsent = error instanceof CartoError && WITHOUT.includes(error.code);
        if (kinds !== undefined || !isAbsent || kind === "spa" || kind === "m2m") throw error;
        existing.unlisted.push(error.message);
      }
    }
    return existing;
  });
}

function kindOf(resource: StoredResource): unknown {
  return "kind" in resource ? resource.kind : undefined;
}

/** How many resources are read at once. */
const READERS = 4;

/**
 * The same resources with their secrets, if CARTO returns them. What a listing already contained is not read again.
 *
 * @throws CartoError `not_found` When one no longer exists.
 */
export function readSecrets(
  configuration: Configuration,
  resources: readonly ExistingResource[],
): Promise<ExistingResource[]> {
  return withTenant(configuration, async (tenant) => {
    const whole = [...resources];
    const queue = resources.entries();
    const reader = async () => {
      for (const [index, resource] of queue) {
        if (isWhole(resource)) continue;
        const { kind, id } = resource;
        const found = await (await tenant.resources(kind).api()).get(id, { ...resource });
        if (found === undefined) {
          throw new CartoError("not_found", `${KINDS[kind].noun} ${id} no longer exists: run the command again.`);
        }
        whole[index] = { ...resource, ...found };
      }
    };
    await Promise.all(Array.from({ length: READERS }, reader));
    return whole;
  });
}

/** Whether all secrets of a resource are known. */
export function isWhole(resource: ExistingResource): boolean {
  const secrets = secretOutputs(KINDS[resource.kind]);
  return Object.keys(pick(resource, secrets)).length === secrets.length;
}

/**
 * The API Access Token of the calling user that has this value, whole.
 *
 * @throws CartoError When CARTO cannot be reached, or refuses the caller.
 */
export function readToken(configuration: Configuration, value: string): Promise<ExistingResource | undefined> {
  const kind = "api-access-token";
  return withTenant(configuration, async (tenant) => {
    const api = await tenant.resources(kind).api();
    const found = await api.get(fingerprint(value), { token: value });
    return found && { ...found, token: value, id: fingerprint(value), kind };
  });
}
