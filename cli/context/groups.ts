import { CartoError } from "../../carto/errors.ts";
import type { Tenant } from "../../carto/tenant.ts";
import { nearestName } from "../../kinds/nearest-name.ts";
import { quote } from "../../kinds/url/quote.ts";
import type { Environment } from "../../manifest/environment.ts";

/**
 * Checks that the groups that applications are shared with exist: `up` would be refused for each of them. A tenant that does not list
 * groups is not asked further.
 *
 * @throws CartoError `invalid_request` When one does not exist, with all of them and the nearest names.
 */
export async function refuseUnknownGroups(tenant: Tenant, { clients }: Pick<Environment, "clients">): Promise<void> {
  const named = clients.flatMap(({ kind, logicalName, inputs }) => {
    if (kind !== "application" || typeof inputs.sharing !== "object") return [];
    return inputs.sharing.groups.map((group, index) => ({ group, place: `${logicalName}: sharing.groups[${index}]` }));
  });
  if (named.length === 0) return;
  const known = await groupsOf(tenant);
  if (known === undefined) return;
  const unknown = named.filter(({ group }) => !known.includes(group));
  if (unknown.length === 0) return;
  const reasons = unknown.map(({ group, place }) => {
    const near = nearestName(group, known);
    const advice = near === undefined ? "" : `: did you mean ${quote(near)}?`;
    return `${place}: ${quote(group)} is not a group of the organization${advice}`;
  });
  throw new CartoError("invalid_request", reasons.join("\n"));
}

async function groupsOf(tenant: Tenant): Promise<string[] | undefined> {
  try {
    return await (await tenant.applications()).groups();
  } catch (error) {
    if (error instanceof CartoError) return undefined;
    throw error;
  }
}
