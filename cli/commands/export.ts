import { writeFile } from "node:fs/promises";
import { ownClientId } from "../../carto/configuration.ts";
import type { ClientKind, OAuthClient } from "../../kinds/oauth-client/oauth-client.ts";
import { writeManifest } from "../../manifest/write-manifest.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import type { SelectionOptions } from "../context/selection.ts";
import { listClients } from "../context/tenant.ts";
import { type ChosenStack, withStacks } from "../run/stacks.ts";

/** Options of `export`. */
export interface ExportOptions extends SelectionOptions {
  kind?: ClientKind;
  /** Unset: stdout. */
  output?: string;
}

/** Writes the calling user's clients as a manifest. */
export function exportClients(file: string, options: ExportOptions): Promise<ExitCode> {
  return withStacks("export", file, options, async ([stack]) => {
    const clients = stack === undefined ? [] : await ownClients(stack);
    const chosen = clients.filter(({ kind }) => options.kind === undefined || kind === options.kind);
    return writeText("export", writeManifest(chosen), options.output);
  });
}

/** The calling user's clients without the one that the command logs in with. */
export async function ownClients(stack: ChosenStack): Promise<OAuthClient[]> {
  const configuration = stack.configuration();
  const clients = await listClients(configuration);
  return clients.filter(({ id }) => id !== ownClientId(configuration));
}

/** Never over a file that is there. */
export async function writeText(command: string, text: string, output: string | undefined): Promise<ExitCode> {
  if (output === undefined) {
    process.stdout.write(text);
    return EXIT.done;
  }
  try {
    await writeFile(output, text, { flag: "wx" });
    return EXIT.done;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    process.stderr.write(`${command}: ${output} is there already: name another file with --output\n`);
    return EXIT.invalid;
  }
}
