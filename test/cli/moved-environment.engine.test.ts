import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { undocumented } from "../../harness/command-schema.ts";
import { findPostgres, Postgres } from "../../harness/postgres.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

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

const manifest = (environments: string) => `version: 1
clients:
  web: { kind: spa, name: Web, applicationLoginUrl: "https://web.example.com/" }
  robot: { kind: m2m, name: "Robot of \${stack}" }
environments: ${environments}
`;
const ids = () =>
  emulator
    .clients()
    .map(({ client_id }) => client_id)
    .sort();
const titles = () =>
  emulator
    .clients()
    .map(({ title }) => title)
    .sort();
const stacks = async () =>
  (await readdir(join(command.directory, "backend/.pulumi/stacks/pulumi-carto")))
    .filter((name) => /^[^.]+\.json$/.test(name))
    .sort();
const output = async (environment: string) => {
  const { stdout } = await command.run(["output", "--env", environment, "--json", "--show-secrets"]);
  return JSON.parse(stdout).environments[0].clients.map(({ clientId, clientSecret }: Record<string, string>) => [
    clientId,
    clientSecret,
  ]);
};

test("a renamed environment keeps its stack, IDs and secrets; before moved is written, preview and report name it", async () => {
  await command.write({ "clients.yaml": manifest("{ prod: {}, dev: {} }") });
  expect((await command.run(["up", "--env", "prod", "--yes"])).code).toBe(0);
  const before = [ids(), await output("prod")];

  await command.write({ "clients.yaml": manifest("{ live: {}, dev: {} }") });
  const lost = await command.run(["preview", "--env", "live"]);
  expect([lost.code, lost.stderr]).toEqual([0, ""]);
  expect(lost.stdout).toContain("2 to create");
  const advice =
    "The stack live does not exist, and the stack prod, which no environment uses, manages clients of the same names: if the environment was renamed, add `moved: prod` to it, and the clients keep their IDs and secrets";
  expect(lost.stdout).toContain(`  warning: ${advice}\n`);
  expect((await command.run(["report", "--env", "live"])).stdout).toContain(`live: ${advice}.`);
  // The stack of another environment is nobody's old one.
  await command.write({ "clients.yaml": manifest("{ live: {}, prod: {} }") });
  expect((await command.run(["preview", "--env", "live"])).stdout).not.toContain("moved");

  await command.write({ "clients.yaml": manifest("{ live: { moved: prod }, dev: {} }") });
  const preview = await command.run(["preview", "--env", "live", "--json", "--exit-code"]);
  expect([preview.code, undocumented(preview.stdout)]).toEqual([2, []]);
  expect(JSON.parse(preview.stdout).environments[0]).toMatchObject({
    stack: "live",
    movedFrom: "prod",
    summary: { create: 0, delete: 0, replace: 0, update: 1 },
  });
  expect((await command.run(["report", "--env", "live"])).stdout).toContain(
    "live: `up` renames the stack prod to live.",
  );
  expect(await output("live")).toEqual(before[1]);
  expect(await stacks()).toEqual(["prod.json"]);

  const plans = await command.run(["preview", "--env", "live", "--save-plan", "plans"]);
  expect(plans.stdout).toContain(
    "the stack is to be renamed from prod to live; the clients keep their IDs and secrets\n",
  );
  const up = await command.run(["up", "--env", "live", "--plan", "plans"]);
  expect([up.code, up.stderr], up.stdout).toEqual([0, ""]);
  expect(up.stdout).toContain("the stack was renamed from prod to live; the clients keep their IDs and secrets\n");
  expect([ids(), await output("live")]).toEqual(before);
  expect(titles()).toEqual(["Robot of live", "Web"]);
  expect(await stacks()).toEqual(["live.json"]);

  // Again, with moved and without it: nothing is left to do.
  for (const environments of ["{ live: { moved: prod }, dev: {} }", "{ live: {}, dev: {} }"]) {
    await command.write({ "clients.yaml": manifest(environments) });
    const again = await command.run(["preview", "--env", "live", "--exit-code"]);
    expect([again.code, again.stderr], again.stdout).toEqual([0, ""]);
  }
  await command.write({ "clients.yaml": manifest("{ live: {}, dev: {} }") });
  expect((await command.run(["destroy", "--env", "live", "--yes"])).code).toBe(0);
  expect(ids()).toEqual([]);
});

