import { afterEach, beforeEach, expect, test } from "vitest";
import { audit } from "../../chaos/audit.ts";
import type { Declaration } from "../../chaos/schedule.ts";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";

const NOTHING = { duplicates: 0, orphans: 0, lost: 0, stale: 0 };

let emulator: Emulator;
let carto: CartoSession;
beforeEach(async () => {
  emulator = await startEmulator();
  carto = await CartoSession.open(emulator);
});
afterEach(() => emulator.close());

const create = async (title: string) => {
  const { body } = await carto.call("POST", CLIENTS, { type: "m2m", title });
  return { logicalName: title.split(" ")[0] ?? "", clientId: body.client_id, clientSecret: body.client_secret };
};
const declared: Declaration = { robot: { kind: "m2m", name: "robot of run 1" } };

test("nothing is found where declaration, state and CARTO agree", async () => {
  expect(await audit(emulator, [await create("robot of run 1")], declared)).toEqual(NOTHING);
});

test("a second client of a resource is a duplicate, at CARTO and in the state", async () => {
  const [first, second] = [await create("robot of run 1"), await create("robot of run 1")];
  expect(await audit(emulator, [first], declared)).toEqual({ ...NOTHING, duplicates: 1 });
  expect(await audit(emulator, [second, first], declared)).toEqual({ ...NOTHING, duplicates: 1 });
});

test("a client that no resource has is an orphan", async () => {
  const state = [await create("robot of run 1")];
  await create("importer of run 1");
  expect(await audit(emulator, state, declared)).toEqual({ ...NOTHING, orphans: 1 });
});

test.each([
  ["gone", { clientId: "gone" }, { lost: 1, stale: 1, duplicates: 1 }],
  ["known with another secret", { clientSecret: "wrong" }, { lost: 1 }],
  ["known without a secret", { clientSecret: undefined }, { lost: 1 }],
])("a client that is %s is lost", async (_what, change, found) => {
  const client = await create("robot of run 1");
  expect(await audit(emulator, [{ ...client, ...change }], declared)).toEqual({ ...NOTHING, ...found });
});

test("a client that is missing, or otherwise than declared, is found", async () => {
  expect(await audit(emulator, [], declared)).toEqual({ ...NOTHING, stale: 1 });
  expect(await audit(emulator, [await create("robot by hand")], declared)).toEqual({ ...NOTHING, stale: 1 });
});
