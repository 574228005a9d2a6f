import { afterEach, beforeEach, expect, test } from "vitest";
import type { Fault } from "../../emulator/index.ts";
import { InitializationError } from "../../provider/initialization-error.ts";
import { KnownClients } from "../../provider/known-clients.ts";
import { engineWith, LifecycleFixture, spaInputs } from "./lifecycle-fixture.ts";

let carto: LifecycleFixture;
beforeEach(async () => {
  carto = await LifecycleFixture.start();
});
afterEach(() => carto[Symbol.asyncDispose]());

const createFault = (fault: Fault) => carto.emulator.faults.add({ times: 1, ...fault, call: "createOAuthClient" });
const soleClient = () => {
  const clients = carto.emulator.clients();
  expect(clients).toHaveLength(1);
  return clients[0];
};

test.each<[string, Fault]>([
  ["a reset before the commit", { fault: "reset" }],
  ["a reset after the commit", { fault: "reset", when: "after" }],
  ["a 500 after the commit", { fault: "status", status: 500, when: "after" }],
  ["a 502 after the commit", { fault: "status", status: 502, when: "after" }],
  ["a 503 after the commit", { fault: "status", status: 503, when: "after", retryAfterSeconds: 0 }],
  ["a 429", { fault: "status", status: 429, retryAfterSeconds: 0 }],
  ["a truncated answer", { fault: "truncate" }],
  ["an answer that is not JSON", { fault: "not-json" }],
  ["an answer that stalls", { fault: "stall" }],
  ["three resets after the commit", { fault: "reset", when: "after", times: 3 }],
])("after %s there is one client, and it is in the state with its secret", async (_what, fault) => {
  createFault(fault);
  const state = await carto.process({ bodyTimeoutMs: 100 }).create("spa", spaInputs());
  expect(state).toMatchObject({ id: soleClient()?.client_id, name: "Web", ownerId: "auth0|emulator-admin" });
  expect(state.clientSecret).toHaveLength(64);
});

test("a create whose process was killed is finished by the next one, with the same client", async () => {
  createFault({ fault: "reset", when: "after", times: 5 });
  await expect(carto.process().create("spa", spaInputs())).rejects.toMatchObject({ code: "connection_lost" });
  const state = await carto.process().create("spa", spaInputs());
  expect(state.id).toBe(soleClient()?.client_id);
  expect(state.clientSecret).toHaveLength(64);
});

test("if the declaration has changed in between, that client is brought to the declared state", async () => {
  const before = await carto.process().create("spa", spaInputs());
  const state = await carto
    .process()
    .create(
      "spa",
      spaInputs({ name: "Web 2", allowedCallbackUrls: [], allowedLogoutUrls: ["https://app.example.com/bye"] }),
    );
  expect(soleClient()).toMatchObject({
    client_id: before.id,
    title: "Web 2",
    callbacks: [],
    logout_urls: ["https://app.example.com/bye"],
  });
  expect(state).toMatchObject({
    name: "Web 2",
    id: before.id,
    clientSecret: before.clientSecret,
    allowedCallbackUrls: [],
  });
});

test("a client that someone edited in between is brought to the declared state too", async () => {
  const first = carto.process();
  const before = await first.create("spa", spaInputs());
  await first.update("spa", before.id, before, spaInputs({ name: "Edited" }));
  expect((await carto.process().create("spa", spaInputs())).name).toBe("Web");
  expect(soleClient()?.title).toBe("Web");
});

test("a client that could not be brought to the declared state is kept, as it is", async () => {
  const before = await carto.process().create("spa", spaInputs());
  carto.emulator.faults.add({ call: "updateOAuthClient", fault: "status", status: 403 });
  const error = await carto
    .process()
    .create("spa", spaInputs({ name: "Web 2" }))
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  expect(error).toBeInstanceOf(InitializationError);
  expect(error).toMatchObject({
    id: before.id,
    properties: { name: "Web", id: before.id, clientSecret: before.clientSecret },
    reasons: [
      `Updating OAuth client ${before.id} ("Web"): the calling user may not do this (403). Use the credentials of an Editor or above. The server says: A fault that was injected into the emulator`,
    ],
  });
});

test("the conflicting client is waited for while reads lag behind", async () => {
  const process = carto.process();
  carto.emulator.faults.add({ fault: "stale", times: 2 });
  const before = await process.create("spa", spaInputs());
  const state = await carto.process().create("spa", spaInputs({ name: "Web 2" }));
  expect(state).toMatchObject({ id: before.id, clientSecret: before.clientSecret });
});

