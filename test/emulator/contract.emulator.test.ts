import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CLIENTS } from "../../harness/carto-session.ts";
import { anyId, ContractCheck, idOf, queryOf } from "./contract-fuzz.ts";

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
const query = queryOf({
  type: fc.oneof(fc.constantFrom("spa", "m2m"), text),
  page: fc.oneof(fc.integer(), fc.constantFrom("1", "2", "1e3", "０")),
  page_size: fc.oneof(fc.integer({ min: -1, max: 102 }), text),
  q: text,
});

/** A key that belongs to a body comes with that body again, so that some creates are repeated. */
function keyOf(key: string, body: string): string {
  return key === "of the body" ? createHash("sha256").update(body).digest("hex") : key;
}

const check = new ContractCheck({
  file: "docs/credentials-api.yaml",
  base: "/workspace-api",
  cases: fc.record({ id: anyId(text), query, body: bodies, key }),
  request: ({ id, query, body, key }, emulator) => ({
    id: idOf(
      id,
      emulator.clients().map(({ client_id }) => client_id),
    ),
    query,
    body,
    headers: key === null ? {} : { "Idempotency-Key": keyOf(key, body) },
  }),
});

check.testFuzz();

test("a client's life, with a create repeated under one key and then changed, is answered as documented", async () => {
  const web = { type: "spa", title: "Web", login_uri: "https://a.example.com" };
  let path = CLIENTS;
  const step = async (id: string, method: string, body?: object) => {
    const reply = await check.session("admin").call(method, path, body, { "Idempotency-Key": "a-life-of-its-own" });
    check.expectDocumented(id, reply);
    return reply;
  };
  const created = await step("createOAuthClient", "POST", web);
  expect((await step("createOAuthClient", "POST", web)).body).toEqual(created.body);
  expect((await step("createOAuthClient", "POST", { ...web, title: "Other" })).status).toBe(409);
  path = `${CLIENTS}/${created.body.client_id}`;
  expect((await step("updateOAuthClient", "PATCH", { title: "Renamed" })).body.title).toBe("Renamed");
  expect((await step("getOAuthClient", "GET")).body.title).toBe("Renamed");
  expect((await step("deleteOAuthClient", "DELETE")).status).toBe(204);
});

check.testAnswers();
