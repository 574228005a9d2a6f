import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const MANIFEST = "version: 1\nclients:\n  robot: { kind: m2m, name: Robot }\nenvironments: { dev: {}, prod: {} }\n";
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "pulumi-carto-import-test-"));
  await writeFile(join(directory, "clients.yaml"), MANIFEST);
});
afterEach(() => rm(directory, { recursive: true }));

/** Runs the command as a process of its own that finds no engine and no credentials: what it begins, fails otherwise. */
function importAll(...args: string[]) {
  const options = { cwd: directory, env: { HOME: directory, TMPDIR: directory, NODE_DISABLE_COMPILE_CACHE: "1" } };
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, [MAIN, "import", "--all", ...args], options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

test.each([
  { title: "named", args: ["--env", "dev,prod", "--output", "taken.yaml"] },
  { title: "all of the manifest", args: ["--output", "taken.yaml"] },
  { title: "named, over a file that is there", args: ["--env", "dev,prod"] },
])("import --all of several environments is refused before anything is started: $title", async ({ args }) => {
  expect(await importAll(...args)).toEqual({
    code: 3,
    stdout: "",
    stderr:
      "import: --all writes one manifest, and 2 environments are chosen (dev, prod): import one at a time with --env, each with an --output of its own\nNothing was imported.\n",
  });
  expect(await readdir(directory)).toEqual(["clients.yaml"]);
});

test("import --all does not begin what it could not write: the file is there already", async () => {
  expect(await importAll("--env", "dev")).toEqual({
    code: 3,
    stdout: "",
    stderr: "import: clients.yaml already exists: choose another file with --output\nNothing was imported.\n",
  });
  expect(await readFile(join(directory, "clients.yaml"), "utf8")).toBe(MANIFEST);
});
