import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { isMarkedSecret, markSecret } from "../../host/messages.ts";
import type { Properties } from "../../host/provider-core.ts";
import { KIND_IDS, KINDS } from "../../kinds/index.ts";
import { pluginType, START_FUNCTION } from "../../kinds/resource-type.ts";
import { pluginCore } from "../../plugin/plugin-core.ts";
import { engineWith } from "../provider/lifecycle-fixture.ts";

const urnOf = (type: string, name = "one") => `urn:pulumi:dev::test::${type}::${name}`;
const SPA = urnOf("carto:index:SpaOAuthClient");

async function configured(environment: NodeJS.ProcessEnv, warnings: string[] = []) {
  const core = pluginCore(
    { environment, warn: (warning) => warnings.push(warning), engine: engineWith() },
    { version: "1.2.3" },
  );
  const config = await core.plugin?.checkConfig(urnOf("pulumi:providers:carto"), {}, { version: "1.2.3" });
  await core.configure(config?.inputs ?? {});
  return { core, config };
}

test("every kind is created, read, looked up and deleted by its type, its ID under CARTO's name and its secrets marked", async () => {
  await using emulator = await startEmulator();
  const { core, config } = await configured(emulator.env);
  const { core: next } = await configured(emulator.env); // a later run
  await next.configure(config?.inputs ?? {});
  for (const id of KIND_IDS) {
    const kind = KINDS[id];
    const urn = urnOf(pluginType(kind));
    const { inputs, failures } = await core.check(urn, {}, { ...kind.sample });
    expect(failures).toEqual([]);
    const made = await core.create(urn, inputs);
    const [idName] = Object.entries(kind.outputs).find(([, output]) => "id" in output) ?? ["id"];
    if (idName !== "id") expect(made.outputs[idName]).toBe(made.id);
    for (const [name, output] of Object.entries(kind.outputs)) {
      expect([name, isMarkedSecret(made.outputs[name])]).toEqual([name, "secret" in output]);
    }
    const again = await next.diff(urn, made.id, made.outputs, inputs);
    expect(again).toEqual({ changes: false });
    const imported = await core.read(urn, made.id, {}, {});
    expect(imported?.inputs).toMatchObject({ name: kind.sample.name });
    const found = await core.plugin?.invoke(`carto:index:get${kind.className}`, { [idName]: made.id });
    expect(found).toMatchObject({ name: kind.sample.name, [idName]: made.id });
    await next.delete(urn, made.id, made.outputs);
  }
  expect(emulator.clients()).toEqual([]);
  await core.close();
  await next.close();
});

test("a place is the same in the next run, another resource's is another, and one in the state stays whatever the URN is", async () => {
  const environment = { CARTO_API_TOKEN: "a-token" };
  const first = await configured(environment);
  const news = { ...KINDS.spa.sample };
  const { inputs } = await first.core.check(SPA, {}, news);
  const second = pluginCore({ environment, warn: () => {}, engine: engineWith() }, { version: "1.2.4" });
  const olds = first.config?.inputs ?? {};
  const kept = await second.plugin?.checkConfig(urnOf("pulumi:providers:carto"), olds, { version: "1.2.4" });
  expect(kept?.inputs).toEqual({ ...olds, version: "1.2.4" });
  await second.configure(kept?.inputs ?? {});
  const keyOf = async (urn: string, before: Properties) => (await second.check(urn, before, news)).inputs.__key;
  expect(await keyOf(SPA, {})).toBe(inputs.__key);
  const other = urnOf("carto:index:SpaOAuthClient", "other");
  expect(await keyOf(other, {})).not.toBe(inputs.__key);
  expect(await keyOf(urnOf("carto:index:SpaOAuthClient", "renamed"), inputs)).toBe(inputs.__key);
  const elsewhere = await configured(environment);
  expect((await elsewhere.core.check(SPA, {}, news)).inputs.__key).not.toBe(inputs.__key);
});

test("a secret input stays secret with all that is derived from it, and no failure quotes it", async () => {
  const { core } = await configured({ CARTO_API_TOKEN: "a-token" });
  const login = markSecret("https://hidden.example.com/login");
  const { inputs } = await core.check(SPA, {}, { name: "Web", applicationLoginUrl: login });
  const marked = Object.keys(inputs).filter((name) => isMarkedSecret(inputs[name]));
  expect(marked.sort()).toEqual([
    "allowedCallbackUrls",
    "allowedLogoutUrls",
    "allowedOrigins",
    "allowedWebOrigins",
    "applicationLoginUrl",
  ]);
  const refused = await core.check(SPA, {}, { name: "Web", applicationLoginUrl: markSecret("hidden") });
  expect(refused.failures.map(({ property, reason }) => [property, reason])).toEqual([
    ["applicationLoginUrl", "breaks a rule; values are not shown, as inputs are secret (absolute-url)"],
  ]);
});

