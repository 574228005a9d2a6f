import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

/* The package as npm would publish it, in the four kinds of program that Pulumi runs. */

const run = promisify(execFile);
const REPOSITORY = join(import.meta.dirname, "..", "..");
const ROOT = join(REPOSITORY, ".pulumi-carto", "test");

const ARGS = '{ name: "Web", applicationLoginUrl: "https://app.example.com/" }';
const ESM = `import { SpaOAuthClient } from "pulumi-carto";\nexport const id = new SpaOAuthClient("web", ${ARGS}).clientId;\n`;
const COMMONJS = `const { SpaOAuthClient } = require("pulumi-carto");\nexports.id = new SpaOAuthClient("web", ${ARGS}).clientId;\n`;
// As `pulumi new typescript` writes it.
const TSCONFIG = JSON.stringify({
  compilerOptions: {
    strict: true,
    outDir: "bin",
    target: "es2020",
    module: "commonjs",
    moduleResolution: "node",
    ignoreDeprecations: "6.0",
  },
  files: ["index.ts"],
});

const PROGRAMS = [
  { name: "a JavaScript program with ES modules", type: "module", main: "index.js", files: { "index.js": ESM } },
  { name: "a JavaScript program with CommonJS", type: "commonjs", main: "index.js", files: { "index.js": COMMONJS } },
  { name: "a TypeScript program with ES modules", type: "module", main: "index.ts", files: { "index.ts": ESM } },
  {
    name: "a TypeScript program with CommonJS",
    type: "commonjs",
    main: "index.ts",
    files: { "index.ts": ESM, "tsconfig.json": TSCONFIG },
  },
] as const;

let emulator: Emulator;
let packed: string;

beforeAll(async () => {
  emulator = await startEmulator();
  await mkdir(ROOT, { recursive: true });
  packed = await mkdtemp(join(ROOT, "package-"));
  await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", packed], { cwd: REPOSITORY });
});

afterAll(async () => {
  await emulator?.close();
  await rm(packed, { recursive: true, force: true });
});

test.each(PROGRAMS)("$name declares a client with the packed package", async ({ type, main, files }) => {
  await using workspace = await pulumiWorkspace({ type, main, files: { ...files }, env: emulator.env });
  const installed = join(workspace.directory, "node_modules", "pulumi-carto");
  await mkdir(installed, { recursive: true });
  const [tarball = ""] = await readdir(packed);
  await run("tar", ["-xzf", join(packed, tarball), "-C", installed, "--strip-components=1"]);
  await workspace.succeed("up");
  expect(await workspace.outputs()).toEqual({ id: emulator.clients().at(-1)?.client_id });
  await workspace.succeed("destroy");
  expect(emulator.clients()).toEqual([]);
});
