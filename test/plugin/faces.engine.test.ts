import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { type PulumiResult, type PulumiWorkspace, pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

/* One TypeScript program, whose resources the dynamic provider and the plugin provide in turn. */

const PROGRAM = `
import { CartoProvider, M2mOAuthClient, RotatingOAuthClient, SpaOAuthClient } from "pulumi-carto";
export const web = new SpaOAuthClient("web", { name: "Web", applicationLoginUrl: "https://app.example.com/login" }).clientId;
const service = new M2mOAuthClient("service", { name: "Service", rotationTrigger: "1" });
const tenant = new CartoProvider("tenant", { retryBudgetSeconds: 60 });
const other = new M2mOAuthClient("other", { name: "Other" }, { provider: tenant });
const rotating = new RotatingOAuthClient("rotating", { kind: "m2m", client: { name: "Rotating" }, current: "b", previous: "a" });
export const ids = [service.clientId, other.clientId, rotating.clientId, rotating.previousClientId];
export const secrets = [service.clientSecret, other.clientSecret, rotating.clientSecret];
`;

let emulator: Emulator;
let workspace: PulumiWorkspace;

beforeAll(async () => {
  emulator = await startEmulator();
  workspace = await pulumiWorkspace({ files: PROGRAM, env: emulator.env, plugin: true });
});

afterAll(async () => {
  await workspace?.[Symbol.asyncDispose]();
  await emulator?.close();
});

const isOurs = ({ type }: { type: string }) => /^carto:index:|dynamic\/carto:/.test(type);

function operations({ events }: PulumiResult): string[] {
  const steps = events.flatMap((event) => event.resourcePreEvent?.metadata ?? []).filter(isOurs);
  return steps.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`).filter((step) => !step.startsWith("same "));
}

/** Type, ID, key and secret of each client. */
async function clients(): Promise<unknown[]> {
  const resources = (await workspace.resources("--show-secrets")).filter(isOurs);
  return resources
    .map(({ type, id, inputs, outputs }) => [
      type.split(":").at(-1),
      id,
      inputs?.__key,
      outputs?.clientSecret.plaintext,
    ])
    .sort();
}

const types = async () => [
  ...new Set((await workspace.resources()).filter(isOurs).map(({ type }) => type.split(":")[0])),
];

test("a plugin on PATH is not used unless the program asks for it", async () => {
  expect((await workspace.succeed("up")).code).toBe(0);
  expect(await types()).toEqual(["pulumi-nodejs"]);
});

test("a stack moves to the plugin and back: every client unchanged, with its ID, key and secret, and nothing is sent", async () => {
  const before = await clients();
  expect(before).toHaveLength(5);
  for (const [face, prefix] of [
    ["plugin", "carto"],
    ["dynamic", "pulumi-nodejs"],
  ]) {
    await workspace.setConfig("carto:provider", face as string);
    emulator.resetRequests();
    expect(operations(await workspace.succeed("up"))).toEqual([]);
    expect(emulator.requests()).toEqual({});
    expect(await types()).toEqual([prefix]);
    expect(await clients()).toEqual(before);
    const refresh = await workspace.succeed("refresh");
    expect(refresh.stdout).not.toContain("updated");
    expect(operations(await workspace.succeed("preview"))).toEqual([]);
  }
});

test("through the plugin a program rotates, imports by the option, and destroys", async () => {
  await workspace.setConfig("carto:provider", "plugin");
  await workspace.write({ "index.ts": PROGRAM.replace('rotationTrigger: "1"', 'rotationTrigger: "2"') });
  const rotated = operations(await workspace.succeed("up"));
  expect(rotated.sort()).toEqual(["create-replacement service", "delete-replaced service", "replace service"]);
  expect(emulator.clients().filter(({ title }) => title === "Service")).toHaveLength(1);

  const web = emulator.clients().find(({ title }) => title === "Web")?.client_id ?? "";
  await workspace.succeed("state", "delete", "urn:pulumi:test::test::carto:index:SpaOAuthClient::web", "--force");
  const importing = PROGRAM.replace('/login" })', `/login" }, { import: "${web}" })`).replace('"1"', '"2"');
  await workspace.write({ "index.ts": importing });
  expect(operations(await workspace.succeed("up"))).toEqual(["import web"]);
  expect((await workspace.succeed("destroy")).code).toBe(0);
  expect(emulator.clients()).toEqual([]);
});

test("a program whose clients all have a provider of their own leaves no other provider of the plugin in the state", async () => {
  await using explicit = await pulumiWorkspace({
    files: `
import { CartoProvider, M2mOAuthClient } from "pulumi-carto";
new M2mOAuthClient("service", { name: "Service" }, { provider: new CartoProvider("tenant") });
`,
    env: emulator.env,
    config: { "carto:provider": "plugin" },
    plugin: true,
  });
  await explicit.succeed("up");
  const providers = (await explicit.resources()).filter(({ type }) => type === "pulumi:providers:carto");
  expect(providers.map(({ urn }) => urn.split("::").at(-1))).toEqual(["tenant"]);
  await explicit.succeed("destroy");
});

test("a YAML program that takes over a stack of the dynamic provider can read the client IDs at once, and nothing is sent", async () => {
  await using moving = await pulumiWorkspace({
    files: `import { M2mOAuthClient } from "pulumi-carto";\nnew M2mOAuthClient("service", { name: "Service" });`,
    env: emulator.env,
    language: "yaml",
    plugin: true,
  });
  await moving.succeed("up");
  const [client] = emulator.clients();
  const resources = { service: { type: "carto:M2mOAuthClient", properties: { name: "Service" } } };
  const id = `\${service.clientId}`;
  const yaml = { name: "test", runtime: "yaml", resources, outputs: { id } };
  await moving.write({ "Pulumi.yaml": JSON.stringify(yaml) });
  emulator.resetRequests();
  expect(operations(await moving.succeed("preview"))).toEqual(["update service"]);
  expect(operations(await moving.succeed("up"))).toEqual(["update service"]);
  expect([await moving.outputs(), emulator.requests()]).toEqual([{ id: client?.client_id }, {}]);
  expect(operations(await moving.succeed("up"))).toEqual([]);
  await moving.succeed("destroy");
});

test("another face than these two is refused", async () => {
  await workspace.setConfig("carto:provider", "terraform");
  const preview = await workspace.pulumi("preview");
  expect(preview.stdout).toContain('carto:provider is "terraform": write "dynamic" or "plugin".');
});