test("what CARTO says in a refusal is shown, except of a resource with a secret input", async () => {
  await using emulator = await startEmulator();
  const { core } = await configured(emulator.env);
  const refusalOf = async (name: unknown) => {
    emulator.faults.clear();
    const description = "the name planted-na… is taken";
    emulator.faults.add({ call: "createOAuthClient", fault: "status", status: 400, body: { error: "x", description } });
    const { inputs } = await core.check(urnOf("carto:index:M2mOAuthClient"), {}, { name });
    return core.create(urnOf("carto:index:M2mOAuthClient"), inputs).catch(String);
  };
  const refused = "CARTO refused the request (400). Correct the declaration.";
  expect(await refusalOf("Robot")).toContain(`${refused} The server says: the name planted-na… is taken`);
  expect(await refusalOf(markSecret("planted-name"))).toContain(
    `${refused} What the server says is not shown, as inputs are secret.`,
  );
  await core.close();
});

test("a preview knows what is declared, and of a new client nothing that CARTO sets", async () => {
  const { core } = await configured({ CARTO_API_TOKEN: "a-token" });
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const preview = core.plugin?.preview(SPA, { name: "Web" });
  expect(preview).toMatchObject({ name: "Web", clientId: unknown, clientSecret: markSecret(unknown) });
  const olds = { name: "Web", clientId: "a" };
  expect(core.plugin?.preview(SPA, { name: "Map" }, olds)).toEqual({ name: "Map", clientId: "a" });
});

test("settings are text from here on, secrets marked; what cannot be used is refused with the setting's name", async () => {
  const core = pluginCore({ environment: {}, warn: () => {}, engine: engineWith() }, { version: "1.2.3" });
  const check = (news: Properties) =>
    core.plugin?.checkConfig(urnOf("pulumi:providers:carto"), { __identity: "i" }, news);
  expect(await check({ accessToken: "t", retryBudgetSeconds: 5, trustedHosts: ["a.example", "b.example"] })).toEqual({
    inputs: {
      accessToken: markSecret("t"),
      retryBudgetSeconds: "5",
      trustedHosts: "a.example,b.example",
      __identity: "i",
    },
    failures: [],
  });
  expect((await check({ clientId: "c" }))?.failures.map(({ reason }) => reason)).toEqual([
    "CARTO credentials in the provider's arguments or stack configuration are incomplete: carto:clientId is set, carto:clientSecret is not. Set both or neither.",
  ]);
  expect((await check({ polcy: "production" }))?.failures).toEqual([
    { property: "polcy", reason: "carto:polcy is not a setting. Did you mean carto:policy?" },
  ]);
});

test("the provider of an SDK of a newer version gets the stack's identity, except from a program that brings its own", async () => {
  const resources = [
    { urn: urnOf("pulumi:providers:carto", "tenant"), inputs: { __identity: "of the tenant" } },
    { urn: urnOf("pulumi:providers:carto", "default_1_2_3"), inputs: { __identity: "of the stack" } },
  ];
  const engine = engineWith([], { readState: async () => ({ resources }) });
  const { plugin } = pluginCore({ environment: {}, warn: () => {}, engine }, { version: "1.2.4" });
  const identity = async (name: string, news: Properties) =>
    (await plugin?.checkConfig(urnOf("pulumi:providers:carto", name), {}, news))?.inputs.__identity;
  expect(await identity("default_1_2_4", { version: "1.2.4" })).toBe("of the stack");
  const anew = [await identity("default_1_2_4", { provider: "plugin" }), await identity("other", {})];
  for (const one of anew) expect(one).toMatch(/^[0-9a-f-]{36}$/);
});

test("the function that programs start the plugin with needs no credentials", async () => {
  const { core } = await configured({});
  expect(await core.plugin?.invoke(START_FUNCTION, {})).toEqual({});
});

test("a type or a function of another name is refused", async () => {
  const { core } = await configured({ CARTO_API_TOKEN: "a-token" });
  await expect(async () => core.check(urnOf("carto:index:Nothing"), {}, {})).rejects.toThrow(
    "carto:index:Nothing does not exist in the package carto.",
  );
  await expect(core.plugin?.invoke("carto:index:getNothing", {})).rejects.toThrow(
    "carto:index:getNothing does not exist in the package carto.",
  );
  await expect(core.plugin?.invoke("carto:index:getSpaOAuthClient", {})).rejects.toThrow(
    "carto:index:getSpaOAuthClient: clientId is required.",
  );
});
