import { basename, delimiter, dirname } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { findOrInstallEngine } from "../engine/index.ts";

/**
 * The engine as the Automation API wants it, its companions first on PATH.
 *
 * @throws EngineError When there is none and none can be got.
 */
export async function openEngine(log: (line: string) => void, signal: AbortSignal): Promise<PulumiCommand> {
  const { bin } = await findOrInstallEngine({ log, signal });
  // The engine looks for its language host and for the starter of dynamic providers on PATH.
  process.env.PATH = [bin, process.env.PATH].filter(Boolean).join(delimiter);
  // The version was judged by the search; asking again would start the CLI once more for each check.
  return PulumiCommand.get({ skipVersionCheck: true, ...(basename(bin) === "bin" && { root: dirname(bin) }) });
}
