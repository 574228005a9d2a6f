import { expect, test } from "vitest";
import { changesFromEvents } from "../../change/from-engine-events.ts";
import { noteUnprotected } from "../../change/unprotect.ts";
import { announce } from "../../harness/engine-events.ts";

const old = { name: "API", deletionProtection: true };
const client = { name: "api", kind: "m2m", old, clientId: "H4Api" } as const;
const [deletion] = changesFromEvents(announce("delete", client), "prod");
const rotated = { ...old, rotationTrigger: "2" };
const [replacement] = changesFromEvents(announce("replace", { ...client, new: rotated }), "prod");

function noted(change = deletion, ids: string[] = ["other", "H4Api"]) {
  return noteUnprotected([change ?? expect.fail()], ids)[0]?.unprotect;
}

test("carto:unprotect lifts the protection from the deletion of the client that it names", () => {
  expect(noted()).toBe("named");
  expect(noted(deletion, ["H4ApiX"])).toBeUndefined();
  expect(noted(deletion, [])).toBeUndefined();
});

test("it lifts nothing from a replacement, and from a client without protection", () => {
  expect([replacement?.action, noted(replacement)]).toEqual(["replace", undefined]);
  expect(noted(deletion && { ...deletion, protected: false })).toBeUndefined();
});

test("where only manifests are compared, the ID is not known", () => {
  const { clientId: _, ...unknown } = deletion ?? expect.fail();
  expect([noted(unknown), noted(unknown, [])]).toEqual(["unknown", undefined]);
});
