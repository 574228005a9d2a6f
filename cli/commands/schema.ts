import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { manifestJsonSchema } from "../../manifest/shape.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";

/** Options of `schema`. */
export interface SchemaOptions {
  /** Unset: stdout. */
  output?: string;
}

/** Prints the JSON Schema of clients.yaml, or writes it to a file. */
export async function schema(options: SchemaOptions): Promise<ExitCode> {
  const text = `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`;
  if (options.output === undefined) {
    process.stdout.write(text);
  } else {
    await mkdir(dirname(options.output), { recursive: true });
    await writeFile(options.output, text);
  }
  return EXIT.done;
}
