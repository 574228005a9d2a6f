/* Commands that run environments of a manifest on an engine: `preview`, `up`, `refresh`, `destroy`. */

import { Option } from "commander";
import type { DestroyOptions } from "../commands/destroy.ts";
import type { PreviewOptions } from "../commands/preview.ts";
import type { UpOptions } from "../commands/up.ts";
import type { EnvironmentOptions } from "../run/run-environments.ts";
import { collect } from "./options.ts";
import { environmentCommand, MANIFEST, withExitCode } from "./program.ts";

const checkpoints = () =>
  new Option(
    "--checkpoints <when>",
    "write the state at every step, or once at the end (default: once if there is a lot to create or delete)",
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
      (await import("../commands/preview.ts")).preview(file ?? MANIFEST, options),
    ),
  );

environmentCommand("up", "Apply the manifest to CARTO", [
  "pulumi-carto up --env dev",
  "pulumi-carto up --env staging,prod --yes --wait",
  "pulumi-carto up --env prod --plan plans",
])
  .option("-y, --yes", "do not ask for confirmation")
  .option("--refresh", "read the clients from CARTO first")
  .option("--allow-command <line>", "allow deliveries of the manifest to run exactly this command; repeatable", collect)
  .option("--plan <directory>", "apply the plans that `preview --save-plan` wrote, and nothing else")
  .addOption(checkpoints())
  .option("--audit <file>", "append who changed which client to this audit record")
  .action(
    withExitCode(async (file: string | undefined, options: UpOptions) =>
      (await import("../commands/up.ts")).up(file ?? MANIFEST, options),
    ),
  );

environmentCommand("refresh", "Update the state from CARTO, and show what was changed there", [
  "pulumi-carto refresh --env prod",
]).action(
  withExitCode(async (file: string | undefined, options: EnvironmentOptions) =>
    (await import("../commands/refresh.ts")).refresh(file ?? MANIFEST, options),
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
      (await import("../commands/destroy.ts")).destroy(file ?? MANIFEST, options),
    ),
  );
