import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CheckedInputs } from "../kinds/inputs.ts";
import type { Properties } from "../kinds/kind.ts";
import type { ClientOutputs } from "../provider/client-state.ts";
import { handler as m2m } from "../provider/m2m.ts";
import { handler as spa } from "../provider/spa.ts";
import type { Declaration, DeclaredClient } from "./schedule.ts";

/*
 * `node provider-process.ts up|refresh-up|destroy DIRECTORY` calls the real provider as the engine does: read, check, diff,
 * perhaps a second check, create or update, last the deletes; a checkpoint after each step.
 */

interface Resource {
  logicalName: string;
  kind: DeclaredClient["kind"];
  id: string;
  inputs: Properties;
  outs: ClientOutputs & { clientSecret?: string };
  /** Replaced, or no longer declared. */
  delete?: boolean;
}

const PROVIDER = { __provider: "text" };
const providers = { spa: spa(), m2m: m2m() };

/** The state; empty before the first run. */
export function readCheckpoint(directory: string): Resource[] {
  try {
    return JSON.parse(readFileSync(join(directory, "state.json"), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

async function operate(operation: string, directory: string): Promise<void> {
  let resources = readCheckpoint(directory);
  const save = (changed: Resource[]) => {
    resources = changed;
    writeFileSync(join(directory, "state.new"), JSON.stringify(resources));
    renameSync(join(directory, "state.new"), join(directory, "state.json"));
  };
  const replace = (old: Resource, ...by: Resource[]) =>
    save(resources.flatMap((resource) => (resource === old ? by : [resource])));
  for (const provider of Object.values(providers)) await provider.configure({ config: { get: () => undefined } });

  if (operation === "refresh-up") {
    for (const resource of resources.filter((found) => !found.delete)) {
      const read = await providers[resource.kind].read(resource.id, { ...resource.outs, ...PROVIDER });
      if (read.id === "") replace(resource);
      else {
        const inputs = "inputs" in read && read.inputs ? { ...read.inputs } : resource.inputs;
        replace(resource, { ...resource, inputs, outs: read.props as Resource["outs"] });
      }
    }
  }
  if (operation !== "destroy") {
    const declared = JSON.parse(readFileSync(join(directory, "clients.json"), "utf8")) as Declaration;
    for (const [logicalName, client] of Object.entries(declared)) {
      await settle(directory, logicalName, client);
    }
    save(resources.map((resource) => (declared[resource.logicalName] ? resource : { ...resource, delete: true })));
  }
  for (const resource of [...resources].filter((found) => operation === "destroy" || found.delete)) {
    await providers[resource.kind].delete(resource.id, { ...resource.outs, ...PROVIDER });
    replace(resource);
  }

  async function settle(stack: string, logicalName: string, { kind, ...args }: DeclaredClient): Promise<void> {
    const provider = providers[kind];
    const key = createHash("sha256").update(`${stack} ${logicalName}`).digest("base64url").slice(0, 16);
    const news = { ...args, __key: key, ...PROVIDER };
    const check = async (olds: Properties) => {
      const { inputs, failures } = await provider.check(olds, { ...news });
      if (failures.length > 0) throw new Error(JSON.stringify(failures));
      return inputs as unknown as CheckedInputs;
    };
    const create = async (inputs: CheckedInputs): Promise<Resource> => {
      const { id, outs } = await provider.create({ ...inputs, ...PROVIDER });
      return { logicalName, kind, id, inputs: { ...inputs }, outs };
    };
    const old = resources.find((found) => found.logicalName === logicalName && !found.delete);
    if (!old) return save([...resources, await create(await check({}))]);
    const inputs = await check({ ...old.inputs, ...PROVIDER });
    const { changes, replaces } = await provider.diff(old.id, { ...old.outs, ...PROVIDER }, { ...inputs });
    if (replaces) return replace(old, await create(await check({})), { ...old, delete: true });
    const outs = changes ? (await provider.update(old.id, old.outs, { ...inputs, ...PROVIDER })).outs : old.outs;
    replace(old, { ...old, inputs: { ...inputs }, outs });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [operation = "", directory = ""] = process.argv.slice(2);
  await operate(operation, directory);
  process.exit(0); // open connections would keep the process
}
