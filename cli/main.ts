#!/usr/bin/env node
import "./process.ts";
import { createRequire } from "node:module";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { keepCompiledCode } from "./compile-cache.ts";
import { readEnvironment } from "./context/environment.ts";
import { EXIT, type ExitCode } from "./context/exit-code.ts";
import { parseVariable } from "./context/manifest-file.ts";

if (!readEnvironment().ci) keepCompiledCode();

function ownVersion(): string {
  return (createRequire(import.meta.url)("pulumi-carto/package.json") as { version: string }).version;
}

// Each command's code is loaded when it runs: `check` starts without Pulumi, the engine or the emulator.

const program = new Command("pulumi-carto")
  .description("CARTO OAuth clients as code: check, preview and apply clients.yaml")
  .version(ownVersion(), "-V, --version", "print the version of this package")
  .enablePositionalOptions()
  .showHelpAfterError("(add --help for what there is)")
  .exitOverride()
  .addHelpText(
    "after",
    `
Exit codes:
  0  done, or nothing to do
  1  something failed on the way; what had been done is recorded
  2  changes are pending (preview --exit-code), or reach report --fail-on
  3  invalid arguments or manifest; nothing was begun
  130  ended at once by a second Ctrl-C`,
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

const each = (text: string, earlier: string[] = []): string[] => [...earlier, text];

const variable = (text: string, earlier?: Record<string, string>): Record<string, string> => {
  try {
    return parseVariable(text, earlier);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
};

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("Write a whole number from 1.");
  return number;
}

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new InvalidArgumentError("Write 0 to 65535.");
  return number;
}

command("check [files...]", "check manifests offline: no engine, no credentials, no network", [
  "pulumi-carto check",
  "pulumi-carto check --env prod --var REVIEW_HOST=example.com clients.yaml",
  "pulumi-carto check --json clients.yaml | jq '.files[].failures[]'",
])
  .option("-e, --env <names>", "only these environments, comma-separated", list)
  .option("-s, --stack <name>", "the environment of this stack, or the clients without environment under this name")
  .option("--var <NAME=VALUE>", "give a variable of the manifest a value; may be repeated", variable)
  .option("--json", "print one JSON document (version 1)")
  .action(ends(async (files, options) => (await import("./commands/check.ts")).check(files, options)));

command("schema", "print the JSON Schema of clients.yaml", [
  "pulumi-carto schema",
  "pulumi-carto schema --output schema/clients.schema.json",
])
  .option("-o, --output <file>", "write it to a file instead")
  .action(ends(async (options) => (await import("./commands/schema.ts")).schema(options)));

/** A command over environments of a manifest. */
function environmentCommand(name: string, summary: string, examples: string[]): Command {
  return command(`${name} [file]`, summary, examples)
    .option("-e, --env <names>", "environments, comma-separated", list)
    .option("-s, --stack <name>", "the environment of this stack, or the clients without environment")
    .option("--var <NAME=VALUE>", "give a variable of the manifest a value; may be repeated", variable)
    .option("--parallel <count>", "environments side by side", positive, 4)
    .option("--wait [seconds]", "wait for another run that holds the stack, 600 seconds unless told", positive)
    .option("--provider-process", "run the provider in a process of its own instead of in this one")
    .option("--json", "print one JSON document (version 1)");
}

const MANIFEST = "clients.yaml";

environmentCommand("preview", "say what up would do", [
  "pulumi-carto preview --env dev,staging,prod",
  "pulumi-carto preview --env prod --save-plan plans",
  "pulumi-carto preview --env prod --refresh --exit-code   # nightly: 2 when someone changed a client at CARTO",
])
  .option("--refresh", "ask CARTO first what was changed there")
  .option("--save-plan <directory>", "write <environment>.json for up --plan")
  .option("--exit-code", "end with 2 when there are changes")
  .action(ends(async (file = MANIFEST, options) => (await import("./commands/preview.ts")).preview(file, options)));

environmentCommand("up", "make CARTO as the manifest says", [
  "pulumi-carto up --env dev",
  "pulumi-carto up --env staging,prod --yes --wait",
  "pulumi-carto up --env prod --plan plans",
])
  .option("-y, --yes", "do not ask")
  .option("--refresh", "ask CARTO first what was changed there")
  .option("--plan <directory>", "do what preview --save-plan wrote, and nothing else")
  .option("--audit <file>", "append to this audit record who did what to which client")
  .action(ends(async (file = MANIFEST, options) => (await import("./commands/up.ts")).up(file, options)));

environmentCommand("refresh", "take what CARTO has into the state, and say what was changed there", [
  "pulumi-carto refresh --env prod",
]).action(ends(async (file = MANIFEST, options) => (await import("./commands/refresh.ts")).refresh(file, options)));

environmentCommand("destroy", "delete every client of the environments", [
  "pulumi-carto destroy --env dev",
  "pulumi-carto destroy --env review-7 --yes",
])
  .option("-y, --yes", "do not ask")
  .option("--audit <file>", "append to this audit record who did what to which client")
  .action(ends(async (file = MANIFEST, options) => (await import("./commands/destroy.ts")).destroy(file, options)));

