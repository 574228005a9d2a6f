import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

const manifest = (clients: string) => `version: 1\nclients: ${clients}\nenvironments: { dev: {} }\n`;

const REFUSED =
  "nothing was started: the stack dev manages 2 clients (robot, web), and the manifest declares none of them, so all would be deleted. " +
  "If another manifest uses this stack, give this one a `project` of its own. If the clients were renamed, add `aliases`. " +
  "To delete them, review `preview --save-plan DIRECTORY`, then run `up --plan DIRECTORY`";

let emulator: Emulator;
let command: PulumiCarto;
beforeAll(async () => {
  emulator = await startEmulator();
  command = await PulumiCarto.create(emulator.env);
  await command.write({
    "mine.yaml": manifest("{ robot: { kind: m2m, name: Robot }, web: { kind: m2m, name: Web } }"),
    "other.yaml": manifest("{ nightly: { kind: m2m, name: Nightly } }"),
    "renamed.yaml": manifest("{ machine: { kind: m2m, name: Robot, aliases: [robot] } }"),
  });
});
afterAll(async () => {
  await command?.[Symbol.asyncDispose]();
  await emulator?.close();
});

const titles = () =>
  emulator
    .clients()
    .map(({ title }) => title)
    .sort();

test("an up of another manifest on the same stack deletes and creates nothing", async () => {
  expect((await command.run(["up", "--env", "dev", "--yes", "mine.yaml"])).code).toBe(0);
  const refused = await command.run(["up", "--env", "dev", "--yes", "other.yaml"]);
  expect(refused).toEqual({ code: 1, stdout: `[dev] up\ndev: up failed, ${REFUSED}\n`, stderr: "" });
  expect(titles()).toEqual(["Robot", "Web"]);
  const json = await command.run(["up", "--env", "dev", "--yes", "--json", "other.yaml"]);
  expect(JSON.parse(json.stdout).environments[0].error).toEqual({ code: "other_manifest", message: REFUSED });
});

test("a manifest that still declares one of them, by an alias, is applied", async () => {
  const renamed = await command.run(["up", "--env", "dev", "--yes", "renamed.yaml"]);
  expect([renamed.code, renamed.stderr]).toEqual([0, ""]);
  expect(titles()).toEqual(["Robot"]);
});

test("what was reviewed in a plan is done", async () => {
  expect((await command.run(["preview", "--env", "dev", "--save-plan", "plans", "other.yaml"])).code).toBe(0);
  const applied = await command.run(["up", "--env", "dev", "--plan", "plans", "other.yaml"]);
  expect([applied.code, applied.stderr]).toEqual([0, ""]);
  expect(titles()).toEqual(["Nightly"]);
});