test("a conflicting client whose secret CARTO keeps to itself is not taken over", async () => {
  const { id: clientId } = await carto.process().create("spa", spaInputs());
  carto.emulator.faults.add({ call: "getOAuthClient", fault: "omit-secret" });
  await expect(carto.process().create("spa", spaInputs({ name: "Web 2" }))).rejects.toMatchObject({
    code: "unexpected_answer",
    message: `OAuth client ${clientId} ("Web") was left by an interrupted create and cannot be adopted, because CARTO does not return its client secret. Delete it at CARTO, then run again.`,
  });
});

test("a deleted client frees its key: the next create makes a new one", async () => {
  const process = carto.process();
  const before = await process.create("spa", spaInputs());
  await carto.process().delete("spa", before.id, before);
  expect((await process.create("spa", spaInputs())).id).not.toBe(before.id);
  soleClient();
});

test("without support for keys a lost answer is reported, never sent again", async () => {
  createFault({ fault: "reset", when: "after" });
  carto.emulator.resetRequests();
  await expect(
    carto.process({ settings: { idempotencyKeys: "false" } }).create("spa", spaInputs()),
  ).rejects.toMatchObject({ code: "create_unconfirmed" });
  soleClient();
  expect(carto.emulator.requests()["POST /workspace-api/credentials/oauth-clients"]).toBe(1);
});

test("a twin that an API without keys has made of a repeated create is named", async () => {
  carto.emulator.faults.add({ fault: "no-idempotency" });
  createFault({ fault: "reset", when: "after" });
  const { id: clientId } = await carto.process().create("spa", spaInputs());
  const [twin] = carto.emulator.clients().filter(({ client_id }) => client_id !== clientId);
  expect(carto.warnings).toEqual([
    `OAuth client ${clientId} ("Web") may have a twin: OAuth client ${twin?.client_id} ("Web") was made while the create was repeated. ` +
      "If the stack does not have it, CARTO does not honour Idempotency-Key: delete it, and set carto:idempotencyKeys to false.",
  ]);
});

test("a repeated create that made nothing before gives no warning", async () => {
  createFault({ fault: "reset" });
  await carto.process().create("spa", spaInputs());
  expect(carto.warnings).toEqual([]);
});

test.each([
  ["viewer", "spa", "forbidden"],
  ["small", "m2m", "plan_required"],
] as const)("the %s creates no %s client", async (identity, kind, code) => {
  const inputs = kind === "spa" ? spaInputs() : { name: "Robot", __key: "key-of-robot" };
  await expect(carto.process({ identity }).create(kind, inputs)).rejects.toMatchObject({ code });
  expect(carto.emulator.clients()).toEqual([]);
});

test("a token with a line break inside is reported without being shown", async () => {
  const process = carto.process({ settings: { accessToken: "planted\nsecret" } });
  await expect(process.create("spa", spaInputs())).rejects.toMatchObject({
    code: "invalid_configuration",
    message: expect.not.stringContaining("planted"),
  });
});

const TAKEN_OVER =
  "was not created but adopted: it has existed since {}, was created for this resource, and no resource of the stack has it. An interrupted `up` can leave one behind.";

test("an existing client that the state does not have is taken over with a warning that names it", async () => {
  const before = await carto.process().create("spa", spaInputs());
  const state = await carto.process().create("spa", spaInputs());
  expect(state).toEqual(before);
  const warning = `OAuth client ${before.id} ("Web") ${TAKEN_OVER.replace("{}", before.createdAt ?? "")}`;
  expect(carto.warnings).toEqual([warning]);
  await carto.process().create("spa", spaInputs({ name: "Web 2" }));
  expect(carto.warnings).toEqual([warning, `${warning} It is changed to what is declared.`]);
});

test.each([
  ["declared as it is", {}],
  ["declared otherwise", { name: "New" }],
])(
  "an existing client that the state has, %s, is left alone, and the resource gets one of its own",
  async (_what, news) => {
    const before = await carto.process().create("spa", spaInputs());
    const engine = engineWith([{ id: before.id, inputs: { __key: "key-of-portal" } }]);
    const state = await carto.process({ engine }).create("spa", spaInputs(news));
    expect(state.id).not.toBe(before.id);
    expect(await carto.process().read("spa", before.id, before)).toEqual(before);
    // Interrupted before it got into the state: found again, not created once more.
    expect((await carto.process({ engine }).create("spa", spaInputs(news))).id).toBe(state.id);
    expect(carto.emulator.clients()).toHaveLength(2);
  },
);

test("so is one that only this run knows of, because it was compared", async () => {
  const before = await carto.process().create("spa", spaInputs());
  const known = new KnownClients();
  known.checked("key-of-portal", true);
  known.compared("key-of-portal", before);
  const engine = engineWith([], { readState: () => Promise.reject(new Error("not asked")) });
  expect((await carto.process({ known, engine }).create("spa", spaInputs())).id).not.toBe(before.id);
});

