/* Commands over the state of environments: `output`, `stack`, `move`, `cancel`. */

import type { CancelOptions } from "../commands/cancel.ts";
import type { MoveOptions } from "../commands/move.ts";
import type { OutputCommandOptions } from "../commands/output.ts";
import type { StackOptions } from "../commands/stack.ts";
import { variable } from "./options.ts";
import { clientsCommand, command, MANIFEST, withExitCode } from "./program.ts";

clientsCommand("output", "Print client IDs, and secrets on request, from the state", [
  "pulumi-carto output --env dev",
  "pulumi-carto output --env prod --client web --json | jq -r '.environments[].clients[].clientId'",
  "pulumi-carto output --env dev --dotenv --show-secrets > .env",
])
  .option("--client <name>", "only the client with this logical name")
  .option("--json", "print one JSON document (version 1)")
  .option("--dotenv", "print NAME=value lines for one environment")
  .option("--show-secrets", "print secrets in plain text (default: masked)")
  .action(
    withExitCode(async (file: string | undefined, options: OutputCommandOptions) =>
      (await import("../commands/output.ts")).output(file ?? MANIFEST, options),
    ),
  );

clientsCommand("stack", "Print the full name and backend of each stack, and the pulumi command line for it", [
  "pulumi-carto stack --env prod",
])
  .option("--json", "print one JSON document (version 1)")
  .action(
    withExitCode(async (file: string | undefined, options: StackOptions) =>
      (await import("../commands/stack.ts")).stack(file ?? MANIFEST, options),
    ),
  );

command("move <client> [file]", "Move a client from one environment's stack to another's; its ID and secret stay", [
  "pulumi-carto move web --from staging --to prod",
])
  .requiredOption("--from <environment>", "environment to move the client from")
  .requiredOption("--to <environment>", "environment to move the client to")
  .option("--var <NAME=VALUE>", "set a variable of the manifest; repeatable", variable)
  .option("-y, --yes", "do not ask for confirmation")
  .option("--json", "print one JSON document (version 1)")
  .action(
    withExitCode(async (client: string, file: string | undefined, options: MoveOptions) =>
      (await import("../commands/move.ts")).move(client, file ?? MANIFEST, options),
    ),
  );

clientsCommand("cancel", "Remove the lock that a killed run left behind", ["pulumi-carto cancel --env prod"])
  .option("-y, --yes", "do not ask for confirmation")
  .option("--json", "print one JSON document (version 1)")
  .action(
    withExitCode(async (file: string | undefined, options: CancelOptions) =>
      (await import("../commands/cancel.ts")).cancel(file ?? MANIFEST, options),
    ),
  );
