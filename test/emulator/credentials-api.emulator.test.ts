import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, OTHER_AUDIENCE, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS, tokenFor } from "../../harness/carto-session.ts";

let emulator: Emulator;
let carto: CartoSession;
let clock = 0;

beforeEach(async () => {
  clock = Date.now();
  emulator = await startEmulator({ now: () => clock });
  carto = await CartoSession.open(emulator);
});
afterEach(() => emulator.close());

const spa = { type: "spa", title: "Web", login_uri: "https://app.example.com/login" };

test("a SPA client gets its four lists from the login URL", async () => {
  const { status, body } = await carto.call("POST", CLIENTS, spa);
  expect(status).toBe(201);
  expect(body).toEqual({
    ...spa,
    client_id: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
    client_secret: expect.stringMatching(/^[A-Za-z0-9]{64}$/),
    callbacks: ["https://app.example.com/login"],
    logout_urls: ["https://app.example.com/login"],
    web_origins: ["https://app.example.com"],
    allowed_origins: ["https://app.example.com"],
    owner_id: "auth0|emulator-admin",
    created_at: new Date(clock).toISOString(),
    updated_at: new Date(clock).toISOString(),
  });
  expect((await carto.call("GET", `${CLIENTS}/${body.client_id}`)).body).toEqual(body);
});

test("every problem of a request is named at once", async () => {
  const { status, body } = await carto.call("POST", CLIENTS, {
    type: "spa",
    title: "a<b",
    callbacks: ["https://sub.*.example.com", "ftp://example.com", "https://a.example.com", "https://a.example.com"],
    web_origins: ["https://a.example.com/"],
    color: "red",
  });
  expect(status).toBe(400);
  expect(body.error).toBe("invalid_request");
  expect(body.issues).toEqual([
    { path: "title", message: "must not contain < or >" },
    {
      path: "callbacks[0]",
      message: "must have its wildcard in the subdomain furthest from the root domain",
    },
    { path: "callbacks[1]", message: "must use http or https, not ftp" },
    { path: "callbacks[3]", message: "repeats callbacks[2]" },
    {
      path: "web_origins[0]",
      message: "must be an origin: scheme, host and port only, without a trailing slash",
    },
    { path: "color", message: "cannot be set on spa clients" },
    { path: "login_uri", message: "is required" },
  ]);
  expect(emulator.clients()).toEqual([]);
});

test("an M2M client takes no URLs and needs a large plan and an editor", async () => {
  const withUrl = await carto.call("POST", CLIENTS, { type: "m2m", title: "Job", login_uri: "https://a.example.com" });
  expect(withUrl.body.issues).toEqual([{ path: "login_uri", message: "cannot be set on m2m clients" }]);

  const viewer = await CartoSession.open(emulator, "viewer");
  expect((await viewer.call("POST", CLIENTS, spa)).body).toMatchObject({ error: "forbidden", status: 403 });
  const small = await CartoSession.open(emulator, "small");
  const refused = await small.call("POST", CLIENTS, { type: "m2m", title: "Job" });
  expect(refused.body).toEqual({
    error: "plan_required",
    description: "M2M OAuth clients need the plan Enterprise Large or above",
    status: 403,
  });
  expect((await small.call("POST", CLIENTS, spa)).status).toBe(201);
});

test("a patch changes the given members only and moves updated_at even within one millisecond", async () => {
  const { body: created } = await carto.call("POST", CLIENTS, spa);
  const path = `${CLIENTS}/${created.client_id}`;
  const { status, body } = await carto.call("PATCH", path, { callbacks: [], title: "Web 2" });
  expect(status).toBe(200);
  expect(body).toEqual({
    ...created,
    callbacks: [],
    title: "Web 2",
    updated_at: new Date(clock + 1).toISOString(),
  });
  const refused = await carto.call("PATCH", path, { type: "m2m" });
  expect(refused.body.issues).toEqual([{ path: "type", message: "cannot be set on spa clients" }]);
  expect((await carto.call("PATCH", path, {})).body.issues).toEqual([
    { path: "", message: "must name at least one member" },
  ]);
});

