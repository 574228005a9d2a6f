import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { type PulumiResult, type PulumiWorkspace, pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

/* The whole life of two clients on the real engine, in the order it happens. */

const program = (web: string, service = "{ name: 'Service' }") => `
import { M2mOAuthClient, SpaOAuthClient } from "pulumi-carto";
export const web = new SpaOAuthClient("web", ${web}).clientId;
const service = new M2mOAuthClient("service", ${service});
export const serviceId = service.clientId;
export const serviceSecret = service.clientSecret;
`;
const WEB = "{ name: 'Web', applicationLoginUrl: 'https://app.example.com/login' }";
const URLS = ["https://a.example.com/cb", "https://b.example.com/cb"];
const listing = (urls: string[]) =>
  `{ name: 'Web', applicationLoginUrl: 'https://app.example.com/login', allowedCallbackUrls: ${JSON.stringify(urls)} }`;

let emulator: Emulator;
let workspace: PulumiWorkspace;
let carto: CartoSession;
const secrets = new Set<string>();
const outputs: string[] = [];

beforeAll(async () => {
  emulator = await startEmulator({ log: (line) => outputs.push(line) });
  carto = await CartoSession.open(emulator);
  emulator.resetRequests();
  secrets.add(emulator.env.CARTO_M2M_CLIENT_SECRET ?? "").add(carto.token);
  workspace = await pulumiWorkspace({ files: program(WEB), env: emulator.env });
});

afterAll(async () => {
  await workspace?.[Symbol.asyncDispose]();
  await emulator?.close();
});

async function pulumi(...args: string[]): Promise<PulumiResult> {
  const result = await workspace.pulumi(...args);
  outputs.push(result.stdout, result.stderr);
  return result;
}

async function up(source: string, ...flags: string[]): Promise<PulumiResult> {
  await workspace.write({ "index.ts": source });
  return pulumi("up", ...flags);
}

/** `update web` for each resource of ours that is not just the same. */
function operations({ events }: PulumiResult): string[] {
  return events
    .flatMap((event) => event.resourcePreEvent?.metadata ?? [])
    .filter(({ type, op }) => type.includes("carto:") && op !== "same" && op !== "discard")
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)
    .sort();
}

/** Secrets in plain: kept to be searched for, never printed. */
async function plainState() {
  const resources = await workspace.resources("--show-secrets");
  for (const { outputs } of resources) {
    if (outputs?.clientSecret) secrets.add(JSON.parse(outputs.clientSecret.plaintext));
  }
  return resources;
}

const clientNamed = (name: string) => emulator.clients().find(({ title }) => title === name);

test("a preview creates nothing and calls nobody", async () => {
  const preview = await pulumi("preview");
  expect(operations(preview)).toEqual(["create service", "create web"]);
  expect(emulator.clients()).toEqual([]);
  expect(emulator.requests()).toEqual({});
});

test("up creates the clients, an omitted list becoming its default from the login URL", async () => {
  expect((await up(program(WEB))).code).toBe(0);
  expect(clientNamed("Web")).toMatchObject({
    type: "spa",
    login_uri: "https://app.example.com/login",
    callbacks: ["https://app.example.com/login"],
    logout_urls: ["https://app.example.com/login"],
    web_origins: ["https://app.example.com"],
    allowed_origins: ["https://app.example.com"],
  });
  expect(clientNamed("Service")).toMatchObject({ type: "m2m" });
  expect(emulator.requests()["POST /workspace-api/credentials/oauth-clients"]).toBe(2);
});

