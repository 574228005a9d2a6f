import { createRequire } from "node:module";
import { Command } from "commander";
import type { ExitCode } from "../context/exit-code.ts";
import { positive, splitNames, variable } from "./options.ts";

/** Read where no other manifest is named. */
export const MANIFEST = "clients.yaml";

function ownVersion(): string {
  const { version }: { version: string } = createRequire(import.meta.url)("pulumi-carto/package.json");
  return version;
}

/** The command, without its subcommands. */
export const program = new Command("pulumi-carto")
  .description("CARTO OAuth clients as code: check, preview and apply clients.yaml")
  .version(ownVersion(), "-V, --version", "Print the version of this package")
  .enablePositionalOptions()
  .showHelpAfterError("(see --help)")
  .exitOverride()
  .addHelpText(
    "after",
    `
Exit codes:
  0  success, with or without changes
  1  failure; what was done before it is recorded
  2  changes are pending (preview --exit-code), or reach report --fail-on
  3  invalid arguments or manifest; nothing was started
  4  an API Access Token expires within 30 days (check --exit-code, doctor --exit-code)
  5  a confirmation was declined; nothing was changed
  130  stopped at once by a second Ctrl-C`,
  );

/** A subcommand. */
export function command(usage: string, summary: string, examples: string[]): Command {
  return program
    .command(usage)
    .summary(summary)
    .description(summary)
    .exitOverride()
    .addHelpText("after", `\nExamples:\n${examples.map((line) => `  $ ${line}`).join("\n")}`);
}

/** An action whose result is how the command ends. */
export const withExitCode =
  <Arguments extends unknown[]>(run: (...args: Arguments) => Promise<ExitCode>) =>
  async (...args: Arguments): Promise<void> => {
    process.exitCode = await run(...args);
  };

/** A command that runs environments of a manifest on an engine. */
export function environmentCommand(name: string, summary: string, examples: string[]): Command {
  return command(`${name} [file]`, summary, examples)
    .hook("preAction", async () => void (await import("../context/engine.ts")).searchEngine())
    .option("-e, --env <names>", "environments of the manifest, comma-separated", splitNames)
    .option("-s, --stack <name>", "the environment that this stack belongs to")
    .option("--var <NAME=VALUE>", "set a variable of the manifest; repeatable", variable)
    .option("--parallel <count>", "number of environments to run at the same time", positive, 4)
    .option("--wait [seconds]", "wait for another run that has locked the stack (default: 600 s)", positive)
    .option("--advice", "also show the advice on clients that do not change (default: only its count)")
    .option("--provider-process", "run the provider in a separate process instead of this one")
    .option("--json", "print one JSON document (version 1)");
}

/** A command over the existing clients of a calling user. */
export function clientsCommand(name: string, summary: string, examples: string[]): Command {
  return command(`${name} [file]`, summary, examples)
    .option("-e, --env <names>", "environments of the manifest, comma-separated (default: all)", splitNames)
    .option("-s, --stack <name>", "the environment that this stack belongs to; needs no manifest")
    .option("--var <NAME=VALUE>", "set a variable of the manifest; repeatable", variable);
}
