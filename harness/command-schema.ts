import { readFileSync } from "node:fs";
import { Ajv } from "ajv";

const SCHEMA: object = JSON.parse(readFileSync(new URL("../schema/command.schema.json", import.meta.url), "utf8"));
const validate = new Ajv({ strict: false, allErrors: true }).compile(SCHEMA);

/** How the output of a command with `--json` differs from schema/command.schema.json; empty if it does not. */
export function undocumented(stdout: string): string[] {
  if (!/^[^\n]+\n$/.test(stdout)) return ["it is not one line"];
  validate(JSON.parse(stdout));
  return (validate.errors ?? []).map(
    ({ schemaPath, instancePath, message }) => `${schemaPath} ${instancePath} ${message}`,
  );
}
