#!/usr/bin/env node
/* The `pulumi-carto` command: parses its arguments and runs the subcommand. */
import "./process.ts";
import { CommanderError, Option } from "commander";
import type { VerifyOptions } from "./commands/audit.ts";
import type { CheckOptions } from "./commands/check.ts";
import type { DestroyOptions } from "./commands/destroy.ts";
import type { DoctorOptions } from "./commands/doctor.ts";
import type { EmulatorCommandOptions } from "./commands/emulator.ts";
import type { ExportOptions } from "./commands/export.ts";
import type { ImportOptions } from "./commands/import.ts";
import type { InitOptions } from "./commands/init.ts";
import type { PreviewOptions } from "./commands/preview.ts";
import type { ReportOptions } from "./commands/report.ts";
import type { SchemaOptions } from "./commands/schema.ts";
import type { UnmanagedOptions } from "./commands/unmanaged.ts";
import type { UpOptions } from "./commands/up.ts";
import { keepCompiledCode } from "./compile-cache.ts";
import { readEnvironment } from "./context/environment.ts";
import { EXIT } from "./context/exit-code.ts";
import { collect, port, positive, splitNames, variable } from "./options.ts";
import { clientsCommand, command, environmentCommand, MANIFEST, program, withExitCode } from "./program.ts";
import type { EnvironmentOptions } from "./run/run-environments.ts";

if (!readEnvironment().ci) keepCompiledCode();

// commander hands over options as `any`: each action names their type, once.
// Each command's code is loaded when it runs: `check` starts without Pulumi, the engine or the emulator.

command("check [files...]", "Check manifests offline: no engine, no credentials, no network", [
  "pulumi-carto check",
  "pulumi-carto check --env prod --var REVIEW_HOST=example.com clients.yaml",
  "pulumi-carto check --json clients.yaml | jq '.files[].failures[]'",
])
  .option("-e, --env <names>", "only these environments, comma-separated (default: all)", splitNames)
  .option("-s, --stack <name>", "the environment that this stack belongs to")
  .option("--var <NAME=VALUE>", "set a variable of the manifest; repeatable", variable)
  .option("--json", "print one JSON document (version 1)")
  .option("--exit-code", "exit with 4 when an API Access Token expires within 30 days")
  .action(
    withExitCode(async (files: string[], options: CheckOptions) =>
      (await import("./commands/check.ts")).check(files, options),
    ),
  );

command("init", "Write a commented clients.yaml, editor settings and, if asked, a pipeline", [
  "pulumi-carto init",
  "pulumi-carto init --pipeline github",
])
  .addOption(
    new Option("--pipeline <system>", "also write a pipeline for this CI system").choices(["github", "gitlab"]),
  )
  .action(withExitCode(async (options: InitOptions) => (await import("./commands/init.ts")).init(options)));

command("schema", "Print the JSON Schema of clients.yaml", [
  "pulumi-carto schema",
  "pulumi-carto schema --output schema/clients.schema.json",
])
  .option("-o, --output <file>", "write to a file instead of stdout")
  .action(withExitCode(async (options: SchemaOptions) => (await import("./commands/schema.ts")).schema(options)));

const checkpoints = () =>
  new Option(
    "--checkpoints <when>",
    "write the state at every step, or once at the end (default: once when there is much to create or delete)",
  ).choices(["every", "once"]);

environmentCommand("preview", "Show what `up` would change", [
  "pulumi-carto preview --env dev,staging,prod",
  "pulumi-carto preview --env prod --save-plan plans",
  "pulumi-carto preview --env prod --refresh --exit-code   # nightly: 2 when someone changed a client at CARTO",
])
  .option("--refresh", "read the clients from CARTO first")
  .option("--save-plan <directory>", "write <environment>.json for up --plan")
  .option("--exit-code", "exit with code 2 when there are changes")
  .action(
    withExitCode(async (file: string | undefined, options: PreviewOptions) =>
      (await import("./commands/preview.ts")).preview(file ?? MANIFEST, options),
    ),
  );

environmentCommand("up", "Apply the manifest to CARTO", [
  "pulumi-carto up --env dev",
  "pulumi-carto up --env staging,prod --yes --wait",
  "pulumi-carto up --env prod --plan plans",
])
  .option("-y, --yes", "do not ask for confirmation")
  .option("--refresh", "read the clients from CARTO first")
  .option("--plan <directory>", "apply the plans that `preview --save-plan` wrote, and nothing else")
  .addOption(checkpoints())
  .option("--audit <file>", "append who changed which client to this audit record")
  .action(
    withExitCode(async (file: string | undefined, options: UpOptions) =>
      (await import("./commands/up.ts")).up(file ?? MANIFEST, options),
    ),
  );

environmentCommand("refresh", "Update the state with what CARTO has, and show what was changed there", [
  "pulumi-carto refresh --env prod",
]).action(
  withExitCode(async (file: string | undefined, options: EnvironmentOptions) =>
    (await import("./commands/refresh.ts")).refresh(file ?? MANIFEST, options),
  ),
);

environmentCommand("destroy", "Delete every client of the environments", [
  "pulumi-carto destroy --env dev",
  "pulumi-carto destroy --env review-7 --yes",
])
  .option("-y, --yes", "do not ask for confirmation")
  .addOption(checkpoints())
  .option("--audit <file>", "append who changed which client to this audit record")
  .action(
    withExitCode(async (file: string | undefined, options: DestroyOptions) =>
      (await import("./commands/destroy.ts")).destroy(file ?? MANIFEST, options),
    ),
  );

