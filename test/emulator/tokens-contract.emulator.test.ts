import fc from "fast-check";
import { expect, test } from "vitest";
import { anyId, ContractCheck, idOf, mostly } from "./contract-fuzz.ts";

const log: string[] = [];
/** Tokens that exist, or did. */
const tokens: string[] = [];

const grant = { connection_name: "carto_dw", source: "a.b.c" };
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("Map", "", "x".repeat(256), "🗺️".repeat(60), "*", "a.*", "a.b.*", "SELECT * FROM a.b.c", "\u0000"),
);
const grants = fc.array(
  mostly(
    fc.record({ connection_name: fc.constant("carto_dw"), source: text }, { requiredKeys: ["connection_name"] }),
    fc.oneof(fc.jsonValue(), fc.constant({ ...grant, color: "red" })),
  ),
  { maxLength: 3 },
);
const apis = fc.array(fc.constantFrom("sql", "maps", "lds", "imports", "SQL"), { maxLength: 3 });
const dates = fc.oneof(
  fc.constantFrom(
    "2999-01-01T00:00:00Z",
    "2999-12-31t23:59:59.123+02:00",
    "2999-02-30T00:00:00Z",
    "2001-01-01T00:00:00Z",
  ),
  fc.constantFrom("2999-01-01", "2999-01-01T24:00:00Z", "2999-01-01T00:00:60Z", "2999-01-01T00:00:00+24:00"),
  text,
);
const members = {
  name: mostly(fc.constantFrom("Map", "Other map"), text),
  grants: mostly(grants, fc.jsonValue()),
  referers: mostly(fc.array(fc.constantFrom("https://a.example.com", "https://a.example.com/", "")), fc.jsonValue()),
  allowed_apis: mostly(apis, fc.jsonValue()),
  expiration_date: mostly(dates, fc.jsonValue()),
  color: fc.jsonValue(),
};
const good = { grants: [grant], allowed_apis: ["sql", "maps"] };
const plain = fc.constantFrom<object>(good, { ...good, name: "Map" }, { name: "Map" }, { allowed_apis: ["imports"] });
const bodies = fc.oneof(
  { weight: 6, arbitrary: plain.map((body) => JSON.stringify(body)) },
  {
    weight: 8,
    arbitrary: fc
      .record(members, { requiredKeys: ["grants", "allowed_apis"] })
      .map(({ color, ...body }) => JSON.stringify(body)),
  },
  { weight: 4, arbitrary: fc.record(members, { requiredKeys: [] }).map((body) => JSON.stringify(body)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: text },
);
const check = new ContractCheck({
  file: "docs/tokens-api.yaml",
  base: "/api",
  cases: fc.record({ id: anyId(text), body: bodies }),
  request: ({ id, body }) => ({ id: idOf(id, tokens), body }),
  prepare: async (sessions) => {
    for (const session of sessions) {
      const { body } = await session.call("POST", "/api/v3/tokens", good);
      if (body.token) tokens.push(body.token);
    }
  },
  accepted: ({ acceptsBody }, { body }) => {
    if (acceptsBody) tokens.push(body.token);
  },
  emulator: { log: (line) => log.push(line) },
});

check.testFuzz();

test("a token's life, with a name that is taken, is answered as documented", async () => {
  const step = async (id: string, method: string, path: string, body?: object) => {
    const reply = await check.session("admin").call(method, `/api/v3/tokens${path}`, body);
    check.expectDocumented(id, reply);
    return reply;
  };
  const { body } = await step("createApiToken", "POST", "", { ...good, name: "A life" });
  await step("createApiToken", "POST", "", { ...good, name: "Another life" });
  tokens.push(body.token);
  expect((await step("createApiToken", "POST", "", { ...good, name: "A life" })).status).toBe(409);
  expect((await step("updateApiToken", "PATCH", `/${body.token}`, { name: "Another life" })).status).toBe(409);
  expect((await step("updateApiToken", "PATCH", `/${body.token}`, { name: "A life" })).status).toBe(200);
  expect(
    (await step("updateApiToken", "PATCH", `/${body.token}`, { expiration_date: "2999-01-01T00:00:00Z" })).status,
  ).toBe(400);
  expect((await step("getApiToken", "GET", `/${body.token}`)).body.name).toBe("A life");
  expect((await step("deleteApiToken", "DELETE", `/${body.token}`)).status).toBe(204);
  const refused = await check.session("viewer").call("POST", "/api/v3/tokens", good);
  expect(refused.status).toBe(403);
  check.expectDocumented("createApiToken", refused);
});

check.testAnswers();

test("no token is in the log, the request counts or the state that the emulator reports", async () => {
  const told = [
    ...log,
    JSON.stringify(check.emulator.requests()),
    JSON.stringify(check.emulator.tokens()),
    await (await fetch(`${check.emulator.url}/__emulator/state`)).text(),
  ].join("\n");
  expect(tokens.length).toBeGreaterThan(20);
  expect(tokens.filter((value) => told.includes(value))).toEqual([]);
});
