/* Commands over the clients that exist at CARTO: `export`, `import`, `unmanaged`. */

import type { ExportOptions } from "../commands/export.ts";
import type { ImportOptions } from "../commands/import.ts";
import type { UnmanagedOptions } from "../commands/unmanaged.ts";
import { variable } from "./options.ts";
import { clientsCommand, MANIFEST, withExitCode } from "./program.ts";

clientsCommand("export", "Write your clients, tokens and applications as a manifest, without secrets", [
  "pulumi-carto export --output clients.yaml",
  "pulumi-carto export --env prod --kind spa",
])
  .option("--kind <kind>", "only resources of this kind, as in `kind: spa` of a manifest")
  .option("-o, --output <file>", "write to a new file instead of stdout")
  .option("--json", "print one JSON document (version 1), with the manifest in it unless it is written to a file")
  .action(
    withExitCode(async (file: string | undefined, options: ExportOptions) =>
      (await import("../commands/export.ts")).exportClients(file ?? MANIFEST, options),
    ),
  );

clientsCommand("import", "Bring existing clients, tokens and applications under management", [
  "pulumi-carto import --env prod",
  "pulumi-carto import --env prod --id web=4jpQ1X…",
  "pulumi-carto import --env prod --token-file map=map.token",
  "pulumi-carto import --stack prod --all --dry-run",
  "pulumi-carto import --stack prod --all --yes --output clients.yaml",
])
  .option("--id <name=ID>", "the ID for a declared client, token or application; repeatable", variable)
  .option(
    "--token-file <name=FILE>",
    "file that contains a declared API Access Token (- for stdin); repeatable",
    variable,
  )
  .option("--all", "import everything that no stack of the backend manages, and write a manifest for it")
  .option("--dry-run", "show what would be imported, and write nothing")
  .option("--no-protect", "do not set deletionProtection on what --all imports")
  .option("--secret <name=VARIABLE>", "environment variable that contains a client's secret; repeatable", variable)
  .option("-y, --yes", "do not ask for confirmation")
  .option("-o, --output <file>", "new file that --all writes the manifest to", MANIFEST)
  .option("--json", "print one JSON document (version 1)")
  .action(
    withExitCode(async (file: string | undefined, options: ImportOptions) =>
      (await import("../commands/import.ts")).importClients(file ?? MANIFEST, options),
    ),
  );

clientsCommand("unmanaged", "List your clients, tokens and applications that none of the chosen stacks manages", [
  "pulumi-carto unmanaged --env dev,prod",
  "pulumi-carto unmanaged --stack prod --json",
])
  .option("--json", "print one JSON document (version 1)")
  .action(
    withExitCode(async (file: string | undefined, options: UnmanagedOptions) =>
      (await import("../commands/unmanaged.ts")).unmanaged(file ?? MANIFEST, options),
    ),
  );
