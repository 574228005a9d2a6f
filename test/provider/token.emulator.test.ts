import { afterEach, beforeEach, expect, test } from "vitest";
import { fingerprint } from "../../kinds/api-access-token/fingerprint.ts";
import { KINDS } from "../../kinds/index.ts";
import { type CheckedInputs, canonicalInputs } from "../../kinds/inputs.ts";
import type { ClientState } from "../../provider/client-state.ts";
import { engineWith, LifecycleFixture } from "./lifecycle-fixture.ts";

const KIND = "api-access-token";
const TOKENS = "/api/v3/tokens";
const GRANTS = [{ connectionName: "carto_dw", source: "carto.demo.points" }];

let carto: LifecycleFixture;
beforeEach(async () => {
  carto = await LifecycleFixture.start();
});
afterEach(() => carto[Symbol.asyncDispose]());

const inputs = (news: object = {}): CheckedInputs =>
  canonicalInputs(
    KINDS[KIND],
    { name: "Map", grants: GRANTS, allowedApis: ["sql"], __key: "place-of-map", ...news },
    "standard",
  ) as CheckedInputs;
const create = (news: object = {}) => carto.process().create(KIND, inputs(news));
const names = () => carto.emulator.tokens().map(({ name }) => name);
const lose = (call: string, times: number, when: "before" | "after" = "after") =>
  carto.emulator.faults.add({ call, times, fault: "reset", when });
const posts = () => carto.emulator.requests()[`POST ${TOKENS}`];
/** As an engine whose state has this token. */
const holding = (state: ClientState, own: object = {}) =>
  engineWith([{ id: state.id, inputs: { __key: "place-of-map" }, outputs: { name: state.name }, ...own }]);

test("a token is created under a name with a suffix, and its ID is a fingerprint", async () => {
  const state = await create();
  expect(state).toEqual({
    id: fingerprint(String(state.token)),
    token: expect.stringMatching(/^eyJ/),
    name: "Map",
    cartoName: expect.stringMatching(/^Map \(pc-[a-z2-7]{12}\)$/),
    grants: GRANTS,
    allowedApis: ["sql"],
    referers: [],
    ownerId: "auth0|emulator-admin",
    createdAt: expect.stringMatching(/Z$/),
  });
  expect(state.id).toMatch(/^sha256-[0-9a-f]{24}$/);
  expect(names()).toEqual([state.cartoName]);
});

test("a create whose answer is lost finds its token, and warns of nothing", async () => {
  lose("createApiToken", 1);
  const state = await create();
  expect(names()).toEqual([state.cartoName]);
  expect([carto.warnings, posts()]).toEqual([[], 1]);
});

test("a create that never arrived is sent again, one that answers 409 then finds its token", async () => {
  lose("createApiToken", 1, "before");
  await create();
  expect([names().length, posts()]).toEqual([1, 2]);
});

test("a create without any answer, whose token is not listed, fails and is found by the next one", async () => {
  lose("createApiToken", 3);
  carto.emulator.faults.add({ call: "listApiTokens", fault: "stale" });
  await expect(create()).rejects.toMatchObject({
    code: "create_unconfirmed",
    message:
      'Creating API Access Token "Map": no usable answer came, and CARTO does not list the token. Run again later: if it was created, it is found by its name.',
  });
  carto.emulator.faults.clear();
  const state = await create();
  expect(names()).toEqual([state.cartoName]);
});

test("a token that a killed run left is taken over with a warning, whatever was declared since", async () => {
  const left = await create();
  const state = await create({ name: "Map 2", allowedApis: ["maps"] });
  expect(state).toMatchObject({ id: left.id, token: left.token, name: "Map 2", allowedApis: ["maps"] });
  expect(names()).toEqual([state.cartoName]);
  expect(state.cartoName).toBe(String(left.cartoName).replace("Map", "Map 2"));
  expect(carto.warnings).toEqual([
    `API Access Token ${left.id} ("Map") was not created but adopted: it has existed since ${left.createdAt}, was created for this resource, ` +
      "and no resource of the stack has it. An interrupted `up` can leave one behind. It is changed to what is declared.",
  ]);
});

test("a token that the state has is never taken over: --replace gets one of its own", async () => {
  const held = await create();
  const state = await carto.process({ engine: holding(held) }).create(KIND, inputs());
  expect(state.id).not.toBe(held.id);
  expect(names()).toHaveLength(2);
});

test("another expiration date and another trigger are other tokens, so that old and new exist side by side", async () => {
  const dates = ["2990-01-01T00:00:00Z", "2991-01-01T00:00:00Z"];
  await create();
  for (const expirationDate of dates) await create({ expirationDate });
  await create({ rotationTrigger: "leaked" });
  expect(new Set(names()).size).toBe(4);
  expect(carto.warnings).toEqual([]);
});

test("a token of a person with the declared name stays theirs", async () => {
  const api = await carto.tenant().tokens();
  const theirs = await api.create({ cartoName: "Map", grants: GRANTS, allowedApis: ["sql"], referers: [] });
  const state = await create();
  expect(state.id).not.toBe(theirs.id);
  expect(names()).toEqual(["Map", state.cartoName]);
});

test("a token that an interrupted create left, and whose value the listing leaves out, is named", async () => {
  const left = await create();
  carto.emulator.faults.add({ call: "listApiTokens", fault: "omit-secret" });
  await expect(create()).rejects.toMatchObject({
    code: "unexpected_answer",
    message: `The API Access Token "${left.cartoName}" was left by an interrupted create and cannot be adopted, because CARTO's listing does not contain the token itself. Delete it at CARTO, then run again.`,
  });
});

