import { resolve } from "node:path";
import { temporaryDirectory } from "../../deployment/temporary-directory.ts";
import type { Environment } from "../../manifest/environment.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { refuse } from "../context/json.ts";
import { noQuestion } from "../context/no-question.ts";
import { CommandError } from "../context/own-error.ts";
import { allowedDeliveryCommands } from "../context/trust.ts";
import { refusedCommands } from "../run/allowed-commands.ts";
import { hasChanges } from "../run/outcome.ts";
import { ask, type EnvironmentOptions, exitCodeOf, runEnvironments } from "../run/run-environments.ts";

/** Options of `up`. */
export interface UpOptions extends EnvironmentOptions {
  yes?: boolean;
  refresh?: boolean;
  /** Directory with the `<environment>.json` that `preview --save-plan` wrote; what was reviewed is not asked again. */
  plan?: string;
  /** Whole commands that deliveries of the manifest may run, beside those of `carto:deliveryCommands`. Unset: none. */
  allowCommand?: string[];
}

/** Applies the manifest to the environments: at once with `yes` or `plan`, otherwise after a preview and a question. */
export async function up(file: string, options: UpOptions): Promise<ExitCode> {
  const refresh = options.refresh ? { refresh: true } : {};
  if (options.yes || options.plan !== undefined) {
    const plans = options.plan === undefined ? {} : { plans: resolve(options.plan) };
    return runEnvironments("up", file, options, async (run, { environments }) => {
      refuseCommands(file, environments, options);
      const outcomes = await run({ operation: "up", title: "up", ...refresh, ...plans });
      return { outcomes, exitCode: exitCodeOf(outcomes) };
    });
  }
  const problem = noQuestion(options.json, { remedy: "review `pulumi-carto preview`, then add --yes" });
  if (problem !== undefined) return refuse("up", { json: options.json, environments: [] }, problem);
  // What was answered "yes" to is what is done: the plans of the preview bind the run.
  const { path: plans, remove } = temporaryDirectory("plan");
  try {
    return await runEnvironments("up", file, options, async (run, { environments }) => {
      refuseCommands(file, environments, options);
      const previewed = await run({ operation: "preview", title: "preview", savePlans: plans, ...refresh });
      const exitCode = exitCodeOf(previewed);
      if (exitCode !== EXIT.done || !previewed.some(hasChanges)) return { outcomes: previewed, exitCode };
      if (!(await ask(`Apply this to ${environments.map(({ name }) => name).join(", ")}?`))) {
        process.stdout.write("Nothing was changed.\n");
        return { outcomes: previewed, exitCode: EXIT.declined };
      }
      const outcomes = await run({ operation: "up", title: "up", plans, ...refresh });
      return { outcomes, exitCode: exitCodeOf(outcomes) };
    });
  } finally {
    remove();
  }
}

/** @throws CommandError `refused` When the manifest delivers by commands that were not allowed: before anything is begun. */
function refuseCommands(file: string, environments: readonly Environment[], { allowCommand = [] }: UpOptions): void {
  const refused = refusedCommands(environments, ({ stack }) => [
    ...allowCommand,
    ...allowedDeliveryCommands(file, stack),
  ]);
  if (refused.length > 0) throw new CommandError("refused", `${refused.join("\n")}\nNothing was started.`);
}
