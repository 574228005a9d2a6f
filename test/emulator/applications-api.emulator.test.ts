import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, IDENTITIES, startEmulator } from "../../emulator/index.ts";
import { CartoSession } from "../../harness/carto-session.ts";
import { type ContractOperation, readContract } from "../../harness/contract.ts";

/** Set FUZZ_SEED to the seed in a failed test's title to run its cases again. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const APPLICATIONS = "/workspace-api/applications";
const MAP = { name: "Field map", app_url: "https://map.example.com/" };

const contract = readContract("docs/applications-api.yaml");
const seen = new Set<string>();
/** Applications that exist, or did. */
const ids: string[] = [];
let emulator: Emulator;
let sessions: CartoSession[];

beforeAll(async () => {
  emulator = await startEmulator();
  const opened = await Promise.all(IDENTITIES.map((identity) => CartoSession.open(emulator, identity)));
  sessions = [...opened, new CartoSession(emulator, "nonsense")];
});
afterAll(() => emulator.close());

const mostly = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 6, arbitrary: good as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: bad });
const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("Map", "", "a<b", "x".repeat(501), "\u0000"));
const url = mostly(fc.constantFrom("https://map.example.com/", "http://localhost:5173"), fc.oneof(fc.webUrl(), text));
const sharing = mostly(
  fc.constantFrom(
    { scope: "private" },
    { scope: "organization" },
    { scope: "groups", groups: ["Field team"] },
    { scope: "groups", groups: ["Analysts", "Field team"] },
  ),
  fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      { scope: "groups" },
      { scope: "groups", groups: [] },
      { scope: "groups", groups: ["Analysts", "Analysts"] },
      { scope: "groups", groups: ["Nobody"] },
      { scope: "private", groups: ["Analysts"] },
      { scope: "private", color: "red" },
    ),
  ),
);
const members = {
  name: mostly(fc.constantFrom("Field map", "Other map"), text),
  description: mostly(fc.constantFrom<unknown>("Where the pipes are", null), text),
  app_url: url,
  thumbnail_url: mostly(fc.constantFrom<unknown>("https://map.example.com/card.png", null), url),
  sharing,
  pinned: mostly(fc.boolean(), fc.jsonValue()),
  color: fc.jsonValue(),
};
const bodies = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<object>(MAP, { pinned: true }).map((body) => JSON.stringify(body)) },
  {
    weight: 8,
    arbitrary: fc
      .record(members, { requiredKeys: ["name", "app_url"] })
      .map(({ color, ...body }) => JSON.stringify(body)),
  },
  { weight: 4, arbitrary: fc.record(members, { requiredKeys: [] }).map((body) => JSON.stringify(body)) },
  { weight: 1, arbitrary: fc.oneof(fc.json(), text) },
);
const key = fc.option(fc.constantFrom("key-number-1", "key-number-2", "short", "k".repeat(256)), { freq: 2 });
const query = fc.oneof(
  fc.constant(""),
  fc
    .record(
      { owned: fc.constantFrom("true", "false", "maybe"), page: fc.oneof(fc.integer(), text), page_size: fc.integer() },
      { requiredKeys: [] },
    )
    .map((parameters) => `?${new URLSearchParams(parameters as Record<string, string>)}`),
);
const id = fc.oneof(
  { weight: 5, arbitrary: fc.nat().map((index) => ({ index })) },
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

const operation = (name: string) => contract.find((each) => each.id === name) as ContractOperation;
const session = (identity: (typeof IDENTITIES)[number]) => sessions[IDENTITIES.indexOf(identity)] as CartoSession;

test.each(contract)(
  `$id answers as documented, whatever is sent (seed ${SEED})`,
  { timeout: 60_000 },
  async (operation) => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: IDENTITIES.length }),
        id,
        query,
        bodies,
        key,
        async (who, id, search, body, idempotencyKey) => {
          const name = "value" in id ? id.value : (ids[id.index % Math.max(1, ids.length)] ?? "none");
          const path = operation.path.replace("{application_id}", encodeURIComponent(name));
          const reply = await (sessions[who] as CartoSession).call(
            operation.method,
            `/workspace-api${path}${operation.id === "listApplications" ? search : ""}`,
            operation.acceptsBody ? body : undefined,
            idempotencyKey === null ? {} : { "Idempotency-Key": idempotencyKey },
          );
          await holdsContract(operation, reply);
          if (reply.status === 201) ids.push(reply.body.application_id);
          if (reply.status < 300 && operation.acceptsBody) {
            expect(operation.acceptsBody(JSON.parse(body)), `${operation.id} accepted ${body}`).toBe(true);
          }
        },
      ),
      { numRuns: 400, seed: SEED },
    );
  },
);

