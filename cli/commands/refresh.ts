import type { ExitCode } from "../context/exit-code.ts";
import { type EnvironmentOptions, exitCodeOf, runEnvironments } from "../run/run-environments.ts";

/** Updates the state from CARTO, and shows what was changed there outside Pulumi. */
export function refresh(file: string, options: EnvironmentOptions): Promise<ExitCode> {
  return runEnvironments("refresh", file, options, async (run) => {
    const outcomes = await run({ operation: "refresh", title: "refresh" });
    return { outcomes, exitCode: exitCodeOf(outcomes) };
  });
}
