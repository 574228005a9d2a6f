import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import type { ClientChange, NewClient } from "../../carto/credentials-wire.ts";
import { CLIENTS, TenantFixture } from "./tenant-fixture.ts";

const contract = parse(readFileSync(new URL("../../docs/credentials-api.yaml", import.meta.url), "utf8"));
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(contract, "contract");
const violations = (schema: string, value: unknown) => {
  const validate = ajv.getSchema(`contract#/components/schemas/${schema}`);
  if (!validate) throw new Error(`the contract has no schema ${schema}`);
  return validate(value) ? [] : validate.errors;
};

const URLS = {
  applicationLoginUrl: "https://app.example.com/login",
  allowedCallbackUrls: ["https://app.example.com/callback"],
  allowedLogoutUrls: [],
  allowedWebOrigins: ["https://app.example.com"],
  allowedOrigins: ["https://*.example.com"],
};
const WIRE = {
  client_id: "id-1",
  type: "spa",
  title: "Web",
  login_uri: "https://app.example.com/login",
  callbacks: ["https://app.example.com/callback"],
  logout_urls: [],
  web_origins: ["https://app.example.com"],
  allowed_origins: ["https://*.example.com"],
  owner_id: "auth0|1",
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-02T00:00:00.000Z",
  client_secret: "planted",
  added_by_a_newer_api: true,
};
const MODEL = {
  kind: "spa",
  id: "id-1",
  name: "Web",
  ...URLS,
  ownerId: "auth0|1",
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-02T00:00:00.000Z",
  clientSecret: "planted",
};
const SPA: NewClient = { kind: "spa", name: "Web", ...URLS };

let carto: TenantFixture;
beforeEach(() => {
  carto = new TenantFixture();
  carto.token();
});
afterEach(() => carto[Symbol.asyncDispose]());
const api = () => carto.tenant.api();

test.each<[string, NewClient, string]>([
  ["SPA", SPA, "NewSpaClient"],
  ["M2M", { kind: "m2m", name: "Robot" }, "NewM2mClient"],
])("a new %s client is sent as the contract describes it, with the key", async (_kind, client, schema) => {
  let sent: { body?: unknown; headers?: unknown } = {};
  carto.on("POST").reply(201, (request) => {
    sent = request;
    return WIRE;
  });
  expect(await (await api()).create(client, "key-12345")).toEqual({ created: MODEL, existed: false, repeated: false });
  expect(violations(schema, JSON.parse(String(sent.body)))).toEqual([]);
  expect(sent.headers).toMatchObject({ "idempotency-key": "key-12345", "content-type": "application/json" });
});

test.each<[string, ClientChange, object]>([
  ["a name", { name: "New" }, { title: "New" }],
  ["the login URL", { applicationLoginUrl: "https://b.example.com/" }, { login_uri: "https://b.example.com/" }],
  ["an emptied list", { allowedOrigins: [] }, { allowed_origins: [] }],
])("%s is patched alone, as the contract requires", async (_what, change, expected) => {
  let body: unknown;
  carto.on("PATCH", `${CLIENTS}/id-1`).reply(200, (request) => {
    body = JSON.parse(String(request.body));
    return WIRE;
  });
  await (await api()).update("id-1", change);
  expect(body).toEqual(expected);
  expect(violations("ClientPatch", body)).toEqual([]);
});

test("200 says that the key had created the client before", async () => {
  carto.on("POST").reply(200, WIRE);
  expect((await (await api()).create(SPA, "key-12345")).existed).toBe(true);
});

test("a client ID is escaped in the path", async () => {
  carto.on("GET", `${CLIENTS}/..%2Fusers%3Fa`).reply(200, WIRE);
  expect(await (await api()).get("../users?a")).toEqual(MODEL);
});

test("a listing asks for pages of 100 until it has all", async () => {
  const page = (number: number, size: number) => ({
    data: Array.from({ length: size }, (_, index) => ({ ...WIRE, client_id: `${number}-${index}` })),
    page: number,
    page_size: 100,
    total: 200,
  });
  carto.on("GET", `${CLIENTS}?page=1&page_size=100`).reply(200, page(1, 100));
  carto.on("GET", `${CLIENTS}?page=2&page_size=100`).reply(200, page(2, 100));
  expect(await (await api()).list()).toHaveLength(200);
});

test("a listing whose total is too high ends with the first page that is not full", async () => {
  const { client_secret: _, ...listed } = WIRE;
  const page = { data: [listed], page: 1, page_size: 100, total: 1_000_000 };
  carto.on("GET", `${CLIENTS}?page=1&page_size=100`).reply(200, page);
  expect(await (await api()).list()).toHaveLength(1);
});

