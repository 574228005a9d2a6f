import { shellWord } from "../context/command-line.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { printJson } from "../context/json.ts";
import type { SelectionOptions } from "../context/selection.ts";
import { withStacks } from "../run/stacks.ts";

/** Options of `stack`. */
export interface StackOptions extends SelectionOptions {
  json?: boolean;
}

/** Prints where the state of each environment is stored, and how to use it with `pulumi`. */
export function stack(file: string, options: StackOptions): Promise<ExitCode> {
  return withStacks("stack", file, options, async (stacks) => {
    const environments: { environment: string; stack: string; backend: string; pulumi: string }[] = [];
    for (const one of stacks) {
      const { environment } = one;
      await using deployment = await one.open(false);
      const { fullName, backend, masked } = await deployment.place();
      const { pulumi } = await one.engine();
      // A password stays in the variable that it comes from: the manifest names it.
      const url = masked ? `"${environment.text("backend") ?? "$PULUMI_BACKEND_URL"}"` : shellWord(backend);
      const variables = [
        `PULUMI_BACKEND_URL=${url}`,
        ...one.variables.map((name) => ownVariable(name, environment.name)),
      ];
      environments.push({
        environment: environment.name,
        stack: fullName,
        backend,
        pulumi: [...variables, shellWord(pulumi), "stack", "--stack", shellWord(fullName)].join(" "),
      });
    }
    if (options.json) printJson("stack", true, { environments });
    else for (const { environment, ...rest } of environments) process.stdout.write(text(environment, rest));
    return EXIT.done;
  });
}

/** `PULUMI_CONFIG_PASSPHRASE` of an environment, by the variable that holds it. */
function ownVariable(name: string, environment: string): string {
  return `${name}="$${name}_${environment.toUpperCase().replace(/[^A-Z0-9]/g, "_")}"`;
}

function text(environment: string, rows: Record<string, string>): string {
  const lines = Object.entries(rows).map(([name, value]) => `  ${name.padEnd(7)}  ${value}\n`);
  return `${environment}:\n${lines.join("")}`;
}
