import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

/** A client that a run would change although it belongs to someone else. */
interface ForeignClient {
  logicalName: string;
  clientId: string;
  ownerId: string;
}

/**
 * Explains in a preview why `up` will fail: clients that would be changed or deleted belong to another user, who alone sees them.
 *
 * @param events of a preview
 * @param userId of the caller; undefined if CARTO was not asked
 */
export function foreignClients(events: readonly EngineEvent[], userId: string | undefined): string | undefined {
  if (userId === undefined) return undefined;
  const foreign = events.flatMap((event) => changedClient(event) ?? []).filter(({ ownerId }) => ownerId !== userId);
  const [first] = foreign;
  if (first === undefined) return undefined;
  const more = foreign.length === 1 ? "" : ` and ${foreign.length - 1} more`;
  return (
    `OAuth client ${first.clientId} ("${first.logicalName}")${more} would be changed, but belongs to ${first.ownerId}, and the credentials ` +
    `are those of ${userId}, who cannot see it: \`up\` would fail. Use the owner's credentials`
  );
}

function changedClient({ resourcePreEvent }: EngineEvent): ForeignClient | undefined {
  const step = resourcePreEvent?.metadata;
  const { id, outputs } = step?.old ?? {};
  if (step === undefined || id === undefined || step.op === "same" || step.op === "read") return undefined;
  const ownerId: unknown = outputs?.ownerId;
  if (!/OAuthClient$/.test(step.type) || typeof ownerId !== "string") return undefined;
  return { logicalName: step.urn.split("::").slice(3).join("::"), clientId: id, ownerId };
}
