import { afterEach, beforeEach, expect, test } from "vitest";
import { KnownClients } from "../../provider/known-clients.ts";
import { LifecycleFixture, spaInputs } from "./lifecycle-fixture.ts";

let carto: LifecycleFixture;
beforeEach(async () => {
  carto = await LifecycleFixture.start();
});
afterEach(() => carto[Symbol.asyncDispose]());

test("a client is deleted, and deleting it again is not an error", async () => {
  const state = await carto.process().create("spa", spaInputs());
  const process = carto.process();
  await process.delete("spa", state.id, state);
  await process.delete("spa", state.id, state);
  expect(carto.emulator.clients()).toEqual([]);
});

test("a delete whose answer is lost is sent again", async () => {
  const state = await carto.process().create("spa", spaInputs());
  carto.emulator.faults.add({ call: "deleteOAuthClient", fault: "reset", when: "after", times: 1 });
  await carto.process().delete("spa", state.id, state);
  expect(carto.emulator.clients()).toEqual([]);
});

test("a protected client stays", async () => {
  const state = await carto.process().create("spa", spaInputs({ deletionProtection: true }));
  await expect(carto.process().delete("spa", state.id, state)).rejects.toMatchObject({
    code: "protected",
    message:
      `OAuth client ${state.id} ("Web") has deletionProtection: to delete it would stop every user and service of that client ID. ` +
      "To delete it anyway: 1. set deletionProtection: false and run `pulumi up`; 2. delete it. " +
      `If it was replaced and only waits to be deleted: \`pulumi config set carto:unprotect ${state.id}\`, then \`pulumi up\`.`,
  });
  expect(carto.emulator.clients()).toHaveLength(1);
  await carto.process({ settings: { unprotect: `other, ${state.id}` } }).delete("spa", state.id, state);
  expect(carto.emulator.clients()).toEqual([]);
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
  await expect(carto.process().delete("m2m", management, state)).rejects.toMatchObject({
    code: "protected",
    message: `OAuth client ${management} ("Emulator management") is the one the provider logs in with: to delete it would lock the provider out. Log in with other credentials first.`,
  });
});

test("a client that another resource of the stack has too is not deleted, as 0.1.0 may have left it", async () => {
  const state = await carto.process().create("spa", spaInputs());
  const known = new KnownClients();
  known.checked("key-of-web", true);
  known.compared("key-of-web", state);
  await carto.process({ known }).delete("spa", state.id, state);
  expect(carto.emulator.clients()).toHaveLength(1);
  expect(carto.warnings).toEqual([
    `OAuth client ${state.id} ("Web") was not deleted: another resource of the stack has it.`,
  ]);
});

test("a delete whose outcome is not known says what to do", async () => {
  const state = await carto.process().create("spa", spaInputs());
  carto.emulator.faults.add({ call: "deleteOAuthClient", fault: "status", status: 504, when: "after", times: 5 });
  carto.emulator.faults.add({ call: "deleteOAuthClient", fault: "status", status: 504 });
  await expect(carto.process().delete("spa", state.id, state)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining(
      "Whether it was deleted is not known: if it is declared again, run `pulumi up --refresh`.",
    ),
  });
});
