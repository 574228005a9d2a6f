import type { LocalSettings } from "./client-inputs.ts";
import { CartoError } from "./errors.ts";

/**
 * @param action what was about to happen to the client
 * @param state the client's outputs in the state: what is declared now counts from the next update on
 * @throws CartoError `protected` When the client may not be deleted or replaced.
 */
export function refuseIfProtected(
  action: "delete" | "replace",
  clientId: string,
  state: LocalSettings & { name?: string },
  ownClientId: string | undefined,
): void {
  const client = `OAuth client ${clientId}${state.name ? ` (${JSON.stringify(state.name)})` : ""}`;
  if (clientId === ownClientId) {
    throw new CartoError(
      "protected",
      `${client} is the one the provider logs in with: to ${action} it would lock the provider out. Log in with other credentials first.`,
    );
  }
  if (state.deletionProtection) {
    throw new CartoError(
      "protected",
      `${client} has deletionProtection: to ${action} it would stop every user and service of that client ID. ` +
        `To ${action} it all the same: 1. set deletionProtection: false and run \`pulumi up\`; 2. ${action} it.`,
    );
  }
}
