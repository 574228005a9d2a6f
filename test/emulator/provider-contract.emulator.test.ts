import { expect, test } from "vitest";
import { resolveConfiguration } from "../../carto/configuration.ts";
import { Tenant } from "../../carto/tenant.ts";
import { startEmulator } from "../../emulator/index.ts";
import { ContractProxy } from "../../harness/contract-proxy.ts";
import { defaultUrls } from "../../kinds/oauth-client/oauth-client.ts";

const applicationLoginUrl = "https://app.example.com/login";
const urls = { applicationLoginUrl, ...defaultUrls(applicationLoginUrl) };

/** A tenant whose calls to one API are checked by a proxy. */
async function checkedTenant(setting: "apiUrl" | "credentialsUrl", path: string, file: string) {
  const emulator = await startEmulator();
  const proxy = await ContractProxy.start(`${emulator.url}${path}`, file);
  const settings: Record<string, string> = { [setting]: proxy.url };
  const tenant = new Tenant(resolveConfiguration((name) => settings[name], emulator.env));
  const end = async () => {
    await tenant.close();
    await proxy[Symbol.asyncDispose]();
    await emulator.close();
  };
  return { proxy, tenant, [Symbol.asyncDispose]: end };
}

test("every request about API Access Tokens, and every answer to it, keeps to the contract", async () => {
  await using checked = await checkedTenant("apiUrl", "/api", "docs/tokens-api.yaml");
  const api = await checked.tenant.tokens();
  const token = {
    cartoName: "Map",
    grants: [{ connectionName: "carto_dw", source: " carto.demo.points " }],
    allowedApis: ["sql" as const, "maps" as const],
    referers: ["https://app.example.com"],
  };
  const created = await api.create({ ...token, expirationDate: "2999-01-01T00:00:00Z" });
  const plain = await api.create({ ...token, cartoName: "Plain", referers: [] });
  await expect(api.create(token)).rejects.toMatchObject({ code: "conflict" });
  expect((await api.list()).map(({ name }) => name)).toEqual(["Map", "Plain"]);
  const grants = [{ connectionName: "carto_dw", source: "carto.demo.lines" }];
  await api.update(created.token, { cartoName: "Map 2", grants, allowedApis: ["sql"], referers: [] }, "Map");
  await api.update(plain.token, { referers: token.referers }, "Plain");
  await expect(api.update(plain.token, { cartoName: "Map 2" }, "Plain")).rejects.toMatchObject({ code: "conflict" });
  expect(await api.get(created.token, "Map")).toMatchObject({ name: "Map 2", grants, referers: [] });
  // The empty list of grants is the one request that was meant to break the contract.
  await expect(api.create({ ...token, grants: [] })).rejects.toMatchObject({ code: "invalid_request" });
  expect(await api.delete(created.token, "Map")).toBe(true);
  expect(await api.delete(created.token, "Map")).toBe(false);
  expect(await api.get(created.token, "Map")).toBeUndefined();
  await expect(api.update(created.token, { referers: [] }, "Map")).rejects.toMatchObject({ code: "not_found" });

  expect(checked.proxy.breaches).toEqual([
    expect.stringMatching(/^createApiToken takes no such body as .*"grants":\[\]/),
  ]);
  expect([...checked.proxy.met].sort()).toEqual([
    "createApiToken 200",
    "createApiToken 400",
    "createApiToken 409",
    "deleteApiToken 204",
    "deleteApiToken 404",
    "getApiToken 200",
    "getApiToken 404",
    "listApiTokens 200",
    "updateApiToken 200",
    "updateApiToken 404",
    "updateApiToken 409",
  ]);
});

