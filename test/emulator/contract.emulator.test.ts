import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, IDENTITIES, startEmulator } from "../../emulator/index.ts";
import { CartoSession } from "../../harness/carto-session.ts";
import { type ContractOperation, readContract } from "../../harness/contract.ts";

/** Set FUZZ_SEED to the seed in a failed test's title to run its cases again. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

const contract = readContract();
const seen = new Set<string>();
let emulator: Emulator;
let sessions: CartoSession[];

beforeAll(async () => {
  emulator = await startEmulator();
  const opened = await Promise.all(IDENTITIES.map((identity) => CartoSession.open(emulator, identity)));
  sessions = [...opened, new CartoSession(emulator, "nonsense")];
});
afterAll(() => emulator.close());

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("Web", "", "a<b", "x".repeat(256), "🗺️".repeat(60), "spa", "m2m", "\u0000"),
);
const url = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "https://a.example.com",
      "https://b.example.com",
      "http://localhost:5173",
      "https://*.example.com",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.webUrl(),
      text,
      fc.constantFrom("https://*.com", `https://a.example.com/${"x".repeat(2048)}`),
    ),
  },
);
const urls = fc.oneof(
  { weight: 5, arbitrary: fc.uniqueArray(url, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.oneof(fc.constant(Array(101).fill("https://a.example.com")), fc.jsonValue()) },
);
const members = {
  type: fc.constantFrom("spa", "spa", "m2m", "web", null),
  title: fc.oneof({ weight: 5, arbitrary: fc.constant("Web") }, { weight: 1, arbitrary: text }),
  login_uri: url,
  callbacks: urls,
  logout_urls: urls,
  web_origins: urls,
  allowed_origins: urls,
  color: fc.jsonValue(),
};
const objects = fc.oneof(
  fc.record({ type: fc.constant("spa"), title: members.title, login_uri: url }),
  fc.record({ type: fc.constant("m2m"), title: members.title }),
  fc.record({ title: members.title, callbacks: urls }, { requiredKeys: [] }),
  fc.record(members, { requiredKeys: ["type", "title"] }),
  fc.record(members, { requiredKeys: [] }),
);
/** Few, so that they come twice; the last is a patch. */
const plain = fc.constantFrom<object>(
  { type: "spa", title: "Web", login_uri: "https://a.example.com" },
  { type: "m2m", title: "Job" },
  { title: "Renamed" },
);
const bodies = fc.oneof(
  { weight: 6, arbitrary: plain.map((body) => JSON.stringify(body)) },
  { weight: 8, arbitrary: objects.map((body) => JSON.stringify(body)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: text },
);
const key = fc.option(fc.constantFrom("of the body", "of the body", "key-number-1", "short", "k".repeat(256)), {
  freq: 2,
});
const query = fc.oneof(
  fc.constant(""),
  fc
    .record(
      {
        type: fc.oneof(fc.constantFrom("spa", "m2m"), text),
        page: fc.oneof(fc.integer(), fc.constantFrom("1", "2", "1e3", "０")),
        page_size: fc.oneof(fc.integer({ min: -1, max: 102 }), text),
        q: text,
      },
      { requiredKeys: [] },
    )
    .map((parameters) => `?${new URLSearchParams(parameters as Record<string, string>)}`),
);
const clientId = fc.oneof(
  { weight: 4, arbitrary: fc.nat().map((index) => ({ index })) },
  { weight: 1, arbitrary: text.filter((id) => id !== "" && id !== "." && id !== "..").map((id) => ({ id })) },
);

/** A client that exists, if any does, or an ID that was made up. */
function resolve(id: { index: number } | { id: string }): string {
  if ("id" in id) return id.id;
  const clients = emulator.clients();
  return clients[id.index % Math.max(1, clients.length)]?.client_id ?? "none";
}

/** A key that belongs to a body comes with that body again, so that some creates are repeated. */
function keyOf(key: string, body: string): string {
  return key === "of the body" ? createHash("sha256").update(body).digest("hex") : key;
}

async function holdsContract(operation: ContractOperation, reply: { status: number; body: unknown }): Promise<void> {
  const { status, body } = reply;
  expect(operation.statuses, `${operation.id} answered ${status}: ${JSON.stringify(body)}`).toContain(status);
  seen.add(`${operation.id} ${status}`);
  const validate = operation.answers.get(status);
  if (!validate) return expect(body).toBe("");
  expect(validate(body), `${operation.id} ${status}: ${JSON.stringify(validate.errors)}`).toBe(true);
  if (status >= 400) expect(body).toMatchObject({ status });
}

test.each(contract)(
  `$id answers as documented, whatever is sent (seed ${SEED})`,
  { timeout: 60_000 },
  async (operation) => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: IDENTITIES.length }),
        clientId,
        query,
        bodies,
        key,
        async (who, id, search, body, idempotencyKey) => {
          const session = sessions[who] as CartoSession;
          const path = operation.path.replace("{client_id}", encodeURIComponent(resolve(id)));
          const reply = await session.call(
            operation.method,
            `/workspace-api${path}${operation.id === "listOAuthClients" ? search : ""}`,
            operation.acceptsBody ? body : undefined,
            idempotencyKey === null ? {} : { "Idempotency-Key": keyOf(idempotencyKey, body) },
          );
          await holdsContract(operation, reply);
          if (reply.status < 300 && operation.acceptsBody) {
            expect(operation.acceptsBody(JSON.parse(body)), `${operation.id} accepted ${body}`).toBe(true);
          }
        },
      ),
      { numRuns: 400, seed: SEED },
    );
  },
);

test("a client's life, told twice under one key and then otherwise, is answered as documented", async () => {
  const [admin] = sessions as [CartoSession];
  const clients = "/workspace-api/credentials/oauth-clients";
  const web = { type: "spa", title: "Web", login_uri: "https://a.example.com" };
  let path = clients;
  const step = async (id: string, method: string, body?: object) => {
    const reply = await admin.call(method, path, body, { "Idempotency-Key": "a-life-of-its-own" });
    await holdsContract(contract.find((operation) => operation.id === id) as ContractOperation, reply);
    return reply;
  };
  const created = await step("createOAuthClient", "POST", web);
  expect((await step("createOAuthClient", "POST", web)).body).toEqual(created.body);
  expect((await step("createOAuthClient", "POST", { ...web, title: "Other" })).status).toBe(409);
  path = `${clients}/${created.body.client_id}`;
  expect((await step("updateOAuthClient", "PATCH", { title: "Renamed" })).body.title).toBe("Renamed");
  expect((await step("getOAuthClient", "GET")).body.title).toBe("Renamed");
  expect((await step("deleteOAuthClient", "DELETE")).status).toBe(204);
});

test("every answer that a request can provoke was met", () => {
  const provoked = contract.flatMap(({ id, statuses }) =>
    statuses.filter((status) => status !== 429 && status !== 503).map((status) => `${id} ${status}`),
  );
  expect([...seen].sort()).toEqual(provoked.sort());
});

test.each([429, 503])("an injected %i is answered as documented by every operation", async (status) => {
  emulator.faults.add({ fault: "status", status, retryAfterSeconds: 1 });
  for (const operation of contract) {
    const path = operation.path.replace("{client_id}", "none");
    const reply = await (sessions[0] as CartoSession).call(operation.method, `/workspace-api${path}`);
    expect(reply.status).toBe(status);
    await holdsContract(operation, reply);
  }
  emulator.faults.clear();
});
