/* Commands that read and write manifests, without an engine: `check`, `init`, `schema`; and `report`, which needs one for stacks only. */

import { Option } from "commander";
import type { CheckOptions } from "../commands/check.ts";
import type { InitOptions } from "../commands/init.ts";
import type { ReportOptions } from "../commands/report.ts";
import type { SchemaOptions } from "../commands/schema.ts";
import { collect, positive, splitNames, variable } from "./options.ts";
import { command, MANIFEST, withExitCode } from "./program.ts";

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
      (await import("../commands/check.ts")).check(files, options),
    ),
  );

command("init", "Write a commented clients.yaml, editor settings and, on request, a pipeline", [
  "pulumi-carto init",
  "pulumi-carto init --pipeline github",
])
  .addOption(
    new Option("--pipeline <system>", "also write a pipeline for this CI system").choices(["github", "gitlab"]),
  )
  .action(withExitCode(async (options: InitOptions) => (await import("../commands/init.ts")).init(options)));

command("schema", "Print the JSON Schema of clients.yaml", [
  "pulumi-carto schema",
  "pulumi-carto schema --output schema/clients.schema.json",
])
  .option("-o, --output <file>", "write to a file instead of stdout")
  .action(withExitCode(async (options: SchemaOptions) => (await import("../commands/schema.ts")).schema(options)));

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
  .option("--wait [seconds]", "wait for another run that has locked the stack (default: 600 s)", positive)
  .option("--rules-url <url>", "link each rule to its ID on this page, such as a copy of docs/rules.md")
  .action(
    withExitCode(async (file: string | undefined, options: ReportOptions) =>
      (await import("../commands/report.ts")).report(file ?? MANIFEST, options),
    ),
  );
