import { expect, test } from "vitest";
import { KnownClients } from "../../provider/known-clients.ts";

const WEB = { name: "Web", id: "id-1" };

test("a client stays once checked and compared, until it is to be replaced", () => {
  const known = new KnownClients();
  expect(known.checked("web", true)).toBeUndefined();
  known.compared("web", WEB);
  expect(known.isStaying("id-1")).toBe(true);
  expect(known.checked("web", false)).toEqual(WEB);
  expect([known.isInUse("id-1"), known.isHeld("id-1")]).toEqual([false, true]);
});

test("a resource that the state does not have replaces nothing", () => {
  expect(new KnownClients().checked("web", false)).toBeUndefined();
});

test("without a check before, a comparison only says that the state has the client", () => {
  const known = new KnownClients();
  known.compared("web", WEB);
  expect([known.isStaying("id-1"), known.isHeld("id-1")]).toEqual([false, true]);
});

test("a client that a create was given is in use, but stays nobody's until the next run", () => {
  const known = new KnownClients();
  known.created("id-1", "Web");
  expect([known.isInUse("id-1"), known.isHeld("id-1"), known.isStaying("id-1")]).toEqual([true, true, false]);
  expect(known.createdAs("id-1")).toBe("Web");
});
