// biome-ignore-all lint/suspicious/noTemplateCurlyInString: manifests have placeholders of their own
import { chmod, readdir, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { findEngine } from "../../engine/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

let tenants: Record<"dev" | "staging" | "prod", Emulator>;

beforeAll(async () => {
  const [dev, staging, prod] = await Promise.all([startEmulator(), startEmulator(), startEmulator()]);
  tenants = { dev, staging, prod };
});
afterAll(async () => {
  await Promise.all(Object.values(tenants).map((emulator) => emulator.close()));
});

const CLIENTS_YAML = `version: 1
variables: { DEV: , STAGING: , PROD: }
clients:
  web: { kind: spa, name: "Web of \${stack}", applicationLoginUrl: "https://web.example.com/" }
  robot: { kind: m2m, name: "Robot of \${stack}" }
environments:
  dev: { tenant: { accountsUrl: "\${DEV}", authUrl: "\${DEV}" } }
  staging: { tenant: { accountsUrl: "\${STAGING}", authUrl: "\${STAGING}" } }
  prod: { policy: production, tenant: { accountsUrl: "\${PROD}", authUrl: "\${PROD}" } }
`;

async function commandWith(manifest: string): Promise<PulumiCarto> {
  const { dev, staging, prod } = tenants;
  const { CARTO_M2M_CLIENT_ID = "", CARTO_M2M_CLIENT_SECRET = "" } = dev.env;
  const credentials = { CARTO_M2M_CLIENT_ID, CARTO_M2M_CLIENT_SECRET };
  const trusted = { CARTO_TRUSTED_HOSTS: [dev, staging, prod].map(({ url }) => new URL(url).host).join() };
  const command = await PulumiCarto.create({
    ...credentials,
    ...trusted,
    DEV: dev.url,
    STAGING: staging.url,
    PROD: prod.url,
  });
  await command.write({ "clients.yaml": manifest });
  return command;
}

const titles = (emulator: Emulator) =>
  emulator
    .clients()
    .map(({ title }) => title)
    .toSorted();

test("three environments go up side by side, each in its tenant, and come down again", async () => {
  await using command = await commandWith(CLIENTS_YAML);
  const up = await command.run(["up", "--env", "dev,staging,prod", "--yes"]);
  expect([up.code, up.stderr]).toEqual([0, ""]);
  expect(up.stdout).toContain("[staging] web created\n");
  expect(up.stdout).toMatch(
    /^dev: up done\n {2}\+ robot \(M2M\) created\n(?: {6}.*\n)+ {2}\+ web \(SPA\) created\n(?: {6}.*\n)+ {2}2 created\n/m,
  );
  for (const [name, emulator] of Object.entries(tenants)) {
    expect(titles(emulator)).toEqual([`Robot of ${name}`, `Web of ${name}`]);
  }

  // One of three is down: the others are told all the same.
  const url = tenants.staging.url;
  await tenants.staging.close();
  const preview = await command.run(["preview", "--env", "dev,staging,prod", "--exit-code"]);
  expect(preview.code).toBe(1);
  expect(preview.stdout).toContain("dev: preview done\n  2 unchanged\n");
  expect(preview.stdout).toContain("prod: preview done\n  2 unchanged\n");
  expect(preview.stdout).toContain(
    `staging: preview failed, Exchanging the M2M OAuth client's credentials for an access token: ${url} cannot be reached (ECONNREFUSED).`,
  );

  tenants.staging = await startEmulator();

  // Somebody renames a client by hand: nightly, that is exit code 2, and up puts it right.
  const session = await CartoSession.open(tenants.dev);
  const [client] = tenants.dev.clients().filter(({ type }) => type === "spa");
  await session.call("PATCH", `${CLIENTS}/${client?.client_id}`, { title: "Renamed" });
  const drift = await command.run(["preview", "--env", "dev", "--refresh", "--exit-code"]);
  expect(drift.code).toBe(2);
  const refresh = await command.run(["refresh", "--env", "dev", "--json"]);
  const [outcome] = JSON.parse(refresh.stdout).environments;
  expect([outcome.ok, outcome.summary.drifted, outcome.changes[0].name]).toEqual([
    true,
    1,
    { old: "Web of dev", new: "Renamed" },
  ]);
  expect((await command.run(["up", "--env", "dev", "--yes"])).code).toBe(0);
  expect(titles(tenants.dev)).toEqual(["Robot of dev", "Web of dev"]);

  // prod is protected by its policy.
  const destroy = await command.run(["destroy", "--env", "dev,prod", "--yes"]);
  expect(destroy.code).toBe(1);
  expect(titles(tenants.dev)).toEqual([]);
  expect(titles(tenants.prod)).toEqual(["Robot of prod", "Web of prod"]);
  expect(destroy.stdout).toContain("has deletionProtection: to delete it would stop every user and service");
});

test("a plan binds up: another manifest is refused and changes nothing, the reviewed one is applied", async () => {
  await using command = await commandWith(CLIENTS_YAML);
  await command.run(["up", "--env", "dev", "--yes"]);
  const before = titles(tenants.dev);
  const robot = tenants.dev.clients().find(({ type }) => type === "m2m");
  const reviewed = CLIENTS_YAML.replace("Web of", "Atlas of").replace(/ {2}robot: .*\n/, "");
  await command.write({ "clients.yaml": reviewed });
  const preview = await command.run(["preview", "--env", "dev", "--save-plan", "plans"]);
  expect(preview.code).toBe(0);
  expect(preview.stdout).toContain(
    `  - robot (M2M) to delete\n      Every user and service of ${robot?.client_id} stops working.\n`,
  );
  expect(preview.stdout).toContain("  ~ web (SPA) to update\n      Name: Web of dev → Atlas of dev\n");

  const session = await CartoSession.open(tenants.dev);
  const { body } = await session.call("GET", `${CLIENTS}/${robot?.client_id}`);
  expect((await command.storedText()) + preview.stdout, "state, plan and output").not.toContain(body.client_secret);

  await command.write({ "clients.yaml": reviewed.replace("Atlas of", "Hijacked") });
  const refused = await command.run(["up", "--env", "dev", "--plan", "plans"]);
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain(
    "dev: up failed, the run would differ from the plan, so it was stopped: preview again and review\n",
  );
  expect(titles(tenants.dev)).toEqual(before);

  await command.write({ "clients.yaml": reviewed });
  const applied = await command.run(["up", "--env", "dev", "--plan", "plans"]);
  expect(applied.code).toBe(0);
  expect(titles(tenants.dev)).toEqual(["Atlas of dev"]);
  expect((await command.run(["destroy", "--env", "dev", "--yes"])).code).toBe(0);
});

test("a plan still holds after a run without plan: the stack keeps its key", async () => {
  await using command = await commandWith(CLIENTS_YAML);
  await command.run(["up", "--env", "dev", "--yes"]);
  const renamed = CLIENTS_YAML.replace("Web of", "Atlas of");
  await command.write({ "clients.yaml": renamed });
  expect((await command.run(["preview", "--env", "dev", "--save-plan", "plans"])).code).toBe(0);
  await command.write({ "clients.yaml": CLIENTS_YAML });
  const between = await command.run(["up", "--env", "dev", "--yes"]);
  expect([between.code, between.stdout]).toEqual([0, "[dev] up\ndev: up done\n  2 unchanged\n"]);
  expect((await command.run(["refresh", "--env", "dev"])).code).toBe(0);
  await command.write({ "clients.yaml": renamed });
  const applied = await command.run(["up", "--env", "dev", "--plan", "plans"]);
  expect([applied.code, applied.stderr]).toEqual([0, ""]);
  expect(titles(tenants.dev)).toEqual(["Atlas of dev", "Robot of dev"]);
  expect((await command.run(["destroy", "--env", "dev", "--yes"])).code).toBe(0);
});

test("each environment can have its own credentials by a suffix, and wrong ones are reported by the preview", async () => {
  await using command = await commandWith(CLIENTS_YAML);
  const env = { CARTO_M2M_CLIENT_ID_DEV: "nobody", CARTO_M2M_CLIENT_SECRET_DEV: "planted-secret" };
  const { code, stdout, stderr } = await command.run(["preview", "--env", "dev,prod", "--json"], env);
  expect(code).toBe(1);
  const { version, command: name, ok, environments } = JSON.parse(stdout);
  expect([version, name, ok]).toEqual([1, "preview", false]);
  expect(environments.map((one: { environment: string; ok: boolean }) => [one.environment, one.ok])).toEqual([
    ["dev", false],
    ["prod", true],
  ]);
  expect(environments[0].error.code).toBe("failed");
  expect(stdout + stderr).not.toContain("planted-secret");
});

test("what is missing is reported with what to set, and nothing is started", async () => {
  await using command = await commandWith(CLIENTS_YAML);
  const passphrase = await command.run(["preview", "--env", "dev"], { PULUMI_CONFIG_PASSPHRASE: undefined });
  expect(passphrase.code).toBe(1);
  expect(passphrase.stdout).toContain(
    "dev: preview failed, there is no passphrase for the secrets of the stack: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, or give the environment a `secretsProvider`\n",
  );
  const backend = await command.run(["preview", "--env", "dev"], { PULUMI_BACKEND_URL: undefined });
  expect(backend.stdout).toContain("dev: preview failed, no backend is logged in to: give the environment a `backend`");
  await command.write({ "own.yaml": CLIENTS_YAML.replace("dev: {", 'dev: { backend: "file:///nowhere/at/all",') });
  const own = await command.run(["preview", "--env", "dev", "own.yaml"]);
  expect(own.stdout).toContain(
    "dev: preview failed, the backend cannot be reached: check `backend` of the environment",
  );
  const missing = await command.run(["destroy", "--env", "dev", "--yes"]);
  expect([missing.code, missing.stdout]).toEqual([
    1,
    "[dev] destroy\ndev: destroy failed, stack dev does not exist: nothing was ever deployed there\n",
  ]);
});

test("without a terminal, up and destroy ask nobody: exit code 3, as for a broken manifest", async () => {
  await using command = await commandWith(CLIENTS_YAML);
  expect(await command.run(["up", "--env", "dev"])).toEqual({
    code: 3,
    stdout: "",
    stderr:
      "up: this is not a terminal, so the question cannot be asked: review `pulumi-carto preview`, then add --yes\n",
  });
  expect((await command.run(["destroy", "--env", "dev"])).code).toBe(3);
  const unknown = await command.run(["up", "--env", "pord", "--yes"]);
  expect([unknown.code, unknown.stderr]).toEqual([
    3,
    'clients.yaml:6:1 environments: "pord" is not an environment: did you mean "prod"? (unknown-environment)\nclients.yaml: nothing was started\n',
  ]);
});

test("a plan is kept to where other clients stay as they are, and no note of the work directories is left", async () => {
  await using command = await commandWith(CLIENTS_YAML);
  await command.run(["up", "--env", "dev", "--yes"]);
  await command.write({ "clients.yaml": CLIENTS_YAML.replace("Web of", "Atlas of") });
  const preview = await command.run(["preview", "--env", "dev", "--save-plan", "plans"]);
  expect([preview.code, preview.stdout]).toEqual([
    0,
    "[dev] preview\ndev: preview done\n  ~ web (SPA) to update\n      Name: Web of dev → Atlas of dev\n  1 to update, 1 unchanged\n",
  ]);
  const applied = await command.run(["up", "--env", "dev", "--plan", "plans"]);
  expect([applied.code, applied.stdout]).toEqual([
    0,
    "[dev] up\n[dev] web updated\ndev: up done\n  ~ web (SPA) updated\n      Name: Web of dev → Atlas of dev\n  1 updated, 1 unchanged\n",
  ]);
  expect(titles(tenants.dev)).toEqual(["Atlas of dev", "Robot of dev"]);
  expect(await readdir(join(command.env.PULUMI_HOME ?? "", "workspaces"))).toEqual([]);
  expect((await command.run(["destroy", "--env", "dev", "--yes"])).code).toBe(0);
});

test("a client that was deleted at CARTO fails up with the way out, which works", async () => {
  await using command = await commandWith(CLIENTS_YAML);
  await command.run(["up", "--env", "dev", "--yes"]);
  const robot = tenants.dev.clients().find(({ type }) => type === "m2m");
  const session = await CartoSession.open(tenants.dev);
  await session.call("DELETE", `${CLIENTS}/${robot?.client_id}`);
  await command.write({ "clients.yaml": CLIENTS_YAML.replace("Robot of", "Machine of") });
  const failed = await command.run(["up", "--env", "dev", "--yes", "--json"]);
  expect(failed.code).toBe(1);
  const errors = JSON.parse(failed.stdout).environments[0].diagnostics;
  expect(errors).toHaveLength(1);
  expect(errors[0].message).toContain(
    "(404). It was deleted, or belongs to another user. After a deletion run `pulumi-carto refresh --stack dev`.",
  );
  expect((await command.run(["refresh", "--stack", "dev"])).code).toBe(0);
  expect((await command.run(["up", "--env", "dev", "--yes"])).code).toBe(0);
  expect(titles(tenants.dev)).toEqual(["Machine of dev", "Web of dev"]);
  expect((await command.run(["destroy", "--env", "dev", "--yes"])).code).toBe(0);
});

test("a preview starts the CLI twice: for its version, and for the preview", async () => {
  await using command = await commandWith(CLIENTS_YAML);
  expect((await command.run(["up", "--env", "dev", "--yes"])).code).toBe(0);
  const starts = join(command.directory, "starts");
  await command.write({
    pulumi: `#!/bin/sh\necho "$1 $2" >> ${starts}\nexec ${(await findEngine())?.pulumi} "$@"\n`,
  });
  await chmod(join(command.directory, "pulumi"), 0o755);
  command.env.PATH = [command.directory, command.env.PATH].join(delimiter);
  const preview = async () => {
    const { code, stdout } = await command.run(["preview", "--env", "dev"]);
    return [code, stdout];
  };
  const first = await preview();
  expect(await preview()).toEqual(first);
  expect(await readFile(starts, "utf8")).toBe("version \npreview --color\nversion \npreview --color\n");
  await command.run(["destroy", "--env", "dev", "--yes"]);
});

test("stack settings next to the manifest are read, and a refusal of the program is reported once", async () => {
  await using command = await commandWith(`version: 1
variables: { DEV: }
clients: { web: { kind: spa, name: Web, applicationLoginUrl: "http://localhost:5173/" } }
environments: { dev: { tenant: { accountsUrl: "\${DEV}", authUrl: "\${DEV}" } } }
`);
  expect((await command.run(["preview", "--env", "dev"])).code).toBe(0);
  const settings = "config:\n  carto:policy: production\n";
  await command.write({ "Pulumi.dev.yaml": settings });
  expect(await command.run(["preview", "--env", "dev"])).toEqual({
    code: 1,
    stdout: `[dev] preview
dev: preview failed
  error: SpaOAuthClient "web" cannot be declared like this:
      applicationLoginUrl: "http://localhost:5173/" is each visitor's own machine: declare a separate client for development. The production policy refuses this unless "allow" exempts rule "loopback" for "http://localhost:5173/", with a reason. (loopback)
`,
    stderr: "",
  });
  expect(await readFile(join(command.directory, "Pulumi.dev.yaml"), "utf8")).toBe(settings);
});

test("results come in the order in which environments are named or declared, whichever is done first", async () => {
  await using emulator = await startEmulator();
  await using command = await PulumiCarto.create(emulator.env);
  await command.write({
    "clients.yaml": `version: 1
clients: { robot: { kind: m2m, name: Robot } }
environments: { slow: {}, quick: { clients: { robot: false } } }
`,
  });
  emulator.faults.add({ call: "createOAuthClient", fault: "delay", delayMs: 5000, when: "after", times: 1 });
  const orderOf = ({ stdout }: { stdout: string }) => stdout.match(/^\w+(?=: \w+ done$)/gm);
  const up = await command.run(["up", "--env", "slow,quick", "--parallel", "2", "--yes"]);
  expect(orderOf(up)).toEqual(["slow", "quick"]);
  expect(orderOf(await command.run(["preview", "--env", "quick,slow", "--parallel", "2"]))).toEqual(["quick", "slow"]);
  const { environments } = JSON.parse((await command.run(["output", "--json"])).stdout);
  expect(environments.map(({ environment }: { environment: string }) => environment)).toEqual(["slow", "quick"]);
});