test("an idempotency key creates one client, refuses another body, and is free after delete or a day", async () => {
  await emulator.close();
  emulator = await startEmulator({ now: () => clock, tokenLifetimeSeconds: 3 * 86_400 });
  carto = await CartoSession.open(emulator);
  const key = { "Idempotency-Key": "stack-urn-1" };
  const first = await carto.call("POST", CLIENTS, spa, key);
  const again = await carto.call("POST", CLIENTS, Object.fromEntries(Object.entries(spa).reverse()), key);
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.body).toEqual(first.body);

  const other = await carto.call("POST", CLIENTS, { ...spa, title: "Other" }, key);
  expect(other.body).toEqual({
    error: "conflict",
    description: "This idempotency key was used with another body",
    status: 409,
    client_id: first.body.client_id,
  });
  const editor = await CartoSession.open(emulator, "editor");
  expect((await editor.call("POST", CLIENTS, spa, key)).status).toBe(201);

  await carto.call("DELETE", `${CLIENTS}/${first.body.client_id}`);
  const afterDelete = await carto.call("POST", CLIENTS, spa, key);
  expect(afterDelete.status).toBe(201);
  clock += 23 * 60 * 60 * 1000;
  expect((await carto.call("POST", CLIENTS, spa, key)).status).toBe(200);
  clock += 60 * 60 * 1000;
  expect((await carto.call("POST", CLIENTS, spa, key)).status).toBe(201);
});

test("users see their own clients only, page by page, without secrets", async () => {
  for (const title of ["a", "b", "c"]) {
    clock += 1;
    await carto.call("POST", CLIENTS, { ...spa, title });
  }
  const { body } = await carto.call("GET", `${CLIENTS}?type=spa&page=2&page_size=2`);
  expect(body).toMatchObject({ page: 2, page_size: 2, total: 3, data: [{ title: "c" }] });
  expect(body.data[0]).not.toHaveProperty("client_secret");

  const beyond = await carto.call("GET", `${CLIENTS}?type=spa&page=999999999999999&page_size=100`);
  expect(beyond.body).toEqual({ data: [], page: 999_999_999_999_999, page_size: 100, total: 3 });

  const editor = await CartoSession.open(emulator, "editor");
  expect((await editor.call("GET", `${CLIENTS}?type=spa`)).body.data).toEqual([]);
  for (const method of ["GET", "DELETE", "PATCH"]) {
    const { status, body: refused } = await editor.call(
      method,
      `${CLIENTS}/${body.data[0].client_id}`,
      method === "PATCH" ? { title: "Mine" } : undefined,
    );
    expect([status, refused.error]).toEqual([404, "not_found"]);
  }
  expect((await carto.call("GET", `${CLIENTS}?page=0&page_size=101&type=x`)).body.issues).toEqual([
    { path: "type", message: 'must be "spa" or "m2m"' },
    { path: "page", message: "must be the number of a page" },
    { path: "page_size", message: "must be a whole number from 1 to 100" },
  ]);
});

test("no token, a foreign token, an expired token and a wrong audience are distinguished", async () => {
  const env = emulator.env;
  const other = await tokenFor(
    emulator,
    env.CARTO_M2M_CLIENT_ID ?? "",
    env.CARTO_M2M_CLIENT_SECRET ?? "",
    OTHER_AUDIENCE,
  );
  const why = async (authorization: string) =>
    (await carto.call("GET", CLIENTS, undefined, { Authorization: authorization })).body.description;
  expect(await why("")).toBe("An access token is required: Authorization: Bearer <token>");
  expect(await why(`Bearer ${carto.token}x`)).toBe("The access token is not one that this authority issued");
  expect(await why(`Bearer ${other.body.access_token}`)).toBe(
    "The access token is not for the audience carto-cloud-native-api",
  );
  clock += 86_401_000;
  expect(await why(`Bearer ${carto.token}`)).toBe("The access token has expired");
});

