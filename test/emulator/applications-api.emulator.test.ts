import fc from "fast-check";
import { expect, test } from "vitest";
import { anyId, ContractCheck, idOf, mostly, queryOf } from "./contract-fuzz.ts";

const APPLICATIONS = "/workspace-api/applications";
const MAP = { name: "Field map", app_url: "https://map.example.com/" };
/** Applications that exist, or did. */
const ids: string[] = [];

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
const query = queryOf({
  owned: fc.constantFrom("true", "false", "maybe"),
  page: fc.oneof(fc.integer(), text),
  page_size: fc.integer(),
});

const check = new ContractCheck({
  file: "docs/applications-api.yaml",
  base: "/workspace-api",
  cases: fc.record({ id: anyId(text), query, body: bodies, key }),
  request: ({ id, query, body, key }) => ({
    id: idOf(id, ids),
    query,
    body,
    headers: key === null ? {} : { "Idempotency-Key": key },
  }),
  accepted: (_, { status, body }) => {
    if (status === 201) ids.push(body.application_id);
  },
});

check.testFuzz();

test("who sees an application follows from its sharing, and only its owner may edit or delete it", async () => {
  const [admin, editor, viewer, small] = [
    check.session("admin"),
    check.session("editor"),
    check.session("viewer"),
    check.session("small"),
  ];
  const created = await admin.call("POST", APPLICATIONS, { ...MAP, sharing: { scope: "private" } });
  check.expectDocumented("createApplication", created);
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
    check.expectDocumented("updateApplication", await admin.call("PATCH", path, { sharing }));
    expect(await seenBy()).toEqual(statuses);
  }
  for (const method of ["PATCH", "DELETE"]) {
    const body = method === "PATCH" ? { name: "Mine now" } : undefined;
    const refused = await editor.call(method, path, body);
    check.expectDocumented(method === "PATCH" ? "updateApplication" : "deleteApplication", refused);
    expect([refused.status, refused.body.error]).toEqual([403, "forbidden"]);
  }
  expect((await admin.call("DELETE", path)).status).toBe(204);
  expect(await seenBy()).toEqual([404, 404, 404, 404]);
});

test("a create repeated under one key makes one application; deleting it frees the key", async () => {
  const admin = check.session("admin");
  const headers = { "Idempotency-Key": "one-application" };
  const first = await admin.call("POST", APPLICATIONS, MAP, headers);
  const again = await admin.call("POST", APPLICATIONS, MAP, headers);
  check.expectDocumented("createApplication", again);
  expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
  const other = await admin.call("POST", APPLICATIONS, { ...MAP, name: "Other" }, headers);
  check.expectDocumented("createApplication", other);
  expect([other.status, other.body.application_id]).toEqual([409, first.body.application_id]);
  await admin.call("DELETE", `${APPLICATIONS}/${first.body.application_id}`);
  expect((await admin.call("POST", APPLICATIONS, MAP, headers)).status).toBe(201);
});

test("unset, an application is shared with the organization, not pinned; null clears a description", async () => {
  const admin = check.session("admin");
  const { body } = await admin.call("POST", APPLICATIONS, { ...MAP, description: "Pipes" });
  expect(body).toMatchObject({ sharing: { scope: "organization" }, pinned: false, description: "Pipes" });
  const cleared = await admin.call("PATCH", `${APPLICATIONS}/${body.application_id}`, { description: null });
  expect(cleared.body).not.toHaveProperty("description");
});

test("the seeded groups of the organization are listed", async () => {
  expect((await check.session("admin").call("GET", "/workspace-api/groups")).body).toEqual({
    data: [{ name: "Analysts" }, { name: "Field team" }],
  });
});

check.testAnswers();
