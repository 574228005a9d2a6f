import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { resolveConfiguration } from "../../carto/configuration.ts";
import type { NewClient } from "../../carto/credentials-wire.ts";
import { Tenant } from "../../carto/tenant.ts";
import { startEmulator } from "../../emulator/index.ts";

const CONTRACT = fileURLToPath(new URL("../carto/variant.yaml", import.meta.url));
const LOGIN = "https://app.example.com/login";
const SPA = { kind: "spa", name: "Web", applicationLoginUrl: LOGIN, allowedCallbackUrls: [LOGIN] } satisfies NewClient;

async function withTenant(env: Record<string, string>, work: (tenant: Tenant) => Promise<void>): Promise<void> {
  const tenant = new Tenant(resolveConfiguration(() => undefined, { HOME: "/nonexistent", ...env }));
  try {
    await work(tenant);
  } finally {
    await tenant.close();
  }
}

test("OAuth clients live on a variant: other paths, methods, members, envelope, paging and statuses", async () => {
  await using emulator = await startEmulator({ contract: CONTRACT });
  await withTenant({ ...emulator.env, CARTO_CONTRACT: CONTRACT }, async (tenant) => {
    const api = await tenant.api();
    const { created, existed } = await api.create(SPA, "planted-key-1");
    expect([existed, created.clientSecret?.length]).toEqual([false, expect.any(Number)]);
    const again = await api.create(SPA, "planted-key-1");
    expect([again.existed, again.created.id]).toEqual([true, created.id]);
    await expect(api.create({ ...SPA, name: "Other" }, "planted-key-1")).rejects.toMatchObject({
      code: "conflict",
      existingId: created.id,
    });
    expect(await api.update(created.id, { name: "Web 2" })).toMatchObject({
      name: "Web 2",
      allowedCallbackUrls: [LOGIN],
    });
    for (const at of [1, 2, 3, 4]) await api.create({ ...SPA, name: `More ${at}` }, `planted-key-more-${at}`);
    emulator.resetRequests();
    expect((await api.list()).filter(({ name }) => !name.startsWith("Emulator")).map(({ name }) => name)).toEqual([
      "Web 2",
      "More 1",
      "More 2",
      "More 3",
      "More 4",
    ]);
    expect(emulator.requests()).toEqual({ "GET /workspace-api/credentials/oauth-clients": 3 });
    await expect(api.update(created.id, { allowedCallbackUrls: ["nonsense"] })).rejects.toMatchObject({
      message: expect.stringContaining("allowedCallbackUrls[0]: "),
    });
    expect([await api.delete(created.id), await api.delete(created.id)]).toEqual([true, false]);
    expect(await api.get(created.id)).toBe(undefined);
  });
});

test("applications and API Access Tokens live on a variant", async () => {
  await using emulator = await startEmulator({ contract: CONTRACT });
  await withTenant({ ...emulator.env, CARTO_CONTRACT: CONTRACT }, async (tenant) => {
    const applications = await tenant.applications();
    const card = { description: "", appUrl: "https://app.example.com/", thumbnailUrl: "", pinnedToHome: false };
    const groups = await applications.groups();
    const sharing = { groups: groups.slice(0, 1) };
    const { created } = await applications.create({ name: "Map", ...card, sharing }, "planted-key-2");
    expect(await applications.get(created.id)).toMatchObject({ name: "Map", sharing });
    expect(await applications.list()).toEqual([created]);
    const tokens = await tenant.tokens();
    const token = await tokens.create({
      cartoName: "reader",
      grants: [{ connectionName: "carto_dw", source: "demo.table" }],
      allowedApis: ["sql"],
      referers: [],
    });
    expect(await tokens.list()).toEqual([token]);
    expect(await tokens.delete(token.token, "reader")).toBe(true);
  });
});

test("without the contract a variant is not understood, and with it a tenant as assumed is not", async () => {
  await using variant = await startEmulator({ contract: CONTRACT });
  await withTenant(variant.env, async (tenant) => {
    await expect((await tenant.api()).list()).rejects.toMatchObject({ code: "unexpected_answer" });
  });
  await using assumed = await startEmulator();
  await withTenant({ ...assumed.env, CARTO_CONTRACT: CONTRACT }, async (tenant) => {
    await expect((await tenant.api()).list()).rejects.toMatchObject({ code: "unexpected_answer" });
  });
});
