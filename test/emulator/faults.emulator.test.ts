import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, type Fault, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";

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
const create = (headers = {}) => carto.call("POST", CLIENTS, spa, headers);

test("a status before the commit changes nothing, and applies as often as requested", async () => {
  emulator.faults.add({
    call: "createOAuthClient",
    skip: 1,
    times: 1,
    fault: "status",
    status: 503,
    retryAfterSeconds: 7,
  });
  expect((await create()).status).toBe(201);
  const refused = await create();
  expect([refused.status, refused.body.error, refused.headers.get("retry-after")]).toEqual([503, "unavailable", "7"]);
  expect((await create()).status).toBe(201);
  expect(emulator.clients()).toHaveLength(2);
  expect(emulator.faults.list()).toMatchObject([{ hits: 1 }]);
});

test("Retry-After can be a date", async () => {
  emulator.faults.add({ fault: "status", status: 429, retryAfterSeconds: 60, retryAfterAs: "date" });
  const { headers, body } = await carto.call("GET", CLIENTS);
  const seconds = (Date.parse(headers.get("retry-after") ?? "") - Date.now()) / 1000;
  expect(seconds).toBeGreaterThan(50);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(body.error).toBe("rate_limited");
});

test.each<[string, Fault, number]>([
  ["a reset before the commit loses the request", { fault: "reset" }, 0],
  ["a reset after the commit loses the answer only", { fault: "reset", when: "after" }, 1],
  ["a truncated answer breaks off", { fault: "truncate" }, 1],
])("%s", async (_sentence, fault, clients) => {
  emulator.faults.add({ ...fault, call: "createOAuthClient", times: 1 });
  await expect(create()).rejects.toThrow(/fetch failed|terminated/);
  expect(emulator.clients()).toHaveLength(clients);
  expect((await create()).status).toBe(201);
});

test("a status after the commit hides what was done", async () => {
  emulator.faults.add({ call: "createOAuthClient", times: 1, fault: "status", status: 500, when: "after" });
  expect((await create()).body).toEqual({
    error: "injected_fault",
    description: "A fault that was injected into the emulator",
    status: 500,
  });
  expect(emulator.clients()).toHaveLength(1);
});

test("a stalled answer never ends", async () => {
  emulator.faults.add({ fault: "stall", times: 1 });
  const response = await fetch(`${emulator.url}/config.yaml`);
  expect(response.status).toBe(200);
  const reader = response.body?.getReader();
  expect((await reader?.read())?.done).toBe(false);
  await reader?.cancel();
});

test("an answer that is not JSON keeps its status", async () => {
  emulator.faults.add({ call: `GET ${CLIENTS}`, fault: "not-json" });
  const { status, headers, body } = await carto.call("GET", CLIENTS);
  expect([status, headers.get("content-type")]).toEqual([200, "text/html"]);
  expect(body).toContain("A proxy speaking");
});

test("stale reads answer as of the moment the fault was added, for so many calls", async () => {
  emulator.faults.add({ fault: "stale", times: 2 });
  const { body } = await create();
  const path = `${CLIENTS}/${body.client_id}`;
  expect((await carto.call("GET", path)).status).toBe(404);
  expect((await carto.call("GET", `${CLIENTS}?type=spa`)).body.total).toBe(0);
  expect((await carto.call("GET", path)).status).toBe(200);
});

test("stale reads end after their time", async () => {
  emulator.faults.add({ fault: "stale", forMs: 5_000 });
  await create();
  const total = async () => (await carto.call("GET", `${CLIENTS}?type=spa`)).body.total;
  expect(await total()).toBe(0);
  clock += 5_001;
  expect(await total()).toBe(1);
});

test("secrets can be left out and idempotency keys ignored", async () => {
  emulator.faults.add({ call: "getOAuthClient", fault: "omit-secret" });
  emulator.faults.add({ fault: "no-idempotency" });
  const key = { "Idempotency-Key": "same-key" };
  const [first, second] = [await create(key), await create(key)];
  expect([first.status, second.status]).toEqual([201, 201]);
  const { client_secret, ...rest } = first.body;
  expect(client_secret).toHaveLength(64);
  expect((await carto.call("GET", `${CLIENTS}/${rest.client_id}`)).body).toEqual(rest);
});

test("a rate limit lets a burst pass and says when to come back", async () => {
  emulator.faults.add({ call: "listOAuthClients", fault: "rate-limit", requestsPerSecond: 0.1, burst: 2 });
  const calls = [];
  for (let call = 0; call < 3; call += 1) calls.push(await carto.call("GET", CLIENTS));
  expect(calls.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(calls[2]?.headers.get("retry-after")).toBe("10");
  clock += 10_000;
  expect((await carto.call("GET", CLIENTS)).status).toBe(200);
});

test("the authority suffers too", async () => {
  emulator.faults.add({ call: "POST /oauth/token", times: 1, fault: "status", status: 503, when: "after" });
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  const refused = await fetch(`${emulator.url}/oauth/token`, { method: "POST", body: form });
  expect(await refused.json()).toMatchObject({ error: "unavailable" });
  await expect(CartoSession.open(emulator)).resolves.toBeInstanceOf(CartoSession);
});

test("redirects go to the given location", async () => {
  emulator.faults.add({ fault: "redirect", location: "https://elsewhere.example/", status: 302 });
  const response = await fetch(`${emulator.url}/config.yaml`, { redirect: "manual" });
  expect([response.status, response.headers.get("location")]).toEqual([302, "https://elsewhere.example/"]);
});

test("faults are added, listed with their hits and cleared over HTTP", async () => {
  const path = "/__emulator/faults";
  const added = await carto.call("POST", path, [
    { fault: "delay", delayMs: 1 },
    { fault: "status", status: 500 },
  ]);
  expect(added.status).toBe(201);
  await carto.call("GET", CLIENTS);
  expect((await carto.call("GET", path)).body.faults).toEqual([
    { id: 1, fault: { fault: "delay", delayMs: 1 }, hits: 1 },
    { id: 2, fault: { fault: "status", status: 500 }, hits: 1 },
  ]);
  expect((await carto.call("DELETE", path)).status).toBe(204);
  expect((await carto.call("GET", CLIENTS)).status).toBe(200);
});

test("a wrong definition is refused with every problem, and nothing is added", async () => {
  const { status, body } = await carto.call("POST", "/__emulator/faults", [
    { fault: "reset" },
    { fault: "status", call: "POST /nowhere", times: 0, delayMs: 5 },
    { fault: "explode" },
  ]);
  expect(status).toBe(400);
  expect(body.issues).toMatchObject([
    { path: "[1].call", message: expect.stringMatching(/^must be an operationId or a route: listOAuthClients, /) },
    { path: "[1].times", message: "must be a whole number from 1 to 1000000000" },
    { path: "[1].delayMs", message: "is not known for the fault status" },
    { path: "[1].status", message: "is required" },
    { path: "[2].fault", message: expect.stringMatching(/^must be one of status, delay, reset, /) },
  ]);
  expect(emulator.faults.list()).toEqual([]);
  expect(() => emulator.faults.add({ fault: "status", status: 99 })).toThrow(
    new TypeError("status: must be a whole number from 200 to 599"),
  );
});