test("a new M2M client gets tokens at once, and a deleted one stops at once", async () => {
  const { body: client } = await carto.call("POST", CLIENTS, { type: "m2m", title: "Job" });
  const { status, body: token } = await tokenFor(emulator, client.client_id, client.client_secret);
  expect(status).toBe(200);
  expect(token).toMatchObject({ token_type: "Bearer", expires_in: 86_400 });
  const job = new CartoSession(emulator, token.access_token);
  expect((await job.call("GET", "/users/me")).body.user_id).toBe("auth0|emulator-admin");

  await carto.call("DELETE", `${CLIENTS}/${client.client_id}`);
  expect((await job.call("GET", "/users/me")).body.description).toBe("The client of the access token was deleted");
  expect((await tokenFor(emulator, client.client_id, client.client_secret)).status).toBe(401);
});

test("a program finds the tenant's APIs from the accounts", async () => {
  const { body: account } = await carto.call("GET", "/accounts");
  expect(`http://${account.tenant_domain}`).toBe(emulator.url);
  expect((await carto.call("GET", "/config.yaml")).body).toBe(
    `apis:\n  baseUrl: ${emulator.url}/api\n  workspaceUrl: ${emulator.url}/workspace-api\n`,
  );
});

test("requests are counted by route, without IDs", async () => {
  emulator.resetRequests();
  await carto.call("GET", `${CLIENTS}/unknown?secret=x`);
  await carto.call("GET", CLIENTS);
  expect((await carto.call("GET", "/__emulator/requests")).body).toEqual({
    "GET /__emulator/requests": 1,
    [`GET ${CLIENTS}`]: 1,
    [`GET ${CLIENTS}/{client_id}`]: 1,
  });
});

test("a client that is given to another user vanishes from the old owner's list and still works", async () => {
  const { body: client } = await carto.call("POST", CLIENTS, { type: "m2m", title: "Job" });
  emulator.giveClient(client.client_id, "editor");
  expect((await carto.call("GET", `${CLIENTS}/${client.client_id}`)).status).toBe(404);
  const editor = await CartoSession.open(emulator, "editor");
  expect((await editor.call("GET", `${CLIENTS}/${client.client_id}`)).body.owner_id).toBe("auth0|emulator-editor");
  const { body: token } = await tokenFor(emulator, client.client_id, client.client_secret);
  const job = new CartoSession(emulator, token.access_token);
  expect((await job.call("GET", "/users/me")).body.user_id).toBe("auth0|emulator-editor");

  const path = `/__emulator/clients/${client.client_id}/owner`;
  expect((await carto.call("PUT", path, { identity: "admin" })).status).toBe(204);
  expect((await carto.call("GET", `${CLIENTS}/${client.client_id}`)).status).toBe(200);
  expect((await carto.call("PUT", path, { identity: "nobody" })).body.issues).toEqual([
    { path: "", message: 'must be {"identity":"<one of admin, editor, viewer, small>"}' },
  ]);
  expect(() => emulator.giveClient("none", "admin")).toThrow("Client none does not exist: nothing was given");
});

test("the log has a line for each request, and no ID, query, body, token or secret in it", async () => {
  const lines: string[] = [];
  const logged = await startEmulator({ log: (line) => lines.push(line) });
  const session = await CartoSession.open(logged);
  const { body } = await session.call("POST", CLIENTS, spa);
  await session.call("GET", `${CLIENTS}/${body.client_id}?token=planted`);
  await session.call("GET", `/api/v3/tokens/planted`);
  await session.call("POST", CLIENTS, "planted");
  await session.call("GET", "/planted");
  expect(lines.map((line) => line.replace(/ \d+ ms$/, ""))).toEqual([
    "POST /oauth/token 200",
    `POST ${CLIENTS} 201`,
    `GET ${CLIENTS}/{client_id} 200`,
    "GET /api/v3/tokens/{token} 404",
    `POST ${CLIENTS} 400`,
    "GET (unknown) 404",
  ]);
  await logged.close();
});
