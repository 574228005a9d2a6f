import { afterEach, beforeEach, expect, test } from "vitest";
import { KINDS } from "../../kinds/index.ts";
import { type CheckedInputs, canonicalInputs } from "../../kinds/inputs.ts";
import type { ClientState } from "../../provider/client-state.ts";
import { engineWith, LifecycleFixture } from "./lifecycle-fixture.ts";

const KIND = "application";
const PATH = "/workspace-api/applications";

let carto: LifecycleFixture;
beforeEach(async () => {
  carto = await LifecycleFixture.start();
});
afterEach(() => carto[Symbol.asyncDispose]());

const inputs = (news: object = {}): CheckedInputs =>
  canonicalInputs(
    KINDS[KIND],
    { name: "Map", appUrl: "https://map.example.com/", __key: "place-of-map", ...news },
    "standard",
  ) as CheckedInputs;
const create = (news: object = {}) => carto.process().create(KIND, inputs(news));
const lose = (call: string, when: "before" | "after" = "after", times = 1) =>
  carto.emulator.faults.add({ call, times, fault: "reset", when });

test("an application is created with everything spelled out", async () => {
  const sharing = { groups: ["Analysts"] };
  const state = await create({ sharing, pinnedToHome: true });
  expect(state).toEqual({
    id: expect.stringMatching(/^app_/),
    ...{ name: "Map", description: "", appUrl: "https://map.example.com/", thumbnailUrl: "", sharing },
    pinnedToHome: true,
    ownerId: "auth0|emulator-admin",
    createdAt: expect.stringMatching(/Z$/),
    updatedAt: expect.stringMatching(/Z$/),
  });
  expect(carto.emulator.applications()).toMatchObject([
    { application_id: state.id, sharing: { scope: "groups", groups: ["Analysts"] }, pinned: true },
  ]);
});

test.each(["before", "after"] as const)(
  "a create whose connection ends %s it is carried out makes one",
  async (when) => {
    lose("createApplication", when);
    await create();
    expect(carto.emulator.applications()).toHaveLength(1);
    expect(carto.warnings).toEqual([]);
  },
);

test("an application that a killed run left is taken over with a warning, whatever was declared since", async () => {
  const left = await create();
  const state = await create({ name: "Map 2", sharing: "private" });
  expect(state).toMatchObject({ id: left.id, name: "Map 2", sharing: "private" });
  expect(carto.emulator.applications()).toHaveLength(1);
  expect(carto.warnings).toEqual([
    `application ${left.id} ("Map") was not created but adopted: it has existed since ${left.createdAt}, was created for this resource, ` +
      "and no resource of the stack has it. An interrupted `up` can leave one behind. It is changed to what is declared.",
  ]);
});

test("an application that the state has is never taken over: --replace gets one of its own", async () => {
  const held = await create();
  const engine = engineWith([{ id: held.id, inputs: { __key: "place-of-map" }, outputs: { name: held.name } }]);
  const state = await carto.process({ engine }).create(KIND, inputs());
  expect(state.id).not.toBe(held.id);
});

test("an update sends what differs, and clears what is taken away", async () => {
  const olds = await create({ description: "Pipes", thumbnailUrl: "https://cdn.example.com/a.png" });
  const state = await carto.process().update(KIND, olds.id, olds, inputs({ sharing: "private" }));
  expect(state).toMatchObject({ id: olds.id, description: "", thumbnailUrl: "", sharing: "private" });
  const [stored] = carto.emulator.applications();
  expect(stored).not.toHaveProperty("description");
  expect(stored).not.toHaveProperty("thumbnail_url");
  carto.emulator.resetRequests();
  await carto.process().update(KIND, state.id, state, inputs({ sharing: "private", deletionProtection: true }));
  expect(carto.emulator.requests()).toEqual({});
});

test("a group that does not exist is named with the nearest, in a create and in an update", async () => {
  await expect(create({ sharing: { groups: ["Analysts", "Field teams"] } })).rejects.toMatchObject({
    code: "invalid_request",
    message:
      'Creating the application "Map": CARTO refused the request (400): sharing.groups[1]: is not a group of the organization ("Field teams"; write "Field team"). Correct the declaration.',
  });
  const state = await create();
  await expect(
    carto.process().update(KIND, state.id, state, inputs({ sharing: { groups: ["Analyst"] } })),
  ).rejects.toMatchObject({ message: expect.stringContaining('("Analyst"; write "Analysts")') });
});

test("a refresh of many applications is one listing", async () => {
  const states = await Promise.all(["place-of-a", "place-of-b", "place-of-c"].map((__key) => create({ __key })));
  const process = carto.process();
  carto.emulator.resetRequests();
  expect(await Promise.all(states.map((state) => process.read(KIND, state.id, state)))).toEqual(states);
  expect(carto.emulator.requests()).toEqual({
    [`GET ${PATH}`]: 1,
    ...Object.fromEntries(Object.entries(carto.emulator.requests()).filter(([route]) => !route.includes(PATH))),
  });
});

test("of a listing that lags behind a write, the application itself is read", async () => {
  const olds = await create();
  const api = await carto.tenant().applications();
  carto.emulator.faults.add({ call: "listApplications", fault: "stale" });
  const { updatedAt } = await api.update(olds.id, { name: "Renamed" });
  expect(await carto.process().read(KIND, olds.id, { ...olds, name: "Renamed", updatedAt })).toMatchObject({
    name: "Renamed",
  });
});

test("other users may see an application, and neither change nor delete it", async () => {
  const state = await create();
  const editor = carto.process({ identity: "editor" });
  expect(await editor.read(KIND, state.id, state)).toEqual(state);
  const refused = {
    code: "not_owner",
    message: `application ${state.id} ("Map") belongs to auth0|emulator-admin, but the credentials from the environment are those of auth0|emulator-editor, who may not change it. Use the owner's credentials.`,
  };
  await expect(editor.update(KIND, state.id, state, inputs({ name: "X" }))).rejects.toMatchObject(refused);
  await expect(editor.delete(KIND, state.id, state)).rejects.toMatchObject(refused);
  expect(carto.emulator.applications()).toMatchObject([{ name: "Map" }]);
});

test("a private application is gone for its owner only", async () => {
  const state = await create({ sharing: "private" });
  await expect(carto.process({ identity: "editor" }).read(KIND, state.id, state)).rejects.toMatchObject({
    code: "not_owner",
  });
  const api = await carto.tenant().applications();
  await api.delete(state.id);
  expect(await carto.process().read(KIND, state.id, state)).toBeUndefined();
  await carto.process().delete(KIND, state.id, state);
});

test("an application of another user can be looked up where it is shared", async () => {
  const state = await create();
  const found = (await carto.process({ identity: "editor" }).read(KIND, state.id, {})) as ClientState;
  expect(found).toMatchObject({ id: state.id, ownerId: "auth0|emulator-admin", appUrl: "https://map.example.com/" });
});

test("a protected application is not deleted", async () => {
  const state = await create({ deletionProtection: true });
  await expect(carto.process().delete(KIND, state.id, state)).rejects.toMatchObject({
    code: "protected",
    message: expect.stringContaining("to delete it would stop every link to it in the Workspace."),
  });
});

test("a viewer may not create one", async () => {
  await expect(carto.process({ identity: "viewer" }).create(KIND, inputs())).rejects.toMatchObject({
    code: "forbidden",
    message:
      'Creating the application "Map": the calling user may not do this (403). Editors and above create applications, and only the owner changes or deletes one.',
  });
});