clientsCommand("export", "Write your clients as a manifest, without secrets", [
  "pulumi-carto export --output clients.yaml",
  "pulumi-carto export --env prod --kind spa",
])
  .addOption(new Option("--kind <kind>", "only clients of this kind").choices(["spa", "m2m"]))
  .option("-o, --output <file>", "write to a new file instead of stdout")
  .action(
    withExitCode(async (file: string | undefined, options: ExportOptions) =>
      (await import("./commands/export.ts")).exportClients(file ?? MANIFEST, options),
    ),
  );

clientsCommand("import", "Bring existing clients under management", [
  "pulumi-carto import --env prod",
  "pulumi-carto import --env prod --id web=4jpQ1X…",
  "pulumi-carto import --stack prod --all --dry-run",
  "pulumi-carto import --stack prod --all --yes --output clients.yaml",
])
  .option("--id <name=ID>", "the client ID for a declared client; repeatable", variable)
  .option("--all", "take every client that no stack of the backend manages, and write the manifest for it")
  .option("--dry-run", "show what would be imported, and write nothing")
  .option("--no-protect", "do not give deletionProtection to what --all imports")
  .option("--secret <name=VARIABLE>", "environment variable with the secret of a client; repeatable", variable)
  .option("-y, --yes", "do not ask for confirmation")
  .option("-o, --output <file>", "new file that --all writes the manifest to", MANIFEST)
  .action(
    withExitCode(async (file: string | undefined, options: ImportOptions) =>
      (await import("./commands/import.ts")).importClients(file ?? MANIFEST, options),
    ),
  );

clientsCommand("unmanaged", "List your clients that none of the chosen stacks manages", [
  "pulumi-carto unmanaged --env dev,prod",
  "pulumi-carto unmanaged --stack prod --json",
])
  .option("--json", "print one JSON document (version 1)")
  .action(
    withExitCode(async (file: string | undefined, options: UnmanagedOptions) =>
      (await import("./commands/unmanaged.ts")).unmanaged(file ?? MANIFEST, options),
    ),
  );

clientsCommand("doctor", "Check engine, backend, credentials, discovery and CARTO's API", [
  "pulumi-carto doctor",
  "pulumi-carto doctor --env prod --json",
])
  .option("--json", "print one JSON document (version 1)")
  .option("--exit-code", "exit with 4 when an API Access Token of a stack expires within 30 days")
  .action(
    withExitCode(async (file: string | undefined, options: DoctorOptions) =>
      (await import("./commands/doctor.ts")).doctor(file ?? MANIFEST, options),
    ),
  );

command("emulator", "Run a local CARTO on the loopback interface", [
  "pulumi-carto emulator --port 4000 --db carto.sqlite",
  'eval "$(npx pulumi-carto emulator --port 4000 --print-env)"',
])
  .option("-p, --port <port>", "port on 127.0.0.1; 0 for any free one", port, 4000)
  .option("--db <file>", "keep the data in a SQLite file (default: in memory)")
  .option("--print-env", "print the CARTO_* variables for that port and exit")
  .addOption(
    new Option("--identity <name>", "with --print-env: the seeded user to log in as (default: admin)").choices([
      "admin",
      "editor",
      "viewer",
      "small",
    ]),
  )
  .action(
    withExitCode(async (options: EmulatorCommandOptions) => (await import("./commands/emulator.ts")).emulator(options)),
  );

command("report [file]", "Report what a change would do, for reviewers, code scanning and pipelines", [
  "pulumi-carto report --env prod --output report.md --output report.html",
  "pulumi-carto report --diff base.yaml clients.yaml --output report.sarif   # no engine, no credentials",
  "pulumi-carto report --diff base . --fail-on exposure   # two checkouts, with Pulumi.<stack>.yaml",
  "pulumi-carto report --env prod --drift --fail-on any   # nightly: 2 when someone changed a client at CARTO",
])
  .option("-e, --env <names>", "environments, comma-separated (default with --diff: all)", splitNames)
  .option("--drift", "report what was changed at CARTO instead of what `up` would change")
  .option("--diff <paths...>", "compare an older and a newer manifest, two files or directories, without the engine")
  .option("--var <NAME=VALUE>", "set a variable of the manifest; repeatable", variable)
  .addOption(
    new Option("-f, --format <format>", "format (default: by the extension of each output)").choices([
      "markdown",
      "html",
      "json",
      "sarif",
      "junit",
    ]),
  )
  .option("-o, --output <file>", "write to a file: .md, .html, .json, .sarif, .xml; repeatable", collect)
  .addOption(
    new Option("--fail-on <level>", "exit with code 2 at this level or above")
      .choices(["none", "advice", "exposure", "destructive", "any"])
      .default("none"),
  )
  .option("--parallel <count>", "number of environments to run at the same time", positive, 4)
  .option("--wait [seconds]", "wait for another run that holds the stack (default: 600 s)", positive)
  .option("--rules-url <url>", "link each rule to its ID on this page, such as a copy of docs/rules.md")
  .action(
    withExitCode(async (file: string | undefined, options: ReportOptions) =>
      (await import("./commands/report.ts")).report(file ?? MANIFEST, options),
    ),
  );

command("audit", "Verify the record that --audit writes", ["pulumi-carto audit verify audit.jsonl"])
  .command("verify <file>")
  .summary("Find every altered, removed or reordered line")
  .description("Find every altered, removed or reordered line")
  .exitOverride()
  .option("--head <hash>", "the hash that the last run printed, instead of FILE.head")
  .option("--json", "print one JSON document (version 1)")
  .action(
    withExitCode(async (file: string, options: VerifyOptions) =>
      (await import("./commands/audit.ts")).verify(file, options),
    ),
  );

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.invalid;
  else {
    const { errorText } = await import("./context/own-error.ts");
    process.stderr.write(`pulumi-carto: ${errorText(error)}\n`);
    process.exitCode = EXIT.failed;
  }
}
