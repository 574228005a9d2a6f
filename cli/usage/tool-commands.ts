/* Commands outside daily work: `doctor`, `emulator`, `audit`, `completion`. */

import { Argument, Option } from "commander";
import type { VerifyOptions } from "../commands/audit.ts";
import type { Shell } from "../commands/completion.ts";
import type { DoctorOptions } from "../commands/doctor.ts";
import type { EmulatorCommandOptions } from "../commands/emulator.ts";
import { port } from "./options.ts";
import { clientsCommand, command, MANIFEST, program, withExitCode } from "./program.ts";

clientsCommand("doctor", "Check engine, backend, credentials, discovery and CARTO's API", [
  "pulumi-carto doctor",
  "pulumi-carto doctor --env prod --json",
  "pulumi-carto doctor --env dev --probe",
  "pulumi-carto doctor --env dev --probe --write-contract contract.yaml",
])
  .option("--json", "print one JSON document (version 1)")
  .option("--probe", "also create, update and delete a throwaway client, to compare CARTO with the assumed contract")
  .option(
    "--write-contract <file>",
    "with --probe: write a draft of a contract file where CARTO differs from the assumed one",
  )
  .option("-y, --yes", "do not ask before --probe")
  .option("--exit-code", "exit with 4 when an API Access Token of a stack expires within 30 days")
  .action(
    withExitCode(async (file: string | undefined, options: DoctorOptions) =>
      (await import("../commands/doctor.ts")).doctor(file ?? MANIFEST, options),
    ),
  );

command("emulator", "Run a local CARTO on the loopback interface", [
  "pulumi-carto emulator --port 4000 --db carto.sqlite",
  'eval "$(npx pulumi-carto emulator --port 4000 --print-env)"',
])
  .option("-p, --port <port>", "port on 127.0.0.1; 0 for any free port", port, 4000)
  .option("--db <file>", "keep the data in a SQLite file (default: in memory)")
  .option("--contract <file>", "serve the APIs with the differences that this file lists (docs/emulator.md)")
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
    withExitCode(async (options: EmulatorCommandOptions) =>
      (await import("../commands/emulator.ts")).emulator(options),
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
      (await import("../commands/audit.ts")).verify(file, options),
    ),
  );

command("completion", "Print the completion script of a shell", [
  "source <(pulumi-carto completion bash)   # in ~/.bashrc",
  "source <(pulumi-carto completion zsh)    # in ~/.zshrc, after compinit",
  "pulumi-carto completion fish > ~/.config/fish/completions/pulumi-carto.fish",
])
  .addArgument(new Argument("<shell>", "the shell").choices(["bash", "zsh", "fish"]))
  .action(withExitCode(async (shell: Shell) => (await import("../commands/completion.ts")).completion(shell)));

// The completion scripts call it on each press of Tab.
program
  .command("__complete [words...]", { hidden: true })
  .exitOverride()
  .action(
    withExitCode(async (words: string[]) =>
      (await import("../commands/complete.ts")).complete(program, MANIFEST, words),
    ),
  );
