import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

let emulator: Emulator;
let command: PulumiCarto;

beforeEach(async () => {
  emulator = await startEmulator();
  command = await PulumiCarto.create(emulator.env);
  await command.write({ "clients.yaml": "version: 1\nproject: test\nclients:\n  robot: { kind: m2m, name: Robot }\n" });
});
afterEach(async () => {
  await command[Symbol.asyncDispose]();
  await emulator.close();
});

const stacks = () => join(command.directory, "backend", ".pulumi", "stacks", "test");

test("after a kill that left the engine's file of attributes empty, the message says what to remove, and then nothing is lost", async () => {
  expect((await command.run(["up", "--stack", "dev", "--yes"])).code).toBe(0);
  await writeFile(join(stacks(), "dev.json.attrs"), "");

  const refused = await command.run(["up", "--stack", "dev", "--yes"]);
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain(
    "a killed engine left an empty `.attrs` file beside the state: remove it from `.pulumi/stacks` in the directory of the file backend and run again",
  );

  await rm(join(stacks(), "dev.json.attrs"));
  expect((await command.run(["up", "--stack", "dev", "--yes"])).code).toBe(0);
  expect(emulator.clients().filter(({ title }) => title === "Robot")).toHaveLength(1);
});

test("a backend URL that ends in ?metadata=skip keeps the engine from writing such files", async () => {
  command.env.PULUMI_BACKEND_URL += "?metadata=skip";
  expect((await command.run(["up", "--stack", "other", "--yes"])).code).toBe(0);
  expect(await readdir(stacks())).toEqual(["other.json", "other.json.bak"]);
});