test("an update sends what differs, keeps the suffix and the token", async () => {
  const olds = await create();
  const news = inputs({ name: "New map", referers: ["https://app.example.com"] });
  const state = await carto.process().update(KIND, olds.id, olds, news);
  expect(state).toEqual({
    ...olds,
    name: "New map",
    cartoName: String(olds.cartoName).replace("Map", "New map"),
    referers: ["https://app.example.com"],
  });
  carto.emulator.resetRequests();
  const spaced = inputs({ ...news, grants: [{ connectionName: "carto_dw", source: " carto.demo.points " }] });
  await carto.process().update(KIND, state.id, state, spaced);
  expect(carto.emulator.requests()).toEqual({});
});

test("an update whose answer is lost is sent whole by the next one, without the expiration date, which CARTO takes at creation only", async () => {
  const declared = { expirationDate: "2999-06-30T00:00:00Z", referers: ["https://app.example.com"] };
  const state = await create(declared);
  carto.emulator.faults.add({ call: "updateApiToken", fault: "status", status: 500, when: "after", times: 20 });
  const news = inputs({ ...declared, name: "New map" });
  const failed = await carto
    .process()
    .update(KIND, state.id, state, news)
    .catch((error) => error);
  carto.emulator.faults.clear();
  const updated = await carto.process().update(KIND, state.id, { ...failed.properties, id: state.id }, news);
  expect(failed.properties).toMatchObject({ __unconfirmed: true });
  expect(updated).toMatchObject({ id: state.id, name: "New map", expirationDate: declared.expirationDate });
  expect(updated).not.toHaveProperty("__unconfirmed");
});

test("an update that was lost first and refused then is unconfirmed too", async () => {
  const state = await create();
  carto.emulator.faults.add({ call: "updateApiToken", fault: "status", status: 502, when: "after", times: 1 });
  carto.emulator.faults.add({ call: "updateApiToken", fault: "status", status: 403 });
  await expect(carto.process().update(KIND, state.id, state, inputs({ name: "New map" }))).rejects.toMatchObject({
    id: state.id,
    properties: { __unconfirmed: true },
  });
});

test("a token without suffix, as an imported one, keeps its name plain", async () => {
  const api = await carto.tenant().tokens();
  const { id } = await api.create({ cartoName: "Theirs", grants: GRANTS, allowedApis: ["sql"], referers: [] });
  const imported = (await carto.process().read(KIND, id, {})) as ClientState;
  expect(imported).toMatchObject({ name: "Theirs", cartoName: "Theirs", token: expect.stringMatching(/^eyJ/) });
  await carto.process().update(KIND, id, imported, inputs({ name: "Ours" }));
  expect(names()).toEqual(["Ours"]);
});

test("a refresh of many tokens is one listing", async () => {
  const states = await Promise.all(["a", "b", "c"].map((__key) => create({ __key })));
  const process = carto.process();
  carto.emulator.resetRequests();
  expect(await Promise.all(states.map((state) => process.read(KIND, state.id, state)))).toEqual(states);
  expect(carto.emulator.requests()).toMatchObject({ [`GET ${TOKENS}`]: 1 });
  expect(Object.keys(carto.emulator.requests()).filter((route) => route.includes("{token}"))).toEqual([]);
});

test("drift is read, and a grant without source reads everything", async () => {
  const state = await create();
  const api = await carto.tenant().tokens();
  await api.update(String(state.token), { referers: ["https://evil.example"], cartoName: "Renamed" }, "Map");
  expect(await carto.process().read(KIND, state.id, state)).toMatchObject({
    name: "Renamed",
    referers: ["https://evil.example"],
  });
});

test("a token that is gone is gone for its owner only", async () => {
  const state = await create();
  const [{ id } = { id: "" }] = carto.emulator.tokens();
  await expect(carto.process({ identity: "editor" }).read(KIND, state.id, state)).rejects.toMatchObject({
    code: "not_owner",
    message: `API Access Token ${state.id} ("Map") belongs to auth0|emulator-admin, but the credentials from the environment are those of auth0|emulator-editor, who cannot see it. It is kept in the state. Use the owner's credentials.`,
  });
  carto.emulator.giveToken(id, "editor");
  await expect(
    carto.process({ identity: "editor" }).delete(KIND, state.id, { ...state, ownerId: "auth0|x" }),
  ).resolves.toBeUndefined();
  expect(await carto.process().read(KIND, state.id, state)).toBeUndefined();
});

test("a token is deleted once, and gone is success", async () => {
  const state = await create();
  await carto.process().delete(KIND, state.id, state);
  await carto.process().delete(KIND, state.id, state);
  expect(carto.emulator.tokens()).toEqual([]);
});

test("a protected token is neither deleted nor does its message hold it", async () => {
  const state = await create({ deletionProtection: true });
  const error = await carto
    .process()
    .delete(KIND, state.id, state)
    .catch((reason: Error) => reason);
  expect(String(error)).toContain(
    `API Access Token ${state.id} ("Map") has deletionProtection: to delete it would stop every page and service that uses it.`,
  );
});

test.each([400, 401, 403, 404, 409, 500, 302])("no message of a %i, and no stack, holds the token", async (status) => {
  const state = await create();
  carto.emulator.faults.add({ fault: "status", status, body: { error: "x", issues: [] } });
  const process = carto.process();
  const calls = [
    process.read(KIND, state.id, state),
    process.update(KIND, state.id, state, inputs({ name: "New" })),
    process.delete(KIND, state.id, state),
  ];
  const told = (await Promise.allSettled(calls)).map((result) =>
    result.status === "rejected" ? `${result.reason} ${result.reason.stack} ${result.reason.cause}` : "",
  );
  expect(told.join("\n")).not.toContain(String(state.token));
});