test("a stack is renamed only where it is clear which one, and with its settings", async () => {
  await command.write({ "clients.yaml": manifest("{ prod: {}, live: {} }") });
  expect((await command.run(["up", "--env", "prod,live", "--yes"])).code).toBe(0);
  const before = ids();
  await command.write({ "clients.yaml": manifest("{ live: { moved: prod } }") });
  const both = await command.run(["up", "--env", "live", "--yes"]);
  expect([both.code, ids()]).toEqual([1, before]);
  expect(both.stdout).toContain("the stacks prod and live both exist, so `moved` cannot rename the first");

  await command.write({
    "clients.yaml": manifest("{ main: { moved: live } }"),
    "Pulumi.live.yaml": "config:\n  carto:policy: production\n",
  });
  const settings = await command.run(["up", "--env", "main", "--yes"]);
  expect([settings.code, ids()]).toEqual([1, before]);
  expect(settings.stdout).toContain(
    "the settings of the stack are still in Pulumi.live.yaml: rename the file to Pulumi.main.yaml",
  );
  expect(await stacks()).toEqual(["live.json", "prod.json"]);

  await command.write({ "Pulumi.main.yaml": "config:\n  carto:policy: standard\n" });
  expect((await command.run(["up", "--env", "main", "--yes"])).code).toBe(0);
  expect([ids(), await stacks()]).toEqual([before, ["main.json", "prod.json"]]);
});

const postgres = await findPostgres();
const reason = "reason" in postgres ? ` (skipped: ${postgres.reason})` : "";

test.skipIf("reason" in postgres)(
  `on PostgreSQL, a renamed environment keeps its stack, IDs and secrets, too${reason}`,
  async () => {
    if ("reason" in postgres) return;
    await using server = await Postgres.start(postgres.bin);
    command.env.PULUMI_BACKEND_URL = server.url;
    const isThere = async (stack: string) => (await command.run(["output", "--env", stack])).code === 0;
    await command.write({ "clients.yaml": manifest("{ prod: {}, dev: {} }") });
    expect((await command.run(["up", "--env", "prod", "--yes"])).code).toBe(0);
    const before = [ids(), await output("prod")];

    await command.write({ "clients.yaml": manifest("{ live: {}, dev: {} }") });
    const lost = await command.run(["preview", "--env", "live"]);
    expect(lost.stdout).toContain("add `moved: prod` to it, and the clients keep their IDs and secrets\n");
    await command.write({ "clients.yaml": manifest("{ live: { moved: prod }, dev: {} }") });
    const plans = await command.run(["preview", "--env", "live", "--save-plan", "plans"]);
    expect(plans.stdout).toContain("the stack is to be renamed from prod to live");
    const up = await command.run(["up", "--env", "live", "--plan", "plans"]);
    expect([up.code, up.stderr], up.stdout).toEqual([0, ""]);
    expect(up.stdout).toContain("the stack was renamed from prod to live; the clients keep their IDs and secrets\n");
    expect([ids(), await output("live")]).toEqual(before);
    expect(titles()).toEqual(["Robot of live", "Web"]);

    await command.write({ "clients.yaml": manifest("{ live: {}, prod: {} }") });
    expect([await isThere("live"), await isThere("prod")]).toEqual([true, false]);
    const again = await command.run(["preview", "--env", "live", "--exit-code", "--refresh"]);
    expect([again.code, again.stderr], again.stdout).toEqual([0, ""]);
    // Both exist: which one is meant cannot be known.
    expect((await command.run(["up", "--env", "prod", "--yes"])).code).toBe(0);
    await command.write({ "clients.yaml": manifest("{ live: { moved: prod } }") });
    const both = await command.run(["up", "--env", "live", "--yes"]);
    expect([both.code, ids().length]).toEqual([1, 4]);
    expect(both.stdout).toContain("the stacks prod and live both exist, so `moved` cannot rename the first");
    expect(both.stdout).toContain(
      "with `pulumi stack rm` if it is empty. prod manages 2 clients. `pulumi-carto stack --stack live` prints how to run `pulumi` there.",
    );
  },
);
