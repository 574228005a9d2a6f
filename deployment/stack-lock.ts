import { DeploymentError, type LockHolder } from "./deployment-error.ts";
import { qualified } from "./stack-place.ts";
import { type CliWorkspace, runCli } from "./stack-state.ts";

/** Whether a stack is locked, according to its backend. */
export type StackLock = { locked: false } | { locked: true; holder?: LockHolder } | { locked: "unknown" };

/** What the engine says when a stack is renamed to the name that it has. */
const SAME_NAME = /a stack named .* already exists/;

/**
 * The CLI has no command that shows a lock. To rename a stack takes its lock first, and refuses the name that it has already before
 * anything is read or written (`renameStack` of Pulumi's DIY backends).
 */
export async function readLock(workspace: CliWorkspace, stack: string, project: string): Promise<StackLock> {
  const name = qualified(stack, project);
  try {
    await runCli(workspace, ["stack", "rename", name, "--stack", stack]);
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    if (error.code === "locked") return { locked: true, ...(error.holder && { holder: error.holder }) };
    if (error.code !== "failed") throw error;
    if (SAME_NAME.test(error.message)) return { locked: false };
  }
  return { locked: "unknown" };
}
