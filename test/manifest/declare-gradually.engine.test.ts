import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

/** More than are declared at a time. */
const CLIENTS = 100;

let emulator: Emulator;
let command: PulumiCarto;

beforeEach(async () => {
  emulator = await startEmulator();
  command = await PulumiCarto.create(emulator.env);
  const clients = Array.from(
    { length: CLIENTS },
    (_, index) =>
      `  web-${index}: { kind: spa, name: Web ${index}, applicationLoginUrl: "http://web-${index}.example.com/" }\n`,
  );
  await command.write({ "clients.yaml": `version: 1\nproject: test\nclients:\n${clients.join("")}` });
});
afterEach(async () => {
  await command[Symbol.asyncDispose]();
  await emulator.close();
});

test("every refused client is reported, however many are declared before it", async () => {
  await command.write({ "Pulumi.dev.yaml": "config:\n  carto:policy: production\n" });
  const { code, stdout } = await command.run(["preview", "--stack", "dev"]);
  expect(code).toBe(1);
  expect(stdout.match(/ cannot be declared like this:/g)).toHaveLength(CLIENTS);
});

test("an up whose first creates fail ends, and the next one creates every client once", async () => {
  emulator.faults.add({ call: "createOAuthClient", fault: "status", status: 400, times: 3 });
  const failed = await command.run(["up", "--stack", "dev", "--yes"]);
  expect([failed.code, failed.stdout.match(/ {2}error: web-\d+: Creating/g)?.length]).toEqual([1, 3]);
  const done = await command.run(["up", "--stack", "dev", "--yes"]);
  expect([done.code, done.stderr]).toEqual([0, ""]);
  expect(emulator.clients()).toHaveLength(CLIENTS);
});
