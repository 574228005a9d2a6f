import type { Kind } from "../kinds/kind.ts";
import type { KnownClient } from "./known-clients.ts";

/**
 * Why a client may not be deleted or replaced; undefined when it may.
 *
 * @param action what is about to happen to the client
 * @param client as the state has it: what is declared now counts from the next update on
 * @param ownClientId the client that the provider logs in with
 */
export function whyProtected(
  kind: Kind,
  action: "delete" | "replace",
  client: KnownClient,
  ownClientId: string | undefined,
): string | undefined {
  if (client.id !== undefined && client.id === ownClientId) {
    return `${describe(kind, client)} is the one the provider logs in with: to ${action} it would lock the provider out. Log in with other credentials first.`;
  }
  if (!client.deletionProtection) return undefined;
  return (
    `${describe(kind, client)} has deletionProtection: to ${action} it would stop every ${kind.deletion.stops}. ` +
    `To ${action} it anyway: 1. set deletionProtection: false and run \`pulumi up\`; 2. ${action} it.${action === "delete" ? pendingDeletion(client) : ""}`
  );
}

/** A client's name in messages. */
export function describe({ noun }: Kind, { id, name }: KnownClient): string {
  const quoted = name === undefined ? "" : JSON.stringify(name);
  if (id === undefined) return `${noun} ${quoted}`;
  return `${noun} ${id}${quoted && ` (${quoted})`}`;
}

/** The way out where the declaration is another client's by now. */
function pendingDeletion({ id }: KnownClient): string {
  return ` If it was replaced and only waits to be deleted: \`pulumi config set carto:unprotect ${id}\`, then \`pulumi up\`.`;
}