test("the secret is a Pulumi secret that works", async () => {
  const { serviceId, serviceSecret } = await workspace.outputs();
  const answer = await fetch(`${emulator.url}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: String(serviceId),
      client_secret: String(serviceSecret),
      audience: "carto-cloud-native-api",
    }),
  });
  expect(await answer.json()).toMatchObject({ token_type: "Bearer", expires_in: 86400 });
  const resource = (await workspace.resources()).find(({ type }) => type.endsWith(":M2mOAuthClient"));
  expect(resource?.outputs?.clientSecret).toHaveProperty("ciphertext");
});

test("a second up and a preview change nothing and call nobody", async () => {
  emulator.resetRequests();
  expect(operations(await pulumi("up"))).toEqual([]);
  const preview = await pulumi("preview", "--json");
  expect(JSON.parse(preview.stdout).changeSummary).toEqual({ same: 4 });
  expect(emulator.requests()).toEqual({});
});

test("the state of a SPA client with default URLs has at most 1,900 bytes, its __provider at most 120", async () => {
  const resource = (await workspace.resources()).find(({ type }) => type.endsWith(":SpaOAuthClient"));
  expect(JSON.stringify(resource).length).toBeLessThanOrEqual(1900);
  expect(resource?.inputs?.__provider).toBe('module.exports=require("pulumi-carto/spa")');
});

test("a list is updated in place: one PATCH, same client ID, same secret", async () => {
  const before = await plainState();
  emulator.resetRequests();
  expect(operations(await up(program(listing(URLS))))).toEqual(["update web"]);
  expect(clientNamed("Web")?.callbacks).toEqual(URLS);
  expect(emulator.requests()).toMatchObject({ "PATCH /workspace-api/credentials/oauth-clients/{client_id}": 1 });
  const secretsOf = (resources: typeof before) =>
    resources.map(({ id, outputs }) => [id, outputs?.clientSecret?.plaintext]).sort();
  expect(secretsOf(await plainState())).toEqual(secretsOf(before));
});

test("the same URLs in another order, or twice, are not a change", async () => {
  expect(operations(await up(program(listing([...URLS].reverse()))))).toEqual([]);
  expect(operations(await up(program(listing([...URLS, ...URLS]))))).toEqual([]);
});

test("an explicit empty list is sent and stays empty", async () => {
  expect(operations(await up(program(listing([]))))).toEqual(["update web"]);
  expect(clientNamed("Web")?.callbacks).toEqual([]);
  expect(operations(await pulumi("refresh"))).toEqual(["refresh service", "refresh web"]);
  expect(operations(await pulumi("preview"))).toEqual([]);
});

test("what someone changed by hand is shown by refresh and put right by up", async () => {
  const id = clientNamed("Web")?.client_id;
  await carto.call("PATCH", `${CLIENTS}/${id}`, { title: "Hacked", web_origins: ["https://evil.example.net"] });
  const refresh = await pulumi("refresh");
  const drift = refresh.events
    .map((event) => event.resOutputsEvent?.metadata)
    .find((metadata) => metadata?.op === "update" || (metadata?.op === "refresh" && metadata.urn.endsWith("::web")));
  expect(drift?.new?.outputs).toMatchObject({ name: "Hacked", allowedWebOrigins: ["https://evil.example.net"] });
  expect(operations(await pulumi("up"))).toEqual(["update web"]);
  expect(clientNamed("Web")).toMatchObject({ client_id: id, web_origins: ["https://app.example.com"] });
});

test("get reads a client that is not managed here", async () => {
  const id = clientNamed("Service")?.client_id;
  const source = `${program(listing([]))}\nexport const seen = SpaOAuthClient.get("seen", ${JSON.stringify(clientNamed("Web")?.client_id)}).name;`;
  expect((await up(source)).code).toBe(0);
  expect(await workspace.outputs()).toMatchObject({ seen: "Web", serviceId: id });
});

test("get of the other kind, or of nothing, fails and says so", async () => {
  const get = (id: string) =>
    `import { SpaOAuthClient } from "pulumi-carto";\nSpaOAuthClient.get("seen", ${JSON.stringify(id)});`;
  const id = clientNamed("Service")?.client_id ?? "";
  await workspace.write({ "index.ts": get(id) });
  expect((await pulumi("preview")).stdout).toContain(
    `OAuth client ${id} is of kind M2M, not SPA. Use M2mOAuthClient for it.`,
  );
  await workspace.write({ "index.ts": get("nobody") });
  const missing = await pulumi("preview");
  expect(missing.code).not.toBe(0);
  expect(missing.stdout).toContain(
    "OAuth client nobody cannot be looked up: the calling user has no such OAuth client.",
  );
});

test("a new rotationTrigger replaces the client: new ID, new secret, then the old one is deleted", async () => {
  const before = await workspace.outputs();
  const rotated = program(listing([]), "{ name: 'Service', rotationTrigger: '2026-11' }");
  expect(operations(await up(rotated))).toEqual([
    "create-replacement service",
    "delete-replaced service",
    "replace service",
  ]);
  const after = await workspace.outputs();
  await plainState();
  expect(after.serviceId).not.toBe(before.serviceId);
  expect(after.serviceSecret).not.toBe(before.serviceSecret);
  expect(
    emulator
      .clients()
      .filter(({ title }) => title === "Service")
      .map(({ client_id }) => client_id),
  ).toEqual([after.serviceId]);
});

test("destroy deletes the clients, and CARTO no longer knows them", async () => {
  const ids = emulator.clients().map(({ client_id }) => client_id);
  expect((await pulumi("destroy")).code).toBe(0);
  expect(emulator.clients()).toEqual([]);
  for (const id of ids) expect((await carto.call("GET", `${CLIENTS}/${id}`)).status).toBe(404);
});

test("no secret is in plain text in state, history, events, output or the emulator's log", async () => {
  const text = [await workspace.storedText(), ...outputs].join("\n");
  expect(secrets.size).toBe(5);
  for (const secret of secrets) expect(text.includes(secret)).toBe(false);
});
