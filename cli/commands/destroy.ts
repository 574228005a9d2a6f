import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { refuse } from "../context/json.ts";
import { noQuestion } from "../context/no-question.ts";
import { hasChanges } from "../run/outcome.ts";
import { ask, type EnvironmentOptions, exitCodeOf, runEnvironments } from "../run/run-environments.ts";

/** Options of `destroy`. */
export interface DestroyOptions extends EnvironmentOptions {
  yes?: boolean;
}

/** Deletes every client of the environments: at once with `yes`, otherwise after a preview and a question. */
export async function destroy(file: string, options: DestroyOptions): Promise<ExitCode> {
  const problem = options.yes ? undefined : noQuestion(options.json);
  if (problem !== undefined) return refuse("destroy", { json: options.json, environments: [] }, problem);
  return runEnvironments("destroy", file, options, async (run, { environments }) => {
    if (!options.yes) {
      const previewed = await run({ operation: "destroy", title: "destroy preview", previewOnly: true, reach: true });
      const exitCode = exitCodeOf(previewed);
      if (exitCode !== EXIT.done || !previewed.some(hasChanges)) return { outcomes: previewed, exitCode };
      if (!(await ask(`Delete these clients of ${environments.map(({ name }) => name).join(", ")}?`))) {
        process.stdout.write("Nothing was changed.\n");
        return { outcomes: previewed, exitCode: EXIT.declined };
      }
    }
    const outcomes = await run({ operation: "destroy", title: "destroy" });
    return { outcomes, exitCode: exitCodeOf(outcomes) };
  });
}
