import { writeFile } from "node:fs/promises";
import { systemCode } from "../../error/system-code.ts";
import { expiresSoon } from "../../kinds/api-access-token/expiry.ts";
import type { ExistingResource } from "../../kinds/existing.ts";
import { isKindId, KIND_IDS, type KindId } from "../../kinds/index.ts";
import { nearestName } from "../../kinds/nearest-name.ts";
import { visible } from "../../kinds/visible-text.ts";
import { writeManifest } from "../../manifest/write-manifest.ts";
import { listExisting } from "../context/existing.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { printJson, refuse } from "../context/json.ts";
import type { SelectionOptions } from "../context/selection.ts";
import { type ChosenStack, withStacks } from "../run/stacks.ts";

/** Options of `export`. */
export interface ExportOptions extends SelectionOptions {
  /** Only resources of this kind, as in `kind: spa`. Unset: all. */
  kind?: string;
  /** Unset: stdout. */
  output?: string;
  json?: boolean;
}

/** Writes the calling user's resources at CARTO as a manifest. */
export function exportClients(file: string, options: ExportOptions): Promise<ExitCode> {
  const { kind, output, json } = options;
  if (kind !== undefined && !isKindId(kind)) {
    const near = nearestName(kind, KIND_IDS);
    const advice = near === undefined ? `write one of ${KIND_IDS.join(", ")}` : `did you mean ${near}?`;
    const problem = `${JSON.stringify(kind)} is not a kind of resource: ${advice}`;
    return Promise.resolve(refuse("export", { json }, problem));
  }
  return withStacks("export", file, options, async ([stack]) => {
    const existing = stack === undefined ? [] : await ownResources("export", stack, kind && new Set([kind]));
    const resources = declarable("export", existing);
    const manifest = writeManifest(resources);
    if (!json) return writeText("export", manifest, options);
    const written = output === undefined ? EXIT.done : await writeText("export", manifest, options);
    const clients = resources.map((one) => ({ clientId: one.id, kind: one.kind, name: one.name }));
    const where = output === undefined ? { manifest } : { output };
    if (written === EXIT.done) printJson("export", true, { clients, ...where });
    return written;
  });
}

/**
 * The calling user's resources without the client that the command logs in with. What could not be listed is said on stderr.
 *
 * @param kinds those that have to be listed; unset: all that the tenant has
 */
export async function ownResources(
  command: string,
  stack: ChosenStack,
  kinds?: ReadonlySet<KindId>,
): Promise<ExistingResource[]> {
  const { resources, unlisted } = await listExisting(stack.configuration(), kinds);
  for (const reason of unlisted) process.stderr.write(`${command}: left out: ${reason}\n`);
  return resources;
}

/** Those that a manifest can declare. Of the others stderr says why not. */
export function declarable(command: string, existing: readonly ExistingResource[]): ExistingResource[] {
  const now = Date.now();
  return existing.filter((resource) => {
    if (!("expirationDate" in resource) || typeof resource.expirationDate !== "string") return true;
    if (expiresSoon(resource.expirationDate, now) !== "expired") return true;
    const problem = "has expired and can no longer be declared: delete it at CARTO";
    process.stderr.write(`${command}: left out: API Access Token "${visible(resource.name)}" ${problem}\n`);
    return false;
  });
}

/** Never over a file that is there. */
export async function writeText(
  command: string,
  text: string,
  { output, json }: { output?: string; json?: boolean },
): Promise<ExitCode> {
  if (output === undefined) {
    process.stdout.write(text);
    return EXIT.done;
  }
  try {
    await writeFile(output, text, { flag: "wx" });
    return EXIT.done;
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
    return refuse(command, { json }, `${output} already exists: choose another file with --output`);
  }
}
