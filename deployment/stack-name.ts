import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../manifest/environment.ts";
import { DeploymentError } from "./deployment-error.ts";
import { type CliWorkspace, exportState, managedClients, type State } from "./stack-state.ts";

/**
 * The stack that an environment has now: while `moved` is declared and `up` has not renamed the stack yet, the one of the previous name.
 * The CLI is asked only then.
 *
 * @param settingsDirectory where `Pulumi.<stack>.yaml` is read from. Unset: nowhere
 * @throws DeploymentError When both stacks exist, or the settings still have the previous name.
 */
export async function currentStack(
  workspace: CliWorkspace,
  { stack, movedFrom }: Pick<Environment, "stack" | "movedFrom">,
  settingsDirectory: string | undefined,
): Promise<string> {
  if (movedFrom === undefined) return stack;
  const [old, next] = [await stateOf(workspace, movedFrom), await stateOf(workspace, stack)];
  const managed = old?.resources?.filter(({ type }) => type !== "pulumi:pulumi:Stack").length ?? 0;
  if (old === undefined || (next !== undefined && managed === 0)) return stack;
  if (next !== undefined) {
    const clients = managedClients(old).length;
    throw new DeploymentError(
      "failed",
      `the stacks ${movedFrom} and ${stack} both exist, so \`moved\` cannot rename the first: remove \`moved\` to use ${stack}, ` +
        `or remove ${stack} with \`pulumi stack rm\` if it is empty. ${movedFrom} manages ${clients} ${clients === 1 ? "client" : "clients"}`,
    );
  }
  const [oldFile, newFile] = [settingsFile(movedFrom), settingsFile(stack)];
  if (
    settingsDirectory !== undefined &&
    existsSync(join(settingsDirectory, oldFile)) &&
    !existsSync(join(settingsDirectory, newFile))
  ) {
    throw new DeploymentError(
      "failed",
      `the settings of the stack are still in ${oldFile}: rename the file to ${newFile}`,
    );
  }
  return movedFrom;
}

async function stateOf(workspace: CliWorkspace, stack: string): Promise<State | undefined> {
  return exportState(workspace, stack).catch((error) => {
    if (error instanceof DeploymentError && error.code === "no_stack") return undefined;
    throw error;
  });
}

function settingsFile(stack: string): string {
  return `Pulumi.${lastPart(stack)}.yaml`;
}

/** The name of a stack without organization and project. */
export function lastPart(stack: string): string {
  return stack.split("/").at(-1) ?? stack;
}
