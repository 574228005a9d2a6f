import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { runCommand } from "./command.ts";
import type { Environment } from "./environment.ts";

const TIMEOUT_MS = 10 * 60_000;

/**
 * Runs the vendor's installer, in a child so that an interrupt can end it: the Automation API offers no other way.
 *
 * @param root an existing directory
 * @returns the directory of the CLI, inside `root`
 */
export async function installOfficial(environment: Environment, root: string, signal: AbortSignal): Promise<string> {
  const target = join(root, "official");
  await mkdir(target);
  const automationApi = createRequire(import.meta.url).resolve("@pulumi/pulumi/automation");
  const script = `
    const { PulumiCommand } = require(${JSON.stringify(automationApi)});
    PulumiCommand.install({ root: process.argv[1] }).catch((error) => { console.error(error.message); process.exit(1); });
  `;
  await runCommand(process.execPath, ["--input-type=commonjs", "--eval", script, target], {
    cwd: root,
    env: environment.variables,
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  return join(target, "bin");
}
