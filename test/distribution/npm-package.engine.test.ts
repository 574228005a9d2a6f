import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { findEngine } from "../../engine/index.ts";

/* The package as npm installs it from its archive, in a fresh project outside of this repository, by the README's own lines. */

const REPOSITORY = join(import.meta.dirname, "..", "..");
const manifest = JSON.parse(await readFile(join(REPOSITORY, "package.json"), "utf8"));
/** The oldest Node and SDK that package.json allows; the Node that the repository runs on, with the SDK that npm chooses: the newest. */
const VERSIONS = [
  ["22.19.0", manifest.dependencies["@pulumi/pulumi"].replace("^", "")],
  [process.versions.node, "newest"],
] as const;

const readme = await readFile(join(REPOSITORY, "README.md"), "utf8");
const [, programSection = "", manifestSection = ""] = readme.split(/^## Use it (?:in a program|with a manifest)$/m);
const block = (text: string, language: string) => text.split(`\`\`\`${language}\n`)[1]?.split("```")[0] ?? "";

let directory: string;
let archive: string;
let emulator: Emulator;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "pulumi-carto-package-"));
  emulator = await startEmulator();
  const packed = await run(
    "npm",
    ["pack", "--ignore-scripts", "--silent", "--pack-destination", directory],
    REPOSITORY,
  );
  archive = join(directory, packed.stdout.trim());
});
afterAll(async () => {
  await emulator?.close();
  await rm(directory, { recursive: true, force: true });
});

interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

function run(program: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = process.env): Promise<Result> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { cwd, env, timeout: 120_000 }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

/** The folder of a `node` of this version: the own one, or one that npm installs once and keeps. */
async function nodeFolder(version: string): Promise<string> {
  if (version === process.versions.node) return dirname(process.execPath);
  const name = `node-${process.platform}-${process.arch}`;
  const home = join(REPOSITORY, ".pulumi-carto", `${name}-${version}`);
  if (!existsSync(home)) {
    const beside = await mkdtemp(join(REPOSITORY, ".pulumi-carto", `${name}-`));
    const installed = await run("npm", ["install", "--no-save", "--prefix", beside, `${name}@${version}`], beside);
    if (installed.code !== 0) throw new Error(`npm cannot install Node ${version}: ${installed.stderr}`);
    // Another run may have been quicker.
    await rename(beside, home).catch(() => rm(beside, { recursive: true, force: true }));
  }
  return join(home, "node_modules", name, "bin");
}

/** As a user's shell: neither this repository's programs nor npm's variables of the run that tests it. */
async function userEnvironment(version: string, project: string): Promise<NodeJS.ProcessEnv> {
  const engine = await findEngine();
  if (engine === undefined) throw new Error("There is no Pulumi engine: run `npm run engine` first");
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(?!config_)|PULUMI_|CARTO_|NODE_(OPTIONS|PATH|ENV)|VITEST)/.test(name),
  );
  const own = (process.env.PATH ?? "").split(delimiter).filter((path) => !path.includes("node_modules"));
  return {
    ...Object.fromEntries(inherited),
    PATH: [await nodeFolder(version), engine.bin, ...own].join(delimiter),
    PULUMI_HOME: join(project, ".pulumi-home"),
    PULUMI_BACKEND_URL: `file://${join(project, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "try",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    NO_COLOR: "1",
    ...emulator.env,
  };
}

/** npm's warnings, without that of newer versions on the install script of protobufjs, which every program with @pulumi/pulumi has. */
function avoidable(stderr: string): string[] {
  const text =
    /^npm warn install-scripts( \d+ packages? ha\S+ install scripts not yet covered by allowScripts:| {3}protobufjs@.*| Run `npm install-scripts ls` .*)?$/;
  return stderr.split("\n").filter((line) => line !== "" && !text.test(line));
}

test("npm ci links the commands of this repository, which are built after it", async () => {
  for (const name of ["pulumi-carto", "pulumi-resource-carto"]) {
    await access(join(REPOSITORY, "node_modules/.bin", name));
  }
});

describe.each(VERSIONS)("on Node %s with the SDK %s", (version, sdk) => {
  let project: string;
  let env: NodeJS.ProcessEnv;
  const shell = (script: string) => run("bash", ["-ec", script], project, env);
  beforeAll(async () => {
    project = join(directory, version);
    await mkdir(join(project, "state"), { recursive: true });
    env = await userEnvironment(version, project);
  });

  test("the README's lines install the package in a fresh project, and npm warns of nothing that is ours", async () => {
    const lines = block(programSection, "sh").replace(/PATH_OF_THIS_REPOSITORY\S+/, archive);
    expect(lines).toContain(archive);
    const installed = await shell(lines);
    expect(installed.code, installed.stderr).toBe(0);
    expect(avoidable(installed.stderr)).toEqual([]);
    expect(installed.stdout).not.toMatch(/warn|deprecated/i);
    expect((await shell("node --version")).stdout).toBe(`v${version}\n`);
    if (sdk === "newest") return;
    const older = await shell(`npm install --silent @pulumi/pulumi@${sdk} && npm ls @pulumi/pulumi`);
    expect(older.code, older.stderr).toBe(0);
    expect(new Set(older.stdout.match(/@pulumi\/pulumi@[\d.]+/g))).toEqual(new Set([`@pulumi/pulumi@${sdk}`]));
  });

  test("it is imported as an ES module and as CommonJS, and nothing is printed", async () => {
    for (const [name, text] of [
      [
        "esm.mjs",
        'import { SpaOAuthClient, checkSpaOAuthClient } from "pulumi-carto"; import { readManifest } from "pulumi-carto/manifest"; console.log(typeof SpaOAuthClient, typeof readManifest, checkSpaOAuthClient({ name: "a" }).length);',
      ],
      [
        "commonjs.cjs",
        'const { SpaOAuthClient, checkSpaOAuthClient } = require("pulumi-carto"); const { readManifest } = require("pulumi-carto/manifest"); console.log(typeof SpaOAuthClient, typeof readManifest, checkSpaOAuthClient({ name: "a" }).length);',
      ],
    ] as const) {
      await writeFile(join(project, name), text);
      expect(await shell(`node ${name}`)).toEqual({ code: 0, stdout: "function function 1\n", stderr: "" });
    }
  });

  test("the README's program is previewed and applied without a warning", async () => {
    await writeFile(join(project, "index.ts"), block(programSection, "ts"));
    const stack = await shell("pulumi stack init dev");
    expect(stack.code, stack.stderr).toBe(0);
    for (const command of ["preview", "up --yes --skip-preview", "destroy --yes --skip-preview"]) {
      const { code, stdout, stderr } = await shell(`pulumi ${command} --non-interactive`);
      expect([command, code, stderr], stdout).toEqual([command, 0, ""]);
      expect(stdout).not.toMatch(/warning|deprecated/i);
      if (command.startsWith("up")) {
        expect(
          emulator
            .clients()
            .map(({ title }) => title)
            .sort(),
        ).toEqual(["Delivery map", "Nightly import"]);
      }
    }
    expect(emulator.clients()).toEqual([]);
  });

  test("the README's manifest is checked and previewed by the command", async () => {
    await writeFile(join(project, "clients.yaml"), block(manifestSection, "yaml"));
    const checked = await shell("npx pulumi-carto check");
    expect([checked.code, checked.stderr], checked.stdout).toEqual([0, ""]);
    const { code, stdout, stderr } = await shell("npx pulumi-carto preview --env dev,prod");
    expect([code, stderr], stdout).toEqual([0, ""]);
    expect(stdout).toContain("2 to create");
    expect(stdout).not.toMatch(/warning/i);
  });
});
