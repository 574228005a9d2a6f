import { afterEach, beforeEach, expect, test } from "vitest";
import { resolveConfiguration } from "../../carto/configuration.ts";
import { type Finding, probe } from "../../carto/probe.ts";
import { probeName } from "../../carto/probe-name.ts";
import { Tenant } from "../../carto/tenant.ts";
import { type Emulator, startEmulator } from "../../emulator/index.ts";

let emulator: Emulator;
let tenant: Tenant;
beforeEach(async () => {
  emulator = await startEmulator();
  tenant = new Tenant({ ...resolveConfiguration(() => undefined, emulator.env), retryBudgetSeconds: 1 });
});
afterEach(async () => {
  await tenant.close();
  await emulator.close();
});

const name = probeName(new Date("2026-07-01T08:00:00Z"));

async function findings(abortAt?: string): Promise<Finding[]> {
  const found: Finding[] = [];
  const stop = new AbortController();
  const tell = (finding: Finding) => {
    found.push(finding);
    if (finding.point === abortAt) stop.abort();
  };
  await probe(await tenant.api(), name, tell, stop.signal);
  return found;
}

const points = (found: readonly Finding[]) => found.map(({ point, ok }) => `${point} ${ok}`);

test("a tenant that fits the assumed contract fits it at each point, and nothing stays behind", async () => {
  const before = emulator.clients();
  const found = await findings();
  expect(
    found.map(({ point, ok, message, setting }) => [point, ok, message.replace(/[\w-]{20,}/, "ID"), setting]),
  ).toEqual([
    ["create", true, "a SPA client was created as assumed, ID", undefined],
    ["read", true, "a read returns the secret", undefined],
    ["key", true, "the same idempotency key leads to the same client", undefined],
    ["update", true, "the name was updated, and a read has the new one", undefined],
    ["list", true, "2 clients listed, without secrets, on one page", undefined],
    ["delete", true, "a deleted client is no longer found", undefined],
    ["limits", true, "no answer had a rate limit header", undefined],
  ]);
  expect(emulator.clients()).toEqual(before);
  expect(name).toMatch(/^pulumi-carto probe 2026-07-01T08:00:00.000Z [0-9a-f]{8}: may be deleted$/);
});

test("a tenant without idempotency keys is reported with the setting that it needs; the second client is deleted too", async () => {
  emulator.faults.add({ fault: "no-idempotency" });
  const before = emulator.clients();
  const key = (await findings()).find(({ point }) => point === "key");
  expect(key).toEqual({
    point: "key",
    ok: true,
    message: "idempotency keys are not honoured: the same key created a second client",
    setting: { name: "idempotencyKeys", value: "false" },
  });
  expect(emulator.clients()).toEqual(before);
});

test("a client that is not the probe's is left alone, whatever a repeated key is answered with", async () => {
  await (await tenant.api()).create({ kind: "m2m", name: "Service" }, "key-12345");
  const before = emulator.clients();
  const body = { ...before[0], client_secret: "planted-secret" };
  emulator.faults.add({ call: "createOAuthClient", skip: 1, fault: "status", status: 200, body });
  expect((await findings())[2]).toEqual({
    point: "key",
    ok: false,
    message: `a repeated idempotency key was answered with another client, ${before[0]?.client_id}: it was left alone`,
  });
  expect(emulator.clients()).toEqual(before);
});

test("a read without a secret is reported with the consequence for import", async () => {
  emulator.faults.add({ call: "getOAuthClient", fault: "omit-secret" });
  expect((await findings())[1]?.message).toBe(
    "a read does not return the secret: `import` needs --secret NAME=VARIABLE for each client",
  );
});

test("a tenant that does not keep what was sent does not fit the contract", async () => {
  const body = {
    client_id: "id-1",
    type: "spa",
    title: name,
    login_uri: "https://PROBE.example.com/login",
    callbacks: [],
    logout_urls: ["https://probe.example.com/login"],
    web_origins: ["https://probe.example.com"],
    allowed_origins: [],
    owner_id: "auth0|1",
    created_at: "2026-07-01T08:00:00Z",
    updated_at: "2026-07-01T08:00:00Z",
  };
  emulator.faults.add({ call: "getOAuthClient", fault: "status", status: 200, body });
  expect((await findings())[1]).toEqual({
    point: "read",
    ok: false,
    message:
      "CARTO did not keep what was sent for allowedCallbackUrls, allowedOrigins: the tenant may use other member names",
  });
});

test("a create whose answer breaks the contract ends the probe, and its client is found by its name and deleted", async () => {
  const before = emulator.clients();
  emulator.faults.add({ call: "createOAuthClient", fault: "not-json" });
  const found = await findings();
  expect(points(found)).toEqual(["create false"]);
  expect(emulator.clients()).toEqual(before);
});

test.each(["create", "read", "key", "update", "list", "delete"])(
  "interrupted after %s, nothing stays behind",
  async (point) => {
    const before = emulator.clients();
    const found = await findings(point);
    expect(found.at(-1)?.point).toBe(point);
    expect(emulator.clients()).toEqual(before);
  },
);

test("what cannot be deleted is named, to be deleted by hand", async () => {
  emulator.faults.add({ call: "deleteOAuthClient", fault: "status", status: 403 });
  const found = await findings();
  expect(points(found).slice(-3)).toEqual(["delete false", "limits true", "clean-up false"]);
  expect(found.at(-1)?.message).toContain(`the client "${name}" (`);
  expect(found.at(-1)?.message).toContain(") may be left at CARTO: delete it there. Deleting OAuth client ");
});
