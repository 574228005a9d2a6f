import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { packPlugin } from "../../distribution/plugin-package.ts";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { type PulumiWorkspace, pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

/* What the next `up` makes of one that failed or was killed. */

const program = (name: string) => ({
  "Pulumi.yaml": `
name: test
runtime: yaml
resources:
  web: { type: "carto:SpaOAuthClient", properties: { name: ${name}, applicationLoginUrl: "https://app.example.com/" } }
outputs: { secret: "\${web.clientSecret}" }
`,
});

const FAILS = { fault: "status", status: 500, times: 10 } as const;

let emulator: Emulator;
let target: string;
beforeAll(async () => {
  target = await mkdtemp(join(import.meta.dirname, "../../.pulumi-carto/plugin-"));
});
beforeEach(async () => {
  await emulator?.close();
  emulator = await startEmulator();
});
afterAll(async () => {
  await emulator?.close();
  await rm(target, { recursive: true, force: true });
});

async function client(workspace: PulumiWorkspace) {
  const all = (await workspace.resources("--show-secrets")).filter(({ type }) => type.startsWith("carto:index:"));
  expect(all.length).toBeLessThanOrEqual(1);
  return all[0];
}

test("a client that was created, but could not be brought to what is declared, is in the state, and the next up finishes it", async () => {
  await using workspace = await pulumiWorkspace({
    files: program("Web"),
    env: emulator.env,
    language: "yaml",
    plugin: true,
  });
  emulator.faults.add({ ...FAILS, call: "createOAuthClient", when: "after" });
  expect((await workspace.pulumi("up")).code).not.toBe(0);
  expect(await client(workspace)).toBeUndefined();
  const [made] = emulator.clients();
  emulator.faults.clear();

  await workspace.write(program("Website"));
  emulator.faults.add({ call: "updateOAuthClient", fault: "status", status: 403 });
  const failed = await workspace.pulumi("up");
  expect([failed.code === 0, failed.stdout.includes("the calling user may not do this (403)")]).toEqual([false, true]);
  const unfinished = await client(workspace);
  expect(unfinished).toMatchObject({ id: made?.client_id, outputs: { name: "Web", clientId: made?.client_id } });
  expect(unfinished?.initErrors).toHaveLength(1);
  expect(JSON.parse(unfinished?.outputs?.clientSecret.plaintext)).toMatch(/./);
  emulator.faults.clear();

  await workspace.succeed("up");
  expect((await client(workspace))?.initErrors ?? []).toEqual([]);
  expect(emulator.clients()).toMatchObject([{ client_id: made?.client_id, title: "Website" }]);
  await workspace.succeed("destroy");
  expect(emulator.clients()).toEqual([]);
});

test("a newer version of the plugin finishes what an up of the older one left", async () => {
  await using workspace = await pulumiWorkspace({ files: program("Web"), env: emulator.env, language: "yaml" });
  workspace.env.PATH = (workspace.env.PATH ?? "")
    .split(":")
    .filter((path) => !path.includes("node_modules/.bin"))
    .join(":");
  const install = async (version: string) => {
    const { archives } = await packPlugin(join(target, version), version);
    await workspace.succeed("plugin", "install", "resource", "carto", version, "--file", archives[0] ?? "");
  };
  await install("0.1.0");
  emulator.faults.add({ ...FAILS, call: "createOAuthClient", when: "after" });
  expect((await workspace.pulumi("up")).code).not.toBe(0);
  expect(await client(workspace)).toBeUndefined();
  const [made] = emulator.clients();
  emulator.faults.clear();

  await install("0.2.0");
  const up = await workspace.succeed("up");
  expect(up.stdout).toContain("was not created but adopted");
  expect((await client(workspace))?.id).toBe(made?.client_id);
  expect(emulator.clients()).toHaveLength(1);
});
