import type { CommandErrorCode } from "../../error/error-code.ts";
import { visibleJson } from "../../kinds/visible-text.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";

/** Prints the one line of `--json`, which schema/command.schema.json documents. */
export function printJson(command: string, ok: boolean, members: object): void {
  process.stdout.write(visibleJson({ version: 1, command, ok, ...members }, 0));
}

/**
 * Says on stderr why a command does nothing, and with `json` also in its one line.
 *
 * @param members that the line of the command always has. Unset: none
 */
export function refuse(
  command: string,
  { json, ...members }: { json?: boolean | undefined; environments?: readonly never[] },
  message: string,
  exitCode: ExitCode = EXIT.invalid,
): ExitCode {
  const code: CommandErrorCode = "refused";
  if (json) printJson(command, false, { ...members, error: { code, message } });
  process.stderr.write(`${command}: ${message}\n`);
  return exitCode;
}