test("where the state cannot be read, an existing client is not overwritten", async () => {
  const before = await carto.process().create("spa", spaInputs());
  const engine = engineWith([], { readState: () => Promise.reject(new Error("no engine")) });
  await expect(carto.process({ engine }).create("spa", spaInputs({ name: "New" }))).rejects.toMatchObject({
    code: "conflict",
    message:
      `Creating OAuth client "New": CARTO has OAuth client ${before.id} ("Web"), made under the same key, and whether another resource of the stack has it ` +
      "is not known, because the state could not be read. Put `pulumi` on PATH and run again, or give the resource another logical name.",
  });
  expect((await carto.process({ engine }).create("spa", spaInputs())).id).toBe(before.id);
  expect(soleClient()?.title).toBe("Web");
});

test("another rotation is another client, the same rotation the same one", async () => {
  const states = [];
  for (const news of [{}, { rotationTrigger: "a" }, { rotationTrigger: "b" }, { rotationTrigger: "a" }]) {
    states.push(await carto.process().create("spa", spaInputs(news)));
  }
  const ids = states.map(({ id }) => id);
  expect(new Set(ids).size).toBe(3);
  expect(ids[3]).toBe(ids[1]);
});

test.each([
  ["on request", {}, true],
  ["because it is tainted", { taint: true }, false],
])(
  "a protected client that is to be replaced %s is refused, and nothing is created",
  async (_what, member, onRequest) => {
    const inputs = spaInputs({ deletionProtection: true });
    const before = await carto.process().create("spa", inputs);
    const held = { id: before.id, inputs: { __key: inputs.__key }, outputs: before, ...member };
    const engine = engineWith([held], { replacesOnRequest: () => onRequest });
    await expect(carto.process({ engine }).create("spa", inputs)).rejects.toMatchObject({ code: "protected" });
    soleClient();
  },
);

test("a create without a key is an error", async () => {
  const { __key, ...inputs } = spaInputs();
  await expect(carto.process().create("spa", inputs)).rejects.toMatchObject({
    code: "conflict",
    message:
      'Creating OAuth client "Web": its idempotency key is missing, because the stack has no identity yet. Run `pulumi up` once without --target; then this works.',
  });
  expect(carto.emulator.clients()).toEqual([]);
});

test("once the engine is gone nothing is sent, not even after a wait", async () => {
  let alive = true;
  const engine = engineWith([], { isAlive: () => alive });
  createFault({ fault: "status", status: 429, retryAfterSeconds: 1 });
  const creating = carto.process({ engine }).create("spa", spaInputs());
  await expect.poll(() => carto.emulator.requests()["POST /workspace-api/credentials/oauth-clients"]).toBe(1);
  alive = false;
  await expect(creating).rejects.toMatchObject({
    code: "engine_gone",
    message: 'Creating the SPA OAuth client "Web": the Pulumi engine has exited. Nothing more is sent.',
  });
  expect(carto.emulator.clients()).toEqual([]);
});

test("an update whose answers were lost is kept as unconfirmed, and the next one sends the whole declaration", async () => {
  const state = await carto.process().create("spa", spaInputs({ allowedCallbackUrls: [] }));
  const added = spaInputs({ allowedCallbackUrls: ["https://attacker.example.com/"] });
  carto.emulator.faults.add({ call: "updateOAuthClient", fault: "status", status: 504, when: "after", times: 5 });
  const error = await carto
    .process()
    .update("spa", state.id, state, added)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  expect(error).toBeInstanceOf(InitializationError);
  expect(error).toMatchObject({ id: state.id, properties: { ...state, __unconfirmed: true } });
  expect(soleClient()?.callbacks).toEqual(["https://attacker.example.com/"]);
  const { properties } = error as InitializationError;
  const reverted = await carto.process().update("spa", state.id, properties, spaInputs({ allowedCallbackUrls: [] }));
  expect(soleClient()?.callbacks).toEqual([]);
  expect(reverted).toEqual({ ...state, updatedAt: reverted.updatedAt });
});

test("an update that was lost first and refused then is unconfirmed too", async () => {
  const state = await carto.process().create("spa", spaInputs());
  carto.emulator.faults.add({ call: "updateOAuthClient", fault: "status", status: 502, when: "after", times: 1 });
  carto.emulator.faults.add({ call: "updateOAuthClient", fault: "status", status: 403 });
  await expect(carto.process().update("spa", state.id, state, spaInputs({ name: "New" }))).rejects.toBeInstanceOf(
    InitializationError,
  );
  carto.emulator.faults.clear();
  carto.emulator.faults.add({ call: "updateOAuthClient", fault: "status", status: 403 });
  const refused = carto.process().update("spa", state.id, state, spaInputs({ name: "Newer" }));
  await expect(refused).rejects.toMatchObject({ code: "forbidden" });
});
