#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { parseVariable } from "./manifest-file.ts";

// Each command's code is loaded when it runs: `check` starts without Pulumi, the engine or the emulator.

const program = new Command("pulumi-carto")
  .description("CARTO OAuth clients as code: check, preview and apply clients.yaml")
  .enablePositionalOptions()
  .showHelpAfterError("(add --help for what there is)")
  .exitOverride()
  .addHelpText(
    "after",
    `
Exit codes:
  0  done, or nothing to do
  1  something failed on the way; what had been done is recorded
  2  changes are pending (preview --exit-code)
  3  invalid arguments or manifest; nothing was begun`,
  );

/** A subcommand that ends with the exit code its action returns. */
function command(usage: string, summary: string, examples: string[]): Command {
  return program
    .command(usage)
    .summary(summary)
    .description(summary)
    .exitOverride()
    .addHelpText("after", `\nExamples:\n${examples.map((line) => `  $ ${line}`).join("\n")}`);
}

const ends =
  <Arguments extends unknown[]>(run: (...args: Arguments) => Promise<ExitCode>) =>
  async (...args: Arguments): Promise<void> => {
    process.exitCode = await run(...args);
  };

const list = (text: string, earlier: string[] = []): string[] => [...earlier, ...text.split(",").filter(Boolean)];

const variable = (text: string, earlier?: Record<string, string>): Record<string, string> => {
  try {
    return parseVariable(text, earlier);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
};

command("check [files...]", "check manifests offline: no engine, no credentials, no network", [
  "pulumi-carto check",
  "pulumi-carto check --env prod --var REVIEW_HOST=example.com clients.yaml",
  "pulumi-carto check --json clients.yaml | jq '.files[].failures[]'",
])
  .option("-e, --env <names>", "only these environments, comma-separated", list)
  .option("-s, --stack <name>", "the environment of this stack, or the clients without environment under this name")
  .option("--var <NAME=VALUE>", "give a variable of the manifest a value; may be repeated", variable)
  .option("--json", "print one JSON document (version 1)")
  .action(ends(async (files, options) => (await import("./check.ts")).check(files, options)));

command("schema", "print the JSON Schema of clients.yaml", [
  "pulumi-carto schema",
  "pulumi-carto schema --output schema/clients.schema.json",
])
  .option("-o, --output <file>", "write it to a file instead")
  .action(ends(async (options) => (await import("./schema.ts")).schema(options)));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.invalid;
  else {
    process.stderr.write(`pulumi-carto: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = EXIT.failed;
  }
}
