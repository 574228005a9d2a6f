import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildGoTool } from "../engine/index.ts";
import { packageSchema } from "../plugin/schema.ts";

const REPOSITORY = join(import.meta.dirname, "..");
const TARGET = join(REPOSITORY, ".pulumi-carto/sdks");
const GO_EXAMPLE = join(REPOSITORY, "examples/go");
const GENERATOR = { module: "gen-sdk", package: ".", executable: "gen-sdk" };

/** The generator writes packages, no module. The version is that of `examples/go`. */
const GO_MODULE = `module example.com/pulumi-carto/sdk/go

go 1.25

require github.com/pulumi/pulumi/sdk/v3 v3.255.0
`;

const run = promisify(execFile);

/** What is done once for each schema, what to say of it, and the file that says that it was done. */
interface Step {
  doing: string;
  failed: string;
  done: string;
  run: () => Promise<unknown>;
}

/**
 * Makes `.pulumi-carto/sdks/python` and `go` from the plugin's schema, installs the former into `venv` next to them and compiles the
 * latter, so that no test waits for it. Does nothing where all is there already and the schema is the same.
 *
 * @returns whether all of it worked; each reason is logged
 */
export async function buildSdks(log: (line: string) => void): Promise<boolean> {
  const facts = JSON.parse(await readFile(join(REPOSITORY, "package.json"), "utf8"));
  const schema = JSON.stringify(packageSchema(facts));
  const generator = await readFile(join(REPOSITORY, "engine/go/gen-sdk/main.go"), "utf8");
  const stamp = createHash("sha256").update(schema).update(generator).update(GO_MODULE).digest("hex");
  const steps: Step[] = [
    {
      doing: "Generating the Python and Go packages, which takes up to 2 minutes the first time",
      failed: "The packages could not be generated, and neither Python nor Go programs are tested",
      done: "stamp",
      run: () => generate(schema),
    },
    {
      doing: "Installing the Python package",
      failed: "The Python package could not be installed, and Python programs are not tested",
      done: "venv/bin/pulumi_carto.ready",
      run: installPython,
    },
    {
      doing: "Compiling the Go package, which takes some minutes the first time",
      failed: "The Go package could not be compiled, and Go programs are not tested",
      done: "go/ready",
      run: () => run("go", ["build", "-buildvcs=false", "-o", join(TARGET, "go/example"), "."], { cwd: GO_EXAMPLE }),
    },
  ];
  let worked = true;
  for (const { doing, failed, done, run: work } of steps) {
    if ((await contentOf(join(TARGET, done))) === stamp) continue;
    log(doing);
    try {
      await work();
      await writeFile(join(TARGET, done), stamp);
    } catch (error) {
      worked = false;
      await rm(join(TARGET, done), { force: true });
      log(`${failed}: ${error instanceof Error ? error.message.trim() : String(error)}`);
    }
  }
  log(`The packages are in ${TARGET}`);
  return worked;
}

async function generate(schema: string): Promise<void> {
  await mkdir(TARGET, { recursive: true });
  const file = join(TARGET, "schema.json");
  await writeFile(file, schema);
  const root = await mkdtemp(join(TARGET, "unfinished-"));
  try {
    const generator = await buildGoTool(GENERATOR, root);
    await run(generator, [file, root]);
    await writeFile(join(root, "go", "go.mod"), GO_MODULE);
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
