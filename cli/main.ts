#!/usr/bin/env node
/* The `pulumi-carto` command: parses its arguments and runs the subcommand. */
import "./process.ts";
import { CommanderError } from "commander";
import { keepCompiledCode } from "./compile-cache.ts";
import { EXIT } from "./context/exit-code.ts";
import { readProcessSettings } from "./context/process-settings.ts";
import { program } from "./usage/program.ts";
// The subcommands, in the order of --help. Each one's code is loaded when it runs: `check` starts without Pulumi, the engine or the emulator.
// commander hands over options as `any`: each action names their type, once.
import "./usage/manifest-commands.ts";
import "./usage/environment-commands.ts";
import "./usage/stack-commands.ts";
import "./usage/client-commands.ts";
import "./usage/tool-commands.ts";

if (!readProcessSettings().ci) keepCompiledCode();

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
