import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, IDENTITIES, startEmulator } from "../../emulator/index.ts";
import { CartoSession } from "../../harness/carto-session.ts";
import { type ContractOperation, readContract } from "../../harness/contract.ts";

/** Set FUZZ_SEED to the seed in a failed test's title to run its cases again. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

const contract = readContract("docs/tokens-api.yaml");
const seen = new Set<string>();
const log: string[] = [];
/** Tokens that exist, or did. */
const tokens: string[] = [];
let emulator: Emulator;
let sessions: CartoSession[];

beforeAll(async () => {
  emulator = await startEmulator({ log: (line) => log.push(line) });
  const opened = await Promise.all(IDENTITIES.map((identity) => CartoSession.open(emulator, identity)));
  sessions = [...opened, new CartoSession(emulator, "nonsense")];
});
afterAll(() => emulator.close());

const grant = { connection_name: "carto_dw", source: "a.b.c" };
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("Map", "", "x".repeat(256), "🗺️".repeat(60), "*", "a.*", "a.b.*", "SELECT * FROM a.b.c", "\u0000"),
);
const mostly = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 6, arbitrary: good as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: bad });
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
const token = fc.oneof(
  { weight: 4, arbitrary: fc.nat().map((index) => ({ index })) },
  { weight: 1, arbitrary: text.filter((value) => value !== "" && !/^\.+$/.test(value)).map((value) => ({ value })) },
);

async function holdsContract(operation: ContractOperation, reply: { status: number; body: unknown }): Promise<void> {
  const { status, body } = reply;
  expect(operation.statuses, `${operation.id} answered ${status}: ${JSON.stringify(body)}`).toContain(status);
  seen.add(`${operation.id} ${status}`);
  const validate = operation.answers.get(status);
  if (!validate) return expect(body).toBe("");
  expect(validate(body), `${operation.id} ${status}: ${JSON.stringify(validate.errors)}`).toBe(true);
  if (status >= 400) expect(body).toMatchObject({ status });
}

const operation = (id: string) => contract.find((each) => each.id === id) as ContractOperation;

test.each(contract)(
  `$id answers as documented, whatever is sent (seed ${SEED})`,
  { timeout: 60_000 },
  async (operation) => {
    for (const session of sessions) {
      const { body } = await session.call("POST", "/api/v3/tokens", good);
      if (body.token) tokens.push(body.token);
    }
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: IDENTITIES.length }), token, bodies, async (who, which, body) => {
        const value = "value" in which ? which.value : (tokens[which.index % tokens.length] ?? "");
        const reply = await (sessions[who] as CartoSession).call(
          operation.method,
          `/api${operation.path.replace("{token}", encodeURIComponent(value))}`,
          operation.acceptsBody ? body : undefined,
        );
        await holdsContract(operation, reply);
        if (reply.status >= 300 || !operation.acceptsBody) return;
        expect(operation.acceptsBody(JSON.parse(body)), `${operation.id} accepted ${body}`).toBe(true);
        tokens.push(reply.body.token);
      }),
      { numRuns: 400, seed: SEED },
    );
  },
);

test("a token's life, with a name that is taken, is answered as documented", async () => {
  const [admin] = sessions as [CartoSession];
  const step = async (id: string, method: string, path: string, body?: object) => {
    const reply = await admin.call(method, `/api/v3/tokens${path}`, body);
    await holdsContract(operation(id), reply);
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
  const viewer = await CartoSession.open(emulator, "viewer");
  const refused = await viewer.call("POST", "/api/v3/tokens", good);
  expect(refused.status).toBe(403);
  await holdsContract(operation("createApiToken"), refused);
});

test("every answer that a request can provoke was met", () => {
  const provoked = contract.flatMap(({ id, statuses }) =>
    statuses.filter((status) => status !== 429 && status !== 503).map((status) => `${id} ${status}`),
  );
  expect([...seen].sort()).toEqual(provoked.sort());
});

test.each([429, 503])("an injected %i is answered as documented by every operation on tokens", async (status) => {
  emulator.faults.add({ fault: "status", status, retryAfterSeconds: 1 });
  for (const each of contract) {
    const path = each.path.replace("{token}", "none");
    const reply = await (sessions[0] as CartoSession).call(each.method, `/api${path}`);
    expect(reply.status).toBe(status);
    await holdsContract(each, reply);
  }
  emulator.faults.clear();
});

test("no token is in the log, the request counts or the state that the emulator tells", async () => {
  const told = [
    ...log,
    JSON.stringify(emulator.requests()),
    JSON.stringify(emulator.tokens()),
    await (await fetch(`${emulator.url}/__emulator/state`)).text(),
  ].join("\n");
  expect(tokens.length).toBeGreaterThan(20);
  expect(tokens.filter((value) => told.includes(value))).toEqual([]);
});