/** A command over the existing clients of a calling user. */
function clientsCommand(name: string, summary: string, examples: string[]): Command {
  return command(`${name} [file]`, summary, examples)
    .option("-e, --env <names>", "environments of the manifest: their tenants, stacks and credentials", list)
    .option("-s, --stack <name>", "a stack by name; needs no manifest")
    .option("--var <NAME=VALUE>", "give a variable of the manifest a value; may be repeated", variable);
}

clientsCommand("export", "write the calling user's clients as a manifest, without secrets", [
  "pulumi-carto export --output clients.yaml",
  "pulumi-carto export --env prod --kind spa",
])
  .addOption(new Option("--kind <kind>", "only these").choices(["spa", "m2m"]))
  .option("-o, --output <file>", "write it to a new file instead of stdout")
  .action(
    ends(async (file = MANIFEST, options) => (await import("./commands/export.ts")).exportClients(file, options)),
  );

clientsCommand("import", "take existing clients under management", [
  "pulumi-carto import --env prod",
  "pulumi-carto import --env prod --id web=4jpQ1X…",
  "pulumi-carto import --stack prod --all --output clients.yaml",
])
  .option("--id <name=ID>", "the client that a declaration stands for; may be repeated", variable)
  .option("--all", "take every client that no stack of the backend manages, and write the manifest for it")
  .option("-y, --yes", "do not ask where other stacks of the backend cannot be looked at")
  .option("-o, --output <file>", "new file that --all writes the manifest to", MANIFEST)
  .action(
    ends(async (file = MANIFEST, options) => (await import("./commands/import.ts")).importClients(file, options)),
  );

clientsCommand("unmanaged", "list clients that exist, but that none of the named stacks manages: name all", [
  "pulumi-carto unmanaged --env dev,prod",
  "pulumi-carto unmanaged --stack prod --json",
])
  .option("--json", "print one JSON document (version 1)")
  .action(ends(async (file = MANIFEST, options) => (await import("./commands/unmanaged.ts")).unmanaged(file, options)));

clientsCommand("doctor", "look at engine, backend, credentials, discovery and CARTO's API, and say what to do", [
  "pulumi-carto doctor",
  "pulumi-carto doctor --env prod --json",
])
  .option("--json", "print one JSON document (version 1)")
  .action(ends(async (file = MANIFEST, options) => (await import("./commands/doctor.ts")).doctor(file, options)));

command("emulator", "serve a local CARTO on loopback, until interrupted", [
  "pulumi-carto emulator --port 4000 --db carto.sqlite",
  'eval "$(npx pulumi-carto emulator --port 4000 --env)"',
])
  .option("-p, --port <port>", "port on 127.0.0.1; 0: any free one", port, 4000)
  .option("--db <file>", "keep the data in a SQLite file; otherwise in memory")
  .option("--env", "print the CARTO_* variables for that port, and end")
  .addOption(
    new Option("--identity <name>", "with --env: the seeded user to log in as; admin unless told").choices([
      "admin",
      "editor",
      "viewer",
      "small",
    ]),
  )
  .action(ends(async (options) => (await import("./commands/emulator.ts")).emulator(options)));

command("report [file]", "say what a change would do: for reviewers, code scanning and pipelines", [
  "pulumi-carto report --env prod --output report.md --output report.html",
  "pulumi-carto report --diff base.yaml clients.yaml --output report.sarif   # no engine, no credentials",
  "pulumi-carto report --env prod --fail-on destructive",
  "pulumi-carto report --env prod --drift --fail-on any   # nightly: 2 when someone changed a client at CARTO",
])
  .option("-e, --env <names>", "environments, comma-separated; with --diff all of them unless told", list)
  .option("--drift", "what someone changed at CARTO against the declaration, instead of what up would do")
  .option("--diff <files...>", "compare two versions of the manifest, older and newer, instead of asking the engine")
  .option("--var <NAME=VALUE>", "give a variable of the manifest a value; may be repeated", variable)
  .addOption(
    new Option("-f, --format <format>", "format; otherwise by the extension of each output").choices([
      "markdown",
      "html",
      "json",
      "sarif",
      "junit",
    ]),
  )
  .option("-o, --output <file>", "write to a file: .md, .html, .json, .sarif, .xml; may be repeated", each)
  .addOption(
    new Option("--fail-on <level>", "end with 2 from this on")
      .choices(["none", "advice", "destructive", "any"])
      .default("none"),
  )
  .option("--parallel <count>", "environments side by side", positive, 4)
  .option("--wait [seconds]", "wait for another run that holds the stack, 600 seconds unless told", positive)
  .option("--rules-url <url>", "make each rule a link to its id on this page, such as a copy of docs/rules.md")
  .action(ends(async (file = "clients.yaml", options) => (await import("./commands/report.ts")).report(file, options)));

command("audit", "look after the record that --audit writes", ["pulumi-carto audit verify audit.jsonl"])
  .command("verify <file>")
  .summary("find every altered, removed or reordered line")
  .description("find every altered, removed or reordered line")
  .exitOverride()
  .option("--head <hash>", "the last hash that a run printed, instead of FILE.head")
  .option("--json", "print one JSON document (version 1)")
  .action(ends(async (file, options) => (await import("./commands/audit.ts")).verify(file, options)));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.invalid;
  else {
    process.stderr.write(`pulumi-carto: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = EXIT.failed;
  }
}
