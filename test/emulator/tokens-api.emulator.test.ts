import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession } from "../../harness/carto-session.ts";

let emulator: Emulator;
let carto: CartoSession;
let clock = 0;

beforeEach(async () => {
  clock = Date.now();
  emulator = await startEmulator({ now: () => clock });
  carto = await CartoSession.open(emulator);
});
afterEach(() => emulator.close());

const TOKENS = "/api/v3/tokens";
const WHOAMI = "/api/v3/whoami";
const airports = {
  grants: [{ connection_name: "carto_dw", source: "carto-demo-data.demo_tables.airports" }],
  referers: [],
  allowed_apis: ["sql", "maps"],
};

test("a server mints a narrow API Access Token, which says what it may do", async () => {
  const { status, body } = await carto.call("POST", TOKENS, airports);
  expect(status).toBe(200);
  expect(body).toEqual({
    ...airports,
    name: expect.stringMatching(/^tk_[0-9a-f]{8}$/),
    token: expect.stringMatching(/^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/),
    owner_id: "auth0|emulator-admin",
    created_at: new Date(clock).toISOString(),
  });
  const page = new CartoSession(emulator, body.token);
  expect((await page.call("GET", WHOAMI)).body).toEqual({
    token: "api_access_token",
    owner_id: "auth0|emulator-admin",
    grants: airports.grants,
    allowed_apis: ["sql", "maps"],
  });
  expect((await page.call("GET", TOKENS)).body.description).toBe(
    "The access token is not one that this authority issued",
  );
});

test("whoami returns the user and the client of an OAuth access token", async () => {
  expect((await carto.call("GET", WHOAMI)).body).toEqual({
    token: "oauth",
    user_id: "auth0|emulator-admin",
    account_id: "ac_emulatorlarge",
    client_id: emulator.env.CARTO_M2M_CLIENT_ID,
  });
  expect((await new CartoSession(emulator, "nonsense").call("GET", WHOAMI)).status).toBe(401);
});

test("tokens are listed, read, changed and deleted by their owner only", async () => {
  const { body } = await carto.call("POST", TOKENS, airports);
  const path = `${TOKENS}/${body.token}`;
  expect((await carto.call("GET", TOKENS)).body).toEqual({ data: [body] });
  const changed = await carto.call("PATCH", path, { allowed_apis: ["maps"], referers: ["https://app.example.com"] });
  expect(changed.body).toEqual({ ...body, allowed_apis: ["maps"], referers: ["https://app.example.com"] });
  expect((await carto.call("GET", path)).body).toEqual(changed.body);

  const editor = await CartoSession.open(emulator, "editor");
  for (const method of ["GET", "DELETE"]) expect((await editor.call(method, path)).status).toBe(404);
  expect((await editor.call("GET", TOKENS)).body).toEqual({ data: [] });

  expect((await carto.call("DELETE", path)).status).toBe(204);
  expect((await new CartoSession(emulator, body.token).call("GET", WHOAMI)).status).toBe(401);
});

test("an API Access Token is refused from other pages and after its expiration", async () => {
  const { body } = await carto.call("POST", TOKENS, {
    ...airports,
    referers: ["https://app.example.com"],
    expiration_date: new Date(clock + 60_000).toISOString(),
  });
  const page = new CartoSession(emulator, body.token);
  const from = async (Referer: string) => (await page.call("GET", WHOAMI, undefined, { Referer })).status;
  expect(await from("https://app.example.com/map")).toBe(200);
  expect(await from("https://app.example.com.evil.example/map")).toBe(403);
  clock += 60_000;
  expect(await from("https://app.example.com/map")).toBe(401);
});

test("a token is given to another user by its ID", async () => {
  const { body } = await carto.call("POST", TOKENS, { ...airports, name: "Airports" });
  const [{ id } = { id: "" }] = emulator.tokens();
  expect(emulator.tokens()).toEqual([
    { id, ...airports, name: "Airports", owner_id: "auth0|emulator-admin", created_at: body.created_at },
  ]);
  emulator.giveToken(id, "editor");
  expect((await carto.call("GET", `${TOKENS}/${body.token}`)).status).toBe(404);
  expect(() => emulator.giveToken("tok_none", "editor")).toThrow(
    "API Access Token tok_none does not exist: nothing was given",
  );
});

test("every problem of a token definition is named at once", async () => {
  const created = await carto.call("POST", TOKENS, {
    grants: [{ connection_name: "carto_dw", source: "a.*", color: "red" }, { source: "a.b.c" }],
    referers: [1],
    expiration_date: "2001-01-01",
    color: "red",
  });
  expect(created.body.issues).toEqual([
    { path: "grants[0].color", message: "is not known" },
    { path: "grants[0].source", message: "must have at least two dot-separated segments before the star" },
    { path: "grants[1].connection_name", message: "must be text" },
    { path: "referers", message: "must be a list of texts" },
    { path: "expiration_date", message: "must be a date and time with offset (RFC 3339), in the future" },
    { path: "color", message: "is not known" },
    { path: "allowed_apis", message: "is required" },
  ]);
  const { body } = await carto.call("POST", TOKENS, airports);
  const patched = await carto.call("PATCH", `${TOKENS}/${body.token}`, { expiration_date: "2999-01-01T00:00:00Z" });
  expect(patched.body.issues).toEqual([{ path: "expiration_date", message: "can be set at creation only" }]);
});
