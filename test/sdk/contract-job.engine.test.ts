import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { resolveConfiguration } from "../../carto/configuration.ts";
import { Tenant } from "../../carto/tenant.ts";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";
import { type PulumiResult, type PulumiWorkspace, pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

/* The main job on a tenant that differs from the assumed contract in paths, methods, members, envelope, paging and statuses. */

const CONTRACT = fileURLToPath(new URL("../carto/variant.yaml", import.meta.url));

const program = (callback: string) => `
import { M2mOAuthClient, SpaOAuthClient } from "pulumi-carto";
export const web = new SpaOAuthClient("web", {
  name: "Web", applicationLoginUrl: "https://app.example.com/login", allowedCallbackUrls: ["${callback}"],
}).clientId;
new M2mOAuthClient("service", { name: "Service" });
`;

let emulator: Emulator;
let workspace: PulumiWorkspace;

beforeAll(async () => {
  emulator = await startEmulator({ contract: CONTRACT });
  workspace = await pulumiWorkspace({
    files: program("https://app.example.com/a"),
    env: emulator.env,
    config: { "carto:contract": CONTRACT },
  });
});

afterAll(async () => {
  await workspace?.[Symbol.asyncDispose]();
  await emulator?.close();
});

function operations({ events }: PulumiResult): string[] {
  return events
    .flatMap((event) => event.resourcePreEvent?.metadata ?? [])
    .filter(({ type, op }) => type.includes("carto:") && op !== "same")
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)
    .sort();
}

async function withTenant(work: (tenant: Tenant) => Promise<void>): Promise<void> {
  const env = { HOME: "/nonexistent", ...emulator.env, CARTO_CONTRACT: CONTRACT };
  const tenant = new Tenant(resolveConfiguration(() => undefined, env));
  try {
    await work(tenant);
  } finally {
    await tenant.close();
  }
}

const web = () => emulator.clients().find(({ type }) => type === "spa");

test("with carto:contract, up creates the clients of a variant", async () => {
  expect((await workspace.pulumi("up")).code).toBe(0);
  expect(web()).toMatchObject({ title: "Web", callbacks: ["https://app.example.com/a"] });
});

test("a preview of a variant afterwards changes nothing, also after a refresh", async () => {
  expect((await workspace.pulumi("refresh")).code).toBe(0);
  expect(operations(await workspace.pulumi("preview"))).toEqual([]);
});

test("an update by PUT changes what was declared and keeps the rest", async () => {
  const before = web();
  await workspace.write({ "index.ts": program("https://app.example.com/b") });
  expect(operations(await workspace.pulumi("up"))).toEqual(["update web"]);
  expect(web()).toEqual({ ...before, callbacks: ["https://app.example.com/b"], updated_at: expect.any(String) });
});

test("what someone changed by hand on a variant is put right", async () => {
  await withTenant(async (tenant) => {
    await (await tenant.api()).update(web()?.client_id ?? "", { name: "Hacked" });
  });
  expect(web()?.title).toBe("Hacked");
  expect((await workspace.pulumi("refresh")).code).toBe(0);
  expect(operations(await workspace.pulumi("up"))).toEqual(["update web"]);
  expect(web()?.title).toBe("Web");
});

test("doctor says which contract is in force, and each entry that it changes", async () => {
  await using command = await PulumiCarto.create({ ...emulator.env, CARTO_CONTRACT: CONTRACT });
  const { code, stdout } = await command.run(["doctor", "--stack", "dev", "--probe", "--yes"]);
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining(
      `ok   [dev] contract: a list call answered as ${CONTRACT} says (oauth-clients.paths.collection: /v2/oauth/clients, `,
    ),
  ]);
});

test("destroy deletes the clients of a variant", async () => {
  expect((await workspace.pulumi("destroy")).code).toBe(0);
  expect(emulator.clients()).toEqual([]);
});

test("a contract that is given to a CartoProvider as an object reaches its process", async () => {
  const contract = JSON.stringify(parse(readFileSync(CONTRACT, "utf8")));
  await workspace.succeed("config", "rm", "carto:contract");
  await workspace.write({
    "index.ts": `
import { CartoProvider, M2mOAuthClient } from "pulumi-carto";
const provider = new CartoProvider("variant", { contract: ${contract} });
new M2mOAuthClient("service", { name: "Service" }, { provider });
`,
  });
  expect((await workspace.pulumi("up")).code).toBe(0);
  expect(emulator.clients().map(({ title }) => title)).toEqual(["Service"]);
  expect((await workspace.pulumi("destroy")).code).toBe(0);
  expect(emulator.clients()).toEqual([]);
});

test("the plugin speaks a variant, too", async () => {
  await workspace.placePlugin();
  await workspace.setConfig("carto:provider", "plugin");
  await workspace.setConfig("carto:contract", CONTRACT);
  await workspace.write({ "index.ts": program("https://app.example.com/a") });
  expect(operations(await workspace.pulumi("up"))).toEqual(["create service", "create web"]);
  expect((await workspace.pulumi("refresh")).code).toBe(0);
  expect(operations(await workspace.pulumi("preview"))).toEqual([]);
  await workspace.write({ "index.ts": program("https://app.example.com/b") });
  expect(operations(await workspace.pulumi("up"))).toEqual(["update web"]);
  expect(web()).toMatchObject({ title: "Web", callbacks: ["https://app.example.com/b"] });
  expect((await workspace.pulumi("destroy")).code).toBe(0);
  expect(emulator.clients()).toEqual([]);
});