test("who sees an application follows from its sharing, and only its owner may edit or delete it", async () => {
  const [admin, editor, viewer, small] = [session("admin"), session("editor"), session("viewer"), session("small")];
  const created = await admin.call("POST", APPLICATIONS, { ...MAP, sharing: { scope: "private" } });
  await holdsContract(operation("createApplication"), created);
  const path = `${APPLICATIONS}/${created.body.application_id}`;
  const seenBy = async () => {
    const replies = await Promise.all([admin, editor, viewer, small].map((one) => one.call("GET", path)));
    return replies.map(({ status }) => status);
  };
  expect(await seenBy()).toEqual([200, 404, 404, 404]);
  for (const [sharing, statuses] of [
    [{ scope: "organization" }, [200, 200, 200, 404]],
    [{ scope: "groups", groups: ["Field team"] }, [200, 404, 200, 404]],
    [{ scope: "groups", groups: ["Analysts", "Field team"] }, [200, 200, 200, 404]],
  ] as const) {
    await holdsContract(operation("updateApplication"), await admin.call("PATCH", path, { sharing }));
    expect(await seenBy()).toEqual(statuses);
  }
  for (const method of ["PATCH", "DELETE"]) {
    const body = method === "PATCH" ? { name: "Mine now" } : undefined;
    const refused = await editor.call(method, path, body);
    await holdsContract(operation(method === "PATCH" ? "updateApplication" : "deleteApplication"), refused);
    expect([refused.status, refused.body.error]).toEqual([403, "forbidden"]);
  }
  expect((await admin.call("DELETE", path)).status).toBe(204);
  expect(await seenBy()).toEqual([404, 404, 404, 404]);
});

test("a create told twice under one key makes one application; deleting it frees the key", async () => {
  const admin = session("admin");
  const headers = { "Idempotency-Key": "one-application" };
  const first = await admin.call("POST", APPLICATIONS, MAP, headers);
  const again = await admin.call("POST", APPLICATIONS, MAP, headers);
  await holdsContract(operation("createApplication"), again);
  expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
  const other = await admin.call("POST", APPLICATIONS, { ...MAP, name: "Other" }, headers);
  await holdsContract(operation("createApplication"), other);
  expect([other.status, other.body.application_id]).toEqual([409, first.body.application_id]);
  await admin.call("DELETE", `${APPLICATIONS}/${first.body.application_id}`);
  expect((await admin.call("POST", APPLICATIONS, MAP, headers)).status).toBe(201);
});

test("unset, an application is shared with the organization, not pinned; null clears a description", async () => {
  const admin = session("admin");
  const { body } = await admin.call("POST", APPLICATIONS, { ...MAP, description: "Pipes" });
  expect(body).toMatchObject({ sharing: { scope: "organization" }, pinned: false, description: "Pipes" });
  const cleared = await admin.call("PATCH", `${APPLICATIONS}/${body.application_id}`, { description: null });
  expect(cleared.body).not.toHaveProperty("description");
});

test("the seeded groups of the organization are listed", async () => {
  expect((await session("admin").call("GET", "/workspace-api/groups")).body).toEqual({
    data: [{ name: "Analysts" }, { name: "Field team" }],
  });
});

test("every answer that a request can provoke was met", () => {
  const provoked = contract.flatMap(({ id, statuses }) =>
    statuses.filter((status) => status !== 429 && status !== 503).map((status) => `${id} ${status}`),
  );
  expect([...seen].sort()).toEqual(provoked.sort());
});

test.each([429, 503])("an injected %i is answered as documented by every operation", async (status) => {
  emulator.faults.add({ fault: "status", status, retryAfterSeconds: 1 });
  for (const each of contract) {
    const path = each.path.replace("{application_id}", "none");
    const reply = await session("admin").call(each.method, `/workspace-api${path}`);
    expect(reply.status).toBe(status);
    await holdsContract(each, reply);
  }
  emulator.faults.clear();
});
