import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { PulumiResult, PulumiWorkspace } from "../harness/pulumi-workspace.ts";

/** How a command ended. */
export type Ended = Pick<PulumiResult, "code" | "stdout" | "stderr">;

/**
 * Runs the `up` after a kill as docs/lifecycle.md tells users to: `pulumi cancel` for the lock that a killed engine leaves, and the
 * engine's empty `.attrs` files are removed.
 *
 * @param beforeCancel what has to end before the lock is removed
 * @throws Error When `up` fails for another reason, with all it printed.
 */
export async function upAfterKill(
  workspace: PulumiWorkspace,
  up: () => Promise<Ended>,
  beforeCancel: () => void = () => {},
): Promise<void> {
  let result = await up();
  if (says(result, /\.attrs|failed to load checkpoint: EOF/)) {
    await removeEmptyAttributes(workspace.directory);
    result = await up();
  }
  if (says(result, /locked by/)) {
    beforeCancel();
    await workspace.succeed("cancel", "--yes");
    result = await up();
  }
  if (result.code !== 0) throw new Error(`up failed:\n${result.stdout}\n${result.stderr}`);
}

function says({ code, stdout, stderr }: Ended, pattern: RegExp): boolean {
  return code !== 0 && pattern.test(stderr + stdout);
}

/** The engine writes these in place, not in one step as the state. */
async function removeEmptyAttributes(directory: string): Promise<void> {
  const stacks = join(directory, "backend", ".pulumi", "stacks");
  for (const name of await readdir(stacks, { recursive: true })) {
    const file = join(stacks, name);
    if (name.endsWith(".attrs") && (await stat(file)).size === 0) await rm(file);
  }
}
