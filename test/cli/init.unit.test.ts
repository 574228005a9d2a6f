import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

let root: string;
let directory: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "pulumi-carto-init-"));
  directory = root;
});
afterEach(() => rm(root, { recursive: true, force: true }));

function pulumiCarto(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [join(ROOT, "cli/main.ts"), ...args], { cwd: directory }, (_, ...out) =>
      resolve({ code: child.exitCode, stdout: out[0], stderr: out[1] }),
    );
  });
}
const read = (path: string) => readFile(join(directory, path), "utf8");

test("init writes a manifest without failures and advice, and editor settings", async () => {
  expect(await pulumiCarto("init")).toEqual({
    code: 0,
    stdout:
      "Created clients.yaml\nCreated .vscode/settings.json\n\nNext: edit clients.yaml, then run `pulumi-carto check`.\n",
    stderr: "",
  });
  expect(JSON.parse(await read(".vscode/settings.json"))).toEqual({
    "yaml.schemas": { "./node_modules/pulumi-carto/schema/clients.schema.json": ["clients.yaml"] },
  });
  const checked = await pulumiCarto("check", "--json");
  const { files } = JSON.parse(checked.stdout);
  expect([checked.code, files[0].failures, files[0].findings]).toEqual([0, [], []]);
  expect(await read("clients.yaml")).toContain(`\nproject: "${basename(directory)}-oauth-clients"\n`);
  const [, page = ""] = /Every key: node_modules\/pulumi-carto\/(\S+)/.exec(await read("clients.yaml")) ?? [];
  expect(await readFile(join(ROOT, page), "utf8")).toContain("## The manifest");
});

test.each([
  ["github", ".github/workflows/oauth-clients.yml"],
  ["gitlab", ".gitlab-ci.yml"],
])("init --pipeline %s writes the pipeline of the examples", async (system, path) => {
  const { code, stdout } = await pulumiCarto("init", "--pipeline", system);
  expect([code, stdout.split("\n")[2]]).toEqual([0, `Created ${path}`]);
  expect(await read(path)).toBe(await readFile(join(ROOT, "examples/pipelines", path), "utf8"));
});

test.each([
  [".My maps", "My-maps-oauth-clients"],
  ["_", "oauth-clients"],
  ["x".repeat(120), `${"x".repeat(80)}-oauth-clients`],
])("in a directory %j, init writes the project %j, which a manifest may have", async (name, project) => {
  directory = join(directory, name);
  await mkdir(directory);
  expect((await pulumiCarto("init")).code).toBe(0);
  expect(await read("clients.yaml")).toContain(`\nproject: "${project}"\n`);
  expect(await pulumiCarto("check")).toMatchObject({ code: 0, stderr: "" });
});

test("init overwrites nothing, and then writes nothing at all", async () => {
  await writeFile(join(directory, "clients.yaml"), "mine");
  expect(await pulumiCarto("init")).toEqual({
    code: 3,
    stdout: "",
    stderr: "init: clients.yaml already exists: move it away first. Nothing was written.\n",
  });
  expect(await read("clients.yaml")).toBe("mine");
  await expect(read(".vscode/settings.json")).rejects.toThrow("ENOENT");
});
