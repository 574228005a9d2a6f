import { expect, test } from "vitest";
import { TenantFixture } from "./tenant-fixture.ts";

const ACCOUNTS = "https://accounts.example.com";
const DISCOVERED = { credentialsUrl: "", accountsUrl: ACCOUNTS };
const CONFIG =
  "apis:\n  baseUrl: https://acme.api.example.com/\n  workspaceUrl: https://workspace.example.com/\nmore: [1]\n";

const me = (carto: TenantFixture, status: number, body: unknown) => {
  carto.token();
  carto.agent
    .get(ACCOUNTS)
    .intercept({ path: "/users/me", method: "GET" })
    .reply(status, body as object);
};
const config = (carto: TenantFixture, origin: string, text: string, status = 200) =>
  carto.agent.get(origin).intercept({ path: "/config.yaml", method: "GET" }).reply(status, text);

test("the accounts API names the tenant, its config.yaml the APIs; no token goes to the tenant's page", async () => {
  await using carto = new TenantFixture(DISCOVERED);
  me(carto, 200, { user_id: "auth0|1", user_metadata: { tenant_domain: "acme.example.com" } });
  let headers: unknown;
  carto.agent
    .get("https://acme.example.com")
    .intercept({ path: "/config.yaml", method: "GET" })
    .reply(200, (request) => {
      ({ headers } = request);
      return CONFIG;
    });
  carto.on("DELETE", "/credentials/oauth-clients/a").reply(204, "");
  expect(await (await carto.tenant.api()).delete("a")).toBe(true);
  expect(JSON.stringify(headers).toLowerCase()).not.toContain("authorization");
  expect(await carto.tenant.caller()).toEqual({ userId: "auth0|1", tenantDomain: "acme.example.com" });
});

test("a tenant domain that is given spares the accounts API; on loopback it is asked over http", async () => {
  await using carto = new TenantFixture({ ...DISCOVERED, tenantDomain: "127.0.0.1:4000" });
  config(
    carto,
    "http://127.0.0.1:4000",
    "apis: {baseUrl: http://127.0.0.1:4000/api, workspaceUrl: http://127.0.0.1:4000/w}",
  );
  await carto.tenant.api();
  carto.agent.assertNoPendingInterceptors();
});

test.each([
  [
    "a refused token",
    401,
    {},
    'The access token was refused by https://accounts.example.com (401). Check that it has not expired and that its audience is "carto-cloud-native-api".',
  ],
  [
    "no user",
    200,
    {},
    "https://accounts.example.com/users/me answered 200 without a user. Check carto:accountsUrl, or set carto:credentialsUrl and skip discovery.",
  ],
  [
    "no such path",
    404,
    {},
    "https://accounts.example.com/users/me answered 404 without a user. Check carto:accountsUrl, or set carto:credentialsUrl and skip discovery.",
  ],
  [
    "no tenant",
    200,
    { user_id: "u" },
    "https://accounts.example.com names no tenant for the calling user. Set carto:tenantDomain or carto:credentialsUrl.",
  ],
  [
    "no host",
    200,
    { user_id: "u", user_metadata: { tenant_domain: "acme.example.com/path" } },
    'The tenant domain "acme.example.com/path" is not a host name. Set carto:tenantDomain to a host such as my-company.app.carto.com.',
  ],
])("discovery that meets %s says what to set", async (_what, status, body, message) => {
  await using carto = new TenantFixture(DISCOVERED);
  me(carto, status, body);
  if (status === 401) me(carto, status, body);
  await expect(carto.tenant.api()).rejects.toMatchObject({ message });
});

test.each([
  [
    "no URLs",
    "hello: world",
    "https://acme.example.com/config.yaml does not name apis.baseUrl and apis.workspaceUrl. Check carto:tenantDomain, or set carto:credentialsUrl.",
  ],
])("a config.yaml with %s is refused", async (_what, text, message) => {
  await using carto = new TenantFixture({ ...DISCOVERED, tenantDomain: "acme.example.com" });
  config(carto, "https://acme.example.com", text);
  await expect(carto.tenant.api()).rejects.toMatchObject({ code: "unexpected_answer", message });
});

test("a tenant without config.yaml is reported with the status", async () => {
  await using carto = new TenantFixture({ ...DISCOVERED, tenantDomain: "acme.example.com" });
  config(carto, "https://acme.example.com", "<html>", 403);
  await expect(carto.tenant.api()).rejects.toMatchObject({
    code: "unexpected_answer",
    status: 403,
    message:
      "https://acme.example.com/config.yaml answered 403: there is no tenant to discover. Check carto:tenantDomain, or set carto:credentialsUrl.",
  });
});

test.each([
  [
    "of a stranger",
    "https://workspace.evil.example",
    "the host workspace.evil.example, which the config.yaml of acme.example.com names, is not trusted with credentials, so nothing was sent. " +
      "If it is right, trust it outside of the manifest: set CARTO_TRUSTED_HOSTS=workspace.evil.example, carto:trustedHosts in the stack configuration, or trustedHosts of a CartoProvider.",
  ],
  [
    "on this machine",
    "http://127.0.0.1:4000",
    "the host 127.0.0.1:4000, which the config.yaml of acme.example.com names, is not trusted with credentials, so nothing was sent. " +
      "If it is right, trust it outside of the manifest: set CARTO_TRUSTED_HOSTS=127.0.0.1:4000, carto:trustedHosts in the stack configuration, or trustedHosts of a CartoProvider.",
  ],
  [
    "without https",
    "http://workspace.example.com",
    "the host workspace.example.com, which the config.yaml of acme.example.com names, would receive credentials without encryption, so nothing was sent. Use https.",
  ],
])("a workspace URL %s receives no token, not even a connection", async (_what, url, reason) => {
  await using carto = new TenantFixture({ ...DISCOVERED, tenantDomain: "acme.example.com" });
  config(carto, "https://acme.example.com", CONFIG.replace("https://workspace.example.com/", url));
  const api = await carto.tenant.api();
  await expect(api.list()).rejects.toMatchObject({
    code: "untrusted_host",
    message: `Listing OAuth clients: ${reason}`,
  });
});

test("an accounts API elsewhere cannot name this machine as the tenant", async () => {
  await using carto = new TenantFixture(DISCOVERED);
  me(carto, 200, { user_id: "auth0|1", user_metadata: { tenant_domain: "127.0.0.1:4000" } });
  await expect(carto.tenant.api()).rejects.toMatchObject({
    code: "untrusted_host",
    message:
      'https://accounts.example.com names "127.0.0.1:4000", this machine, as the tenant\'s domain, so nothing was sent there. If it is right, set carto:tenantDomain or CARTO_TENANT_DOMAIN to it.',
  });
});

test("discovery that failed is tried again by the next call", async () => {
  await using carto = new TenantFixture({ ...DISCOVERED, tenantDomain: "acme.example.com" });
  config(carto, "https://acme.example.com", "", 404);
  await expect(carto.tenant.api()).rejects.toThrow();
  config(carto, "https://acme.example.com", CONFIG);
  await carto.tenant.api();
});
