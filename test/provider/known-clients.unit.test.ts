import { expect, test } from "vitest";
import { isSuccessor, KnownClients } from "../../provider/known-clients.ts";

test("a first create has the declared key, however often it is tried", () => {
  for (let run = 0; run < 2; run++) {
    expect(new KnownClients().choose("web", undefined)).toEqual({ idempotencyKey: "web" });
  }
});

test("a client in the state keeps the key that it was created with", () => {
  expect(new KnownClients().choose("web", { __key: "web.2" }).idempotencyKey).toBe("web.2");
  expect(new KnownClients().choose("web", {}).idempotencyKey).toBe("web");
});

test.each([
  [undefined, "web.1"],
  ["web", "web.1"],
  ["web.1", "web.2"],
  ["web.9", "web.10"],
  ["renamed", "renamed.1"],
])("replacing the client of key %s takes %s, in every run until it is done", (idempotencyKey, successor) => {
  for (let run = 0; run < 2; run++) {
    const known = new KnownClients();
    known.choose("web", idempotencyKey === undefined ? {} : { __key: idempotencyKey });
    expect(known.choose("web", undefined).idempotencyKey).toBe(successor);
  }
});

test("a replacement names the client that is replaced, its ID where a diff told it", () => {
  const known = new KnownClients();
  known.choose("web", { name: "Web" });
  expect(known.choose("web", undefined).replaces).toEqual({ name: "Web" });
  known.choose("web", { name: "Web" });
  known.stays("web", { name: "Web", id: "id-1" });
  expect(known.choose("web", undefined).replaces).toEqual({ name: "Web", id: "id-1" });
});

test("preview and update in one process choose the same key", () => {
  const known = new KnownClients();
  const keys = [1, 2].map(() => {
    known.choose("web", { __key: "web" });
    return known.choose("web", undefined).idempotencyKey;
  });
  expect(keys).toEqual(["web.1", "web.1"]);
});

test("a client stays once checked and compared, until it is to be replaced", () => {
  const known = new KnownClients();
  known.stays("web", { id: "id-1" });
  expect(known.isStaying("id-1")).toBe(false); // no Check before: the engine was only wondering
  known.choose("web", {});
  known.stays("web", { id: "id-1" });
  expect(known.isStaying("id-1")).toBe(true);
  known.choose("web", undefined);
  expect(known.isInUse("id-1")).toBe(false);
});

test("an adopted client is in use, but stays nobody's until the next run", () => {
  const known = new KnownClients();
  known.adopt("id-1");
  expect([known.isInUse("id-1"), known.isStaying("id-1")]).toEqual([true, false]);
});

test("a key with a generation belongs to a successor", () => {
  expect(["web", "web.1"].map(isSuccessor)).toEqual([false, true]);
});
