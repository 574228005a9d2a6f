import { resolve } from "node:path";
import type { ExitCode } from "../context/exit-code.ts";
import { type EnvironmentOptions, exitCodeOf, runEnvironments } from "../run/run-environments.ts";

/** Options of `preview`. */
export interface PreviewOptions extends EnvironmentOptions {
  refresh?: boolean;
  /** Directory that `<environment>.json` is written to. */
  savePlan?: string;
  exitCode?: boolean;
}

/** Shows what `up` would change. */
export function preview(file: string, options: PreviewOptions): Promise<ExitCode> {
  return runEnvironments("preview", file, options, async (run) => {
    const outcomes = await run({
      operation: "preview",
      title: "preview",
      reach: true,
      ...(options.refresh && { refresh: true }),
      ...(options.savePlan !== undefined && { savePlans: resolve(options.savePlan) }),
    });
    return { outcomes, exitCode: exitCodeOf(outcomes, options.exitCode) };
  });
}
