import { visibleJson } from "../../kinds/visible-text.ts";

/** Prints the one line of `--json`, which schema/command.schema.json documents. */
export function printJson(command: string, ok: boolean, members: object): void {
  process.stdout.write(visibleJson({ version: 1, command, ok, ...members }, 0));
}
