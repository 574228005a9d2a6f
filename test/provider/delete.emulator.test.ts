import { afterEach, beforeEach, expect, test } from "vitest";
import { KnownClients } from "../../provider/known-clients.ts";
import { LifecycleFixture, spaInputs } from "./lifecycle-fixture.ts";

let carto: LifecycleFixture;
beforeEach(async () => {
  carto = await LifecycleFixture.start();
});
afterEach(() => carto[Symbol.asyncDispose]());

test("a client is deleted, and deleting it again is no error", async () => {
  const state = await carto.process().create("spa", spaInputs());
  const process = carto.process();
  await process.delete(state.id, state);
  await process.delete(state.id, state);
  expect(carto.emulator.clients()).toEqual([]);
});

test("a delete whose answer is lost is sent again", async () => {
  const state = await carto.process().create("spa", spaInputs());
  carto.emulator.faults.add({ call: "deleteOAuthClient", fault: "reset", when: "after", times: 1 });
  await carto.process().delete(state.id, state);
  expect(carto.emulator.clients()).toEqual([]);
});

test("a protected client stays", async () => {
  const state = await carto.process().create("spa", spaInputs({ deletionProtection: true }));
  await expect(carto.process().delete(state.id, state)).rejects.toMatchObject({
    code: "protected",
    message:
      `OAuth client ${state.id} ("Web") has deletionProtection: to delete it would stop every user and service of that client ID. ` +
      "To delete it all the same: 1. set deletionProtection: false and run `pulumi up`; 2. delete it.",
  });
  expect(carto.emulator.clients()).toHaveLength(1);
});

test("deletionProtection is changed without a call to CARTO", async () => {
  const state = await carto.process().create("spa", spaInputs({ deletionProtection: true }));
  carto.emulator.resetRequests();
  const updated = await carto.process().update("spa", state.id, state, spaInputs({ deletionProtection: false }));
  expect(updated).toEqual({ ...state, deletionProtection: false });
  expect(carto.emulator.requests()).toEqual({});
});

test("the client that the provider logs in with is never deleted", async () => {
  const management = carto.emulator.env.CARTO_M2M_CLIENT_ID ?? "";
  const state = await carto.process().read("m2m", management, {});
  if (!state) throw new Error("the management client is not there");
  await expect(carto.process().delete(management, state)).rejects.toMatchObject({
    code: "protected",
    message: `OAuth client ${management} ("Emulator management") is the one the provider logs in with: to delete it would lock the provider out. Log in with other credentials first.`,
  });
});

const NOT_REPLACED =
  "was not replaced. CARTO answers a create with the client that the same idempotency key created in the last 24 hours, " +
  "so --replace and `pulumi state taint` have no effect on one that young. Change rotationTrigger instead.";

test("a create that was to replace a client, but was answered with it, does not lead to its deletion", async () => {
  const state = await carto.process().create("spa", spaInputs());
  const process = carto.process();
  expect((await process.create("spa", spaInputs())).id).toBe(state.id);
  await process.delete(state.id, state);
  expect(carto.emulator.clients()).toHaveLength(1);
  expect(carto.warnings).toEqual([`OAuth client ${state.id} ("Web") ${NOT_REPLACED}`]);
});

test("neither does a deletion that such a run has left to the next one", async () => {
  const state = await carto.process().create("spa", spaInputs());
  const known = new KnownClients();
  known.choose("key-of-web", spaInputs());
  known.stays("key-of-web", state);
  await carto.process({ known }).delete(state.id, state);
  expect(carto.emulator.clients()).toHaveLength(1);
  expect(carto.warnings).toEqual([`OAuth client ${state.id} ("Web") ${NOT_REPLACED}`]);
});

test("a client that another resource of the stack has taken over is not given to a second one", async () => {
  const state = await carto.process().create("spa", spaInputs());
  const known = new KnownClients();
  known.choose("key-of-portal", spaInputs()); // renamed by an alias: the state has the old key
  known.stays("key-of-web", state);
  await expect(carto.process({ known }).create("spa", spaInputs({ name: "New" }))).rejects.toMatchObject({
    code: "conflict",
    message:
      `Creating OAuth client "New": the idempotency key of this resource made OAuth client ${state.id} ("Web") less than 24 hours ago, ` +
      "which another resource of the stack has taken over since (an alias?). Give the new resource another logical name, or run again a day later.",
  });
  expect(carto.emulator.clients()).toMatchObject([{ title: "Web" }]);
});