test.each<[string, object, string]>([
  ["without the secret", { ...WIRE, client_secret: undefined }, "client_secret"],
  ["with an empty client ID", { ...WIRE, client_id: "" }, "client_id"],
  ["of an unknown type", { ...WIRE, type: "native" }, "type"],
  ["with text for a list", { ...WIRE, callbacks: "https://a.example.com" }, "callbacks"],
  ["of nothing", {}, "client_id, type, title, owner_id, created_at, updated_at, client_secret"],
])("an answer %s breaks the contract, and the message names where", async (_what, answer, paths) => {
  carto.on("POST").reply(201, answer);
  await expect((await api()).create(SPA, "key-12345")).rejects.toMatchObject({
    code: "unexpected_answer",
    message: `Creating the SPA OAuth client "Web": the answer breaks the assumed contract at ${paths}. Compare docs/credentials-api.yaml with your tenant (README, "What is assumed").`,
  });
});

test.each<[number, object, string, string]>([
  [
    400,
    {
      error: "invalid_request",
      status: 400,
      issues: [
        { path: "callbacks[2]", message: "must be a URL" },
        { path: "title", message: "is too long" },
      ],
    },
    "invalid_request",
    "CARTO refused the request (400): allowedCallbackUrls[2]: must be a URL; name: is too long. Correct the declaration.",
  ],
  [400, {}, "invalid_request", "CARTO refused the request (400). Correct the declaration."],
  [
    403,
    { error: "plan_required", status: 403 },
    "plan_required",
    "the organization's plan does not include M2M OAuth clients (403). CARTO offers them from Enterprise Large on.",
  ],
  [
    403,
    { error: "forbidden", status: 403 },
    "forbidden",
    "the calling user may not do this (403). Use the credentials of an Editor or above.",
  ],
  [
    404,
    { error: "not_found", status: 404 },
    "unexpected_answer",
    "there is no OAuth clients API at https://workspace.example.com/credentials/oauth-clients (404). Check carto:credentialsUrl, or unset it to have it discovered.",
  ],
  [
    409,
    { error: "conflict", status: 409, client_id: "id-1" },
    "conflict",
    "the idempotency key was used for another declaration (409). Run `pulumi up` again; if the error persists, look for the client with `pulumi-carto unmanaged`.",
  ],
  [418, {}, "unexpected_answer", "CARTO answered 418, which the assumed contract does not define."],
])("a create that is answered %d %j says what to do", async (status, body, code, message) => {
  carto.on("POST").reply(status, body);
  await expect((await api()).create(SPA, "key-12345")).rejects.toMatchObject({
    code,
    status,
    message: `Creating the SPA OAuth client "Web": ${message}`,
  });
});

test("a client that is not there is read as undefined, and deleted as false", async () => {
  for (const method of ["GET", "DELETE"]) {
    carto.on(method, `${CLIENTS}/id-1`).reply(404, { error: "not_found", status: 404 });
  }
  expect(await (await api()).get("id-1")).toBeUndefined();
  expect(await (await api()).delete("id-1")).toBe(false);
});

test("with a key, a create whose answer was lost is sent again", async () => {
  carto.on("POST").replyWithError(Object.assign(new Error(), { code: "ECONNRESET" }));
  carto.on("POST").reply(200, WIRE);
  expect(await (await api()).create(SPA, "key-12345")).toMatchObject({ existed: true, repeated: true });
});

test.each<[string, (create: ReturnType<TenantFixture["on"]>) => unknown]>([
  ["a reset", (create) => create.replyWithError(Object.assign(new Error(), { code: "ECONNRESET" }))],
  ["a 500", (create) => create.reply(500, {})],
  ["a 503", (create) => create.reply(503, {})],
  ["an unreadable answer", (create) => create.reply(201, "<html>")],
  ["an answer that breaks the contract", (create) => create.reply(201, {})],
])(
  "without a key, %s leaves open whether the client exists, and the message says how to find it",
  async (_what, happens) => {
    happens(carto.on("POST"));
    await expect((await api()).create(SPA, undefined)).rejects.toMatchObject({
      code: "create_unconfirmed",
      message:
        'Creating the SPA OAuth client "Web": no usable answer came, so the client may exist. Look for it with `pulumi-carto unmanaged`, delete or import it, then run again.',
    });
  },
);

test.each([403, 404, 418])("without a key, a refusal (%d) is certain", async (status) => {
  carto.on("POST").reply(status, {});
  await expect((await api()).create(SPA, undefined)).rejects.not.toMatchObject({ code: "create_unconfirmed" });
});
