import { afterEach, beforeEach, expect, test } from "vitest";
import { Deployment } from "../../deployment/deployment.ts";
import { planMove } from "../../deployment/move.ts";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { findEngine } from "../../engine/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";
import { readManifest } from "../../manifest/read-manifest.ts";

let emulator: Emulator;
let command: PulumiCarto;
beforeEach(async () => {
  emulator = await startEmulator();
  command = await PulumiCarto.create(emulator.env);
});
afterEach(async () => {
  await command[Symbol.asyncDispose]();
  await emulator.close();
});

const manifest = (staging: string, prod: string) => `version: 1
clients:
  robot: { kind: m2m, name: Robot }
  web: { kind: spa, name: Web, applicationLoginUrl: "https://web.example.com/" }
environments:
  staging: { clients: { robot: false${staging} } }
  prod: { clients: { robot: false${prod} } }
`;
const IN_STAGING = manifest("", ", web: false");
const IN_PROD = manifest(", web: false", "");

const ids = () => emulator.clients().map(({ client_id }) => client_id);

async function open(name: string): Promise<Deployment> {
  const engine = await findEngine();
  const environment = readManifest(IN_PROD, { environments: [name] }).manifest?.environments[0];
  if (engine === undefined || environment === undefined) throw new Error("no engine, or no such environment");
  return Deployment.open({
    ...{ project: "pulumi-carto", environment, engine, variables: command.env, create: true },
    settingsDirectory: command.directory,
  });
}

/** Does the first steps of a move, as a `move` that is killed after them. */
async function killedAfter(steps: "hold" | "receive"): Promise<void> {
  await using staging = await open("staging");
  await using prod = await open("prod");
  const plan = planMove(await staging.state(true), await prod.state(), { logicalName: "web", kind: "spa" });
  if (plan.step !== "begin" && plan.step !== "resume") throw new Error(JSON.stringify(plan));
  await staging.hold(plan.resource);
  if (steps === "receive") await prod.receive(plan.resource);
}

test("a client moves to another stack with its ID and secret; killed at any step, it is neither lost nor made twice", async () => {
  await command.write({ "clients.yaml": IN_STAGING });
  expect((await command.run(["up", "--env", "staging", "--yes"])).code).toBe(0);
  const [id = ""] = ids();
  const session = await CartoSession.open(emulator);
  const { client_secret: secret } = (await session.call("GET", `${CLIENTS}/${id}`)).body;
  const args = ["move", "web", "--from", "staging", "--to", "prod", "--yes"];
  expect(await command.run(args)).toEqual({
    code: 3,
    stdout: "",
    stderr:
      'move: prod does not declare "web", and its next `up` would delete it: declare it first (none is declared)\n',
  });

  await command.write({ "clients.yaml": IN_PROD });
  for (const steps of ["hold", "receive"] as const) {
    await killedAfter(steps);
    const refused = await command.run(["up", "--env", "staging", "--yes"]);
    expect([refused.code, ids()]).toEqual([1, [id]]);
    expect(refused.stdout).toContain(
      "error: web: protected in the state of this stack, so it is not deleted: if a `pulumi-carto move` of it was interrupted, run it again\n",
    );
  }
  expect(await command.run(args)).toEqual({
    code: 0,
    stdout: `web (${id}) moved from staging to prod; its ID and secret are the same\n`,
    stderr: "",
  });
  const preview = await command.run(["preview", "--env", "staging,prod", "--exit-code", "--refresh", "--json"]);
  const summaries = JSON.parse(preview.stdout).environments.map(
    (one: { summary: { same: number } }) => one.summary.same,
  );
  expect([preview.code, summaries]).toEqual([0, [0, 1]]);
  expect((await command.run(["up", "--env", "staging,prod", "--yes"])).code).toBe(0);
  const output = await command.run(["output", "--env", "prod", "--json", "--show-secrets"]);
  expect(JSON.parse(output.stdout).environments[0].clients).toEqual([
    { client: "web", kind: "spa", clientId: id, clientSecret: secret },
  ]);
  expect((await command.run(args)).stdout).toBe(`web (${id}) is in prod already; nothing to do\n`);

  // CARTO still knows the key that it was created with: declared again, the first stack must not take it over.
  await command.write({ "clients.yaml": manifest("", "") });
  expect((await command.run(["up", "--env", "staging", "--yes"])).code).toBe(0);
  const made = ids().filter((one) => one !== id);
  expect([ids().length, made.length]).toEqual([2, 1]);
  expect(await command.run(args)).toEqual({
    code: 3,
    stdout: "",
    stderr:
      'move: staging still declares "web", and its next `up` would create it again: first set `web: false` under environments.staging.clients\n',
  });
});

test("a client that is renamed with an alias keeps its ID; without one, the preview names the way out", async () => {
  const manifestOf = (client: string) => `version: 1\nclients:\n  ${client}\n`;
  await command.write({ "clients.yaml": manifestOf("old: { kind: m2m, name: Robot }") });
  expect((await command.run(["up", "--stack", "dev", "--yes"])).code).toBe(0);
  const before = ids();
  await command.write({ "clients.yaml": manifestOf("new: { kind: m2m, name: Robot }") });
  const warned = await command.run(["preview", "--stack", "dev"]);
  expect(warned.stdout).toContain("To keep the client, add aliases: [old] to new, or keep the key");
  await command.write({ "clients.yaml": manifestOf("new: { kind: m2m, aliases: [old], name: Robot }") });
  const up = await command.run(["up", "--stack", "dev", "--yes"]);
  expect([up.code, up.stdout]).toEqual([0, "[dev] up\ndev: up done\n  1 unchanged\n"]);
  expect(ids()).toEqual(before);
  // The alias may go, and the old name is free.
  await command.write({
    "clients.yaml": manifestOf("new: { kind: m2m, name: Robot }\n  old: { kind: m2m, name: Another }"),
  });
  expect((await command.run(["up", "--stack", "dev", "--yes"])).code).toBe(0);
  expect(ids().filter((one) => before.includes(one))).toEqual(before);
  expect(ids().length).toBe(2);
});
