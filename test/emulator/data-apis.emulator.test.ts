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

const POINTS = "carto.demo.points";

async function tokenFor(sources: (string | undefined)[], members: object = {}): Promise<CartoSession> {
  const grants = sources.map((source) => ({ connection_name: "carto_dw", ...(source && { source }) }));
  const { body } = await carto.call("POST", "/api/v3/tokens", { grants, allowed_apis: ["sql", "maps"], ...members });
  return new CartoSession(emulator, body.token);
}
const sql = (session: CartoSession, query: string, headers: Record<string, string> = {}, connection = "carto_dw") =>
  session.call("GET", `/api/v3/sql/${connection}/query?q=${encodeURIComponent(query)}`, undefined, headers);
const map = (session: CartoSession, kind: string, parameters: Record<string, string>) =>
  session.call("GET", `/api/v3/maps/carto_dw/${kind}?${new URLSearchParams(parameters)}`);

test.each<[granted: string | undefined, query: string, allowed: boolean]>([
  [POINTS, `SELECT * FROM ${POINTS}`, true],
  [POINTS, `select geom from ${POINTS} where x > 1;`, true],
  [POINTS, "SELECT * FROM `carto.demo.points` p", true],
  [POINTS, `SELECT * FROM ${POINTS} AS a JOIN ${POINTS} AS b ON a.id = b.id`, true],
  [POINTS, `WITH p AS (SELECT * FROM ${POINTS}) SELECT * FROM p`, true],
  [POINTS, "SELECT * FROM carto.demo.lines", false],
  [POINTS, `SELECT * FROM ${POINTS}, carto.demo.lines`, false],
  [POINTS, `SELECT * FROM (SELECT 1) AS a, carto.demo.lines`, false],
  [POINTS, `SELECT * FROM (${POINTS} JOIN carto.demo.lines USING (id))`, false],
  [POINTS, `SELECT 'FROM x' FROM ${POINTS} UNION ALL SELECT * FROM carto.demo.lines`, false],
  [POINTS, `SELECT * FROM ${POINTS}; DROP TABLE ${POINTS}`, false],
  [POINTS, "SELECT r'\\', a FROM carto.demo.lines --'", false],
  [POINTS, `DELETE FROM ${POINTS}`, false],
  ["carto.demo.*", `SELECT * FROM ${POINTS}`, true],
  ["carto.demo.po*", `SELECT * FROM ${POINTS}`, true],
  ["carto.demo.po*", "SELECT * FROM carto.demo.lines", false],
  ["carto.demo.*", "SELECT * FROM carto.other.points", false],
  ["*", "SELECT * FROM any.thing.else", true],
  [undefined, "SELECT * FROM any.thing.else", true],
  [" SELECT id FROM a.b.c ", "SELECT id FROM a.b.c", true],
  ["SELECT id FROM a.b.c", "SELECT  id FROM a.b.c", false],
  ["SELECT id FROM a.b.c", "SELECT secret FROM a.b.c", false],
])("a grant of %j and the query %j: allowed %j", async (granted, query, allowed) => {
  expect((await sql(await tokenFor([granted]), query)).status).toBe(allowed ? 200 : 403);
});

test("a map reads a table, a tileset or a query that is granted", async () => {
  const token = await tokenFor([POINTS, "SELECT 1"]);
  expect((await map(token, "table", { name: POINTS })).body).toEqual({ tilejson: "2.2.0", tiles: [] });
  expect((await map(token, "tileset", { name: "carto.demo.lines" })).status).toBe(403);
  expect((await map(token, "query", { q: "SELECT 1" })).status).toBe(200);
  expect((await map(token, "table", {})).body.description).toBe("A source is required: q or name");
});

test("a query may be posted", async () => {
  const token = await tokenFor([POINTS]);
  const post = (q: unknown) => token.call("POST", "/api/v3/sql/carto_dw/query", { q });
  expect((await post(`SELECT * FROM ${POINTS}`)).body).toEqual({ rows: [], schema: [] });
  expect((await post("SELECT * FROM carto.demo.lines")).status).toBe(403);
  expect((await post(7)).status).toBe(400);
});

test("another connection and another API are refused", async () => {
  const token = await tokenFor(["*"], { allowed_apis: ["maps"] });
  expect((await sql(token, "SELECT 1")).body.description).toBe("The API Access Token does not allow the sql API");
  expect((await map(token, "table", { name: "x" })).status).toBe(200);
  const both = await tokenFor(["*"]);
  expect((await sql(both, "SELECT 1", {}, "other")).body).toEqual({
    error: "forbidden",
    description: "The API Access Token does not grant this source",
    status: 403,
  });
});

test("another page is refused in CARTO's words, and can read that it was", async () => {
  const token = await tokenFor(["*"], { referers: ["https://app.example.com"] });
  const refused = await sql(token, "SELECT 1", { Origin: "https://evil.example" });
  expect([refused.status, refused.body]).toEqual([403, { error: "Unauthorized referer" }]);
  expect(refused.headers.get("access-control-allow-origin")).toBe("https://evil.example");
  expect((await sql(token, "SELECT 1")).status).toBe(403);
  expect((await sql(token, "SELECT 1", { Origin: "https://app.example.com" })).status).toBe(200);
  expect((await sql(token, "SELECT 1", { Referer: "https://app.example.com/map?x" })).status).toBe(200);
});

test("a referer with a trailing slash never matches", async () => {
  const token = await tokenFor(["*"], { referers: ["https://app.example.com/"] });
  for (const headers of [{ Origin: "https://app.example.com" }, { Referer: "https://app.example.com/" }]) {
    expect((await sql(token, "SELECT 1", headers)).body).toEqual({ error: "Unauthorized referer" });
  }
});

test("an expired or deleted token is refused", async () => {
  const token = await tokenFor(["*"], { expiration_date: new Date(clock + 60_000).toISOString() });
  expect((await sql(token, "SELECT 1")).status).toBe(200);
  clock += 60_000;
  expect((await sql(token, "SELECT 1")).body.description).toBe("The API Access Token has expired");
  await carto.call("DELETE", `/api/v3/tokens/${token.token}`);
  expect((await sql(token, "SELECT 1")).status).toBe(401);
});

test("an OAuth access token reads everything that its user reads", async () => {
  expect((await sql(carto, "SELECT * FROM any.thing.else")).status).toBe(200);
});
