import { naturally } from "../kinds/natural-order.ts";
import { countSteps } from "./checkpoints.ts";
import { openCliWorkspace } from "./cli-workspace.ts";
import { DeploymentError } from "./deployment-error.ts";
import type { DeploymentOptions } from "./deployment-options.ts";
import { exportState, managedClients, type State } from "./stack-state.ts";

/** How many clients the message names. */
const MOST_NAMES = 5;

/**
 * Refuses an `up` that nobody reviewed and that would delete every client of the stack, because the manifest declares none of them: most
 * likely, another manifest uses the same project and stack. All users of that manifest's clients would be locked out.
 *
 * @returns the state that it read; undefined where there was nothing to read
 * @throws DeploymentError `other_manifest` Before anything is started.
 */
export async function refuseOtherManifest(options: DeploymentOptions): Promise<State | undefined> {
  const { stack, clients, movedFrom } = options.environment;
  if (clients.length === 0 || movedFrom !== undefined) return undefined;
  await using workspace = await openCliWorkspace(options);
  const state = await exportState(workspace, stack).catch(() => undefined); // what is wrong with the backend, the run says
  if (state === undefined) return undefined;
  const managed = managedClients(state);
  if (managed.length === 0 || countSteps(clients, state).creates < clients.length) return state;
  const names = managed
    .map(({ logicalName }) => logicalName)
    .sort(naturally)
    .slice(0, MOST_NAMES);
  const more = managed.length > names.length ? `, and ${managed.length - names.length} more` : "";
  throw new DeploymentError(
    "other_manifest",
    `nothing was started: the stack ${stack} manages ${managed.length === 1 ? "1 client" : `${managed.length} clients`} (${names.join(", ")}${more}), and the manifest declares none of them, so all would be deleted. ` +
      "If another manifest uses this stack, give this one a `project` of its own. If the clients were renamed, add `aliases`. " +
      "To delete them, review `preview --save-plan DIRECTORY`, then run `up --plan DIRECTORY`",
  );
}
