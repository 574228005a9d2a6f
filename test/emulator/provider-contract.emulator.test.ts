import { expect, test } from "vitest";
import { resolveConfiguration } from "../../carto/configuration.ts";
import { Tenant } from "../../carto/tenant.ts";
import { startEmulator } from "../../emulator/index.ts";
import { ContractProxy } from "../../harness/contract-proxy.ts";
import { defaultUrls } from "../../kinds/oauth-client/oauth-client.ts";

const applicationLoginUrl = "https://app.example.com/login";
const urls = { applicationLoginUrl, ...defaultUrls(applicationLoginUrl) };

test("every request of the provider, and every answer to it, keeps to the contract", async () => {
  const emulator = await startEmulator();
  await using proxy = await ContractProxy.start(`${emulator.url}/workspace-api`);
  const settings: Record<string, string> = { credentialsUrl: proxy.url };
  const tenant = new Tenant(resolveConfiguration((setting) => settings[setting], emulator.env));
  const api = await tenant.api();

  const web = { kind: "spa", name: "Web", ...urls } as const;
  const { client } = await api.create(web, "key-of-web");
  expect(await api.create(web, "key-of-web")).toEqual({ client, existed: true, repeated: false });
  await expect(api.create({ ...web, name: "Other" }, "key-of-web")).rejects.toMatchObject({ code: "conflict" });
  const job = await api.create({ kind: "m2m", name: "Job" }, undefined);
  expect((await api.list()).map(({ name }) => name).sort()).toEqual(["Emulator management", "Job", "Web"]);

  const emptied = { allowedCallbackUrls: [], allowedLogoutUrls: [], allowedWebOrigins: [], allowedOrigins: [] };
  await api.update(client.id, { name: "Web 2", ...emptied });
  await api.update(client.id, urls);
  await api.update(job.client.id, { name: "Job 2" });
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
