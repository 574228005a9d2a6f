import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildGoTool } from "../engine/index.ts";
import { packageSchema } from "../plugin/schema.ts";

const REPOSITORY = join(import.meta.dirname, "..");
const TARGET = join(REPOSITORY, ".pulumi-carto/sdks");
const GENERATOR = { module: "gen-sdk", package: ".", executable: "gen-sdk" };

const run = promisify(execFile);

/**
 * Makes `.pulumi-carto/sdks/python` and `go` from the plugin's schema, and installs the former into `venv` beside them. Does nothing
 * where both are there already and the schema is the same.
 *
 * @returns whether all of it worked; each reason is logged
 */
export async function buildSdks(log: (line: string) => void): Promise<boolean> {
  const facts = JSON.parse(await readFile(join(REPOSITORY, "package.json"), "utf8"));
  const schema = JSON.stringify(packageSchema(facts));
  const generator = await readFile(join(REPOSITORY, "engine/go/gen-sdk/main.go"), "utf8");
  const stamp = createHash("sha256").update(schema).update(generator).digest("hex");
  const [generated, ready] = [join(TARGET, "stamp"), join(TARGET, "venv/bin/pulumi_carto.ready")];
  if ((await contentOf(generated)) !== stamp) {
    log("Generating the Python and Go packages, which takes up to 2 minutes the first time");
    try {
      await generate(schema);
      await writeFile(generated, stamp);
    } catch (error) {
      log(`The packages could not be generated: ${reasonOf(error)}`);
      return false;
    }
  }
  if ((await contentOf(ready)) !== stamp) {
    log("Installing the Python package");
    try {
      await installPython();
      await writeFile(ready, stamp);
    } catch (error) {
      log(`The Python package could not be installed, and Python programs are not tested: ${reasonOf(error)}`);
      return false;
    }
  }
  log(`The packages are in ${TARGET}`);
  return true;
}

async function generate(schema: string): Promise<void> {
  await mkdir(TARGET, { recursive: true });
  const file = join(TARGET, "schema.json");
  await writeFile(file, schema);
  const root = await mkdtemp(join(TARGET, "unfinished-"));
  try {
    const generator = await buildGoTool(GENERATOR, root);
    await run(generator, [file, root]);
    for (const language of ["python", "go"]) {
      await rm(join(TARGET, language), { recursive: true, force: true });
      await cp(join(root, language), join(TARGET, language), { recursive: true });
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function installPython(): Promise<void> {
  const venv = join(TARGET, "venv");
  await rm(venv, { recursive: true, force: true });
  await run("python3", ["-m", "venv", venv]);
  await run(join(venv, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", join(TARGET, "python")]);
}

async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.trim() : String(error);
}
