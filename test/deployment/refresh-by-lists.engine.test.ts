import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refreshByLists } from "../../deployment/refresh-by-lists.ts";
import type { State, StateResource } from "../../deployment/stack-state.ts";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession } from "../../harness/carto-session.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

const CLIENTS = "/workspace-api/credentials/oauth-clients";
const MANIFEST = `version: 1
project: test
clients:
  web:
    kind: spa
    name: Web
    applicationLoginUrl: https://web.example.com/
    application: { appUrl: https://web.example.com/ }
  robot: { kind: m2m, name: Robot }
`;

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

/** The state as the backend has it: each run of the engine writes the time into it. */
const stored = () => readFileSync(join(command.directory, "backend/.pulumi/stacks/test/dev.json"), "utf8");

async function up(manifest = MANIFEST): Promise<string> {
  await command.write({ "clients.yaml": manifest });
  const { code, stdout } = await command.run(["up", "--stack", "dev", "--yes"]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("3 created")]);
  return stored();
}

async function renameWeb(): Promise<void> {
  const session = await CartoSession.open(emulator);
  const web = emulator.clients().find(({ type }) => type === "spa");
  await session.call("PATCH", `${CLIENTS}/${web?.client_id}`, { title: "Renamed" });
}

test("a refresh that finds nothing lists what there is at CARTO, and neither starts the engine nor writes the state", async () => {
  const before = await up();
  emulator.resetRequests();
  const { code, stdout, stderr } = await command.run(["refresh", "--stack", "dev"]);
  expect([code, stdout, stderr]).toEqual([0, "[dev] refresh\ndev: refresh done\n  3 unchanged\n", ""]);
  expect(stored()).toBe(before);
  const calls = Object.keys(emulator.requests()).filter((route) => !route.includes("oauth/token"));
  expect(calls.filter((route) => route.includes("{"))).toEqual([]);
});

test("a list that takes longer than the export of the state is waited for", async () => {
  const before = await up();
  emulator.faults.add({ fault: "delay", delayMs: 3000, call: "listOAuthClients" });
  emulator.resetRequests();
  const { code, stdout } = await command.run(["refresh", "--stack", "dev"]);
  expect([code, stdout]).toEqual([0, "[dev] refresh\ndev: refresh done\n  3 unchanged\n"]);
  expect(stored()).toBe(before);
  expect(emulator.requests()[`GET ${CLIENTS}`]).toBe(1);
});

test("what was changed at CARTO is for the engine to record: the refresh after it finds nothing", async () => {
  await up();
  await renameWeb();
  const refresh = await command.run(["refresh", "--stack", "dev", "--json"]);
  const [outcome] = JSON.parse(refresh.stdout).environments;
  expect([refresh.code, outcome.summary.drifted, outcome.changes[0].name.new]).toEqual([0, 1, "Renamed"]);
  const recorded = stored();
  const again = await command.run(["refresh", "--stack", "dev"]);
  expect(again.stdout).toBe("[dev] refresh\ndev: refresh done\n  3 unchanged\n");
  expect(stored()).toBe(recorded);
});

test("a client that is not listed is not unchanged: a caller with another user's credentials learns whose it is", async () => {
  const before = await up();
  const { code, stdout } = await command.run(["refresh", "--stack", "dev"], emulator.envFor("editor"));
  expect(code).toBe(1);
  expect(stdout).toContain("belongs to auth0|emulator-admin");
  expect(JSON.parse(stored()).checkpoint.latest.resources).toHaveLength(
    JSON.parse(before).checkpoint.latest.resources.length,
  );
});

test("the tenant of an environment is asked as the state names it", async () => {
  const tenant = `{ credentialsUrl: ${emulator.url}/workspace-api, authUrl: ${emulator.url}, accountsUrl: ${emulator.url} }`;
  await command.write({
    "clients.yaml": `${MANIFEST}environments: { dev: { tenant: ${tenant} } }\n`,
  });
  const { CARTO_M2M_CLIENT_ID = "", CARTO_M2M_CLIENT_SECRET = "" } = emulator.env;
  const host = new URL(emulator.url).host;
  const env = { CARTO_M2M_CLIENT_ID, CARTO_M2M_CLIENT_SECRET, CARTO_TRUSTED_HOSTS: host, CARTO_AUTH_URL: undefined };
  const ran = await command.run(["up", "--env", "dev", "--yes"], env);
  expect([ran.code, ran.stderr]).toEqual([0, ""]);
  const before = stored();
  const refresh = await command.run(["refresh", "--env", "dev"], env);
  expect(refresh.stdout).toBe("[dev] refresh\ndev: refresh done\n  3 unchanged\n");
  expect(stored()).toBe(before);
});

type Edit = (state: State & { resources: Required<StateResource>[] }) => void;

const web = (resources: Required<StateResource>[]) =>
  resources.find(({ urn }) => urn.endsWith("SpaOAuthClient::web")) as Required<StateResource>;

test.each<[string, Edit]>([
  ["another value than CARTO has", ({ resources }) => Object.assign(web(resources).outputs, { name: "Other" })],
  ["no secret", ({ resources }) => Reflect.deleteProperty(web(resources).outputs, "clientSecret")],
  [
    "a change whose outcome is not known",
    ({ resources }) => Object.assign(web(resources).outputs, { __unconfirmed: true }),
  ],
  [
    "no provider text, as after a move from the plugin",
    ({ resources }) => Reflect.deleteProperty(web(resources).outputs, "__provider"),
  ],
  ["a client that was created in part", ({ resources }) => Object.assign(web(resources), { initErrors: ["half"] })],
  ["a client that is still to be deleted", ({ resources }) => Object.assign(web(resources), { delete: true })],
  ["an operation that was interrupted", (state) => Object.assign(state, { pending_operations: [{}] })],
  [
    "a resource of another provider",
    ({ resources }) => resources.push({ ...web(resources), type: "random:index:RandomId" }),
  ],
  ["clients of two providers", ({ resources }) => Object.assign(web(resources), { provider: "urn::other::1" })],
])("a state with %s is for the engine to refresh", async (_, edit) => {
  await up();
  const state = JSON.parse(stored()).checkpoint.latest;
  const environment = { ...emulator.env };
  expect(await refreshByLists(state, () => undefined, environment)).toHaveLength(3);
  expect(await refreshByLists(state, undefined, environment), "settings not known").toBeUndefined();
  expect(await refreshByLists(state, () => undefined, {}), "no credentials").toBeUndefined();
  edit(state);
  expect(await refreshByLists(state, () => undefined, environment)).toBeUndefined();
});