test("every request about applications, and every answer to it, keeps to the contract", async () => {
  await using checked = await checkedTenant("credentialsUrl", "/workspace-api", "docs/applications-api.yaml");
  const api = await checked.tenant.applications();
  const inputs = {
    name: "Field maps",
    description: "",
    appUrl: "https://maps.example.com/",
    thumbnailUrl: "",
    sharing: "organization" as const,
    pinnedToHome: false,
  };
  const first = await api.create(inputs, "key-of-field-maps");
  expect(await api.create(inputs, "key-of-field-maps")).toMatchObject({ ...first, existed: true });
  const { id } = first.created;
  await expect(api.create({ ...inputs, name: "Other" }, "key-of-field-maps")).rejects.toMatchObject({ existingId: id });
  await api.create({ ...inputs, sharing: { groups: ["Field team"] }, description: "Where we are" }, undefined);
  const whole = { ...inputs, description: "New", thumbnailUrl: "https://cdn.example.com/a.png", pinnedToHome: true };
  await api.update(id, { ...whole, sharing: "private" });
  await api.update(id, { description: "", thumbnailUrl: "", sharing: { groups: ["Analysts"] } });
  expect(await api.get(id)).toMatchObject({ description: "", thumbnailUrl: "", sharing: { groups: ["Analysts"] } });
  expect(await api.list()).toHaveLength(2);
  await expect(api.update(id, { sharing: { groups: ["Analyst"] } })).rejects.toMatchObject({ code: "invalid_request" });
  expect(await api.delete(id)).toBe(true);
  expect(await api.delete(id)).toBe(false);
  expect(await api.get(id)).toBeUndefined();
  await expect(api.update(id, { name: "Gone" })).rejects.toMatchObject({ code: "not_found" });

  expect(checked.proxy.breaches).toEqual([]);
  expect([...checked.proxy.met].sort()).toEqual([
    "createApplication 200",
    "createApplication 201",
    "createApplication 409",
    "deleteApplication 204",
    "deleteApplication 404",
    "getApplication 200",
    "getApplication 404",
    "listApplications 200",
    "listGroups 200",
    "updateApplication 200",
    "updateApplication 400",
    "updateApplication 404",
  ]);
});

test("every request of the provider, and every answer to it, keeps to the contract", async () => {
  const emulator = await startEmulator();
  await using proxy = await ContractProxy.start(`${emulator.url}/workspace-api`);
  const settings: Record<string, string> = { credentialsUrl: proxy.url };
  const tenant = new Tenant(resolveConfiguration((setting) => settings[setting], emulator.env));
  const api = await tenant.api();

  const web = { kind: "spa", name: "Web", ...urls } as const;
  const { created: client } = await api.create(web, "key-of-web");
  expect(await api.create(web, "key-of-web")).toEqual({ created: client, existed: true, repeated: false });
  await expect(api.create({ ...web, name: "Other" }, "key-of-web")).rejects.toMatchObject({ code: "conflict" });
  const job = await api.create({ kind: "m2m", name: "Job" }, undefined);
  expect((await api.list()).map(({ name }) => name).sort()).toEqual(["Emulator management", "Job", "Web"]);

  const emptied = { allowedCallbackUrls: [], allowedLogoutUrls: [], allowedWebOrigins: [], allowedOrigins: [] };
  await api.update(client.id, { name: "Web 2", ...emptied });
  await api.update(client.id, urls);
  await api.update(job.created.id, { name: "Job 2" });
  expect(await api.get(client.id)).toMatchObject(urls);
  await expect(api.create({ ...web, name: "a<b" }, "key-of-other")).rejects.toMatchObject({ code: "invalid_request" });

  expect(await api.delete(client.id)).toBe(true);
  expect(await api.delete(client.id)).toBe(false);
  expect(await api.get(client.id)).toBeUndefined();
  await expect(api.update(client.id, { name: "Gone" })).rejects.toMatchObject({ code: "not_found" });

  // The title with "<" is the one request that was meant to break the contract.
  expect(proxy.breaches).toEqual([expect.stringMatching(/^createOAuthClient takes no such body as .*"a<b"/)]);
  expect([...proxy.met].sort()).toEqual([
    "createOAuthClient 200",
    "createOAuthClient 201",
    "createOAuthClient 400",
    "createOAuthClient 409",
    "deleteOAuthClient 204",
    "deleteOAuthClient 404",
    "getOAuthClient 200",
    "getOAuthClient 404",
    "listOAuthClients 200",
    "updateOAuthClient 200",
    "updateOAuthClient 404",
  ]);
  await tenant.close();
  await emulator.close();
});
