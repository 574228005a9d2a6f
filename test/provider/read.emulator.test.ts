import { afterEach, beforeEach, expect, test } from "vitest";
import { CartoSession } from "../../harness/carto-session.ts";
import { CLIENTS, LifecycleFixture, spaInputs } from "./lifecycle-fixture.ts";

const LIST = `GET ${CLIENTS}`;
const GET = `GET ${CLIENTS}/{client_id}`;

let carto: LifecycleFixture;
let hand: CartoSession;
beforeEach(async () => {
  carto = await LifecycleFixture.start();
  hand = await CartoSession.open(carto.emulator);
});
afterEach(() => carto[Symbol.asyncDispose]());

const create = (news: object = {}) => carto.process().create("spa", spaInputs(news));
const edit = (clientId: string, patch: object) => hand.call("PATCH", `${CLIENTS}/${clientId}`, patch);

test("reading 250 unchanged clients costs three list calls and no GET", async () => {
  const first = carto.process();
  const states = [];
  for (let index = 0; index < 250; index++) {
    states.push(await first.create("spa", spaInputs({ name: `Web ${index}`, __key: `key-of-web-${index}` })));
  }
  carto.emulator.resetRequests();
  const process = carto.process();
  const read = await Promise.all(states.map((state) => process.read("spa", state.id, state)));
  expect(read).toEqual(states);
  expect(carto.emulator.requests()).toMatchObject({ [LIST]: 3, "POST /oauth/token": 1 });
  expect(carto.emulator.requests()[GET]).toBeUndefined();
});

test("a GET happens for a client that has changed, and for no other", async () => {
  const [same, changed] = [await create(), await create({ __key: "key-of-another" })];
  await edit(changed.id, { title: "Edited" });
  carto.emulator.resetRequests();
  const process = carto.process();
  expect((await process.read("spa", changed.id, changed))?.name).toBe("Edited");
  expect(await process.read("spa", same.id, same)).toEqual(same);
  expect(carto.emulator.requests()).toMatchObject({ [LIST]: 1, [GET]: 1 });
});

test.each([
  ["the name", { title: "Edited" }, { name: "Edited" }],
  ["the login URL", { login_uri: "https://b.example.com/" }, { applicationLoginUrl: "https://b.example.com/" }],
  ["callback URLs", { callbacks: [] }, { allowedCallbackUrls: [] }],
  ["logout URLs", { logout_urls: [] }, { allowedLogoutUrls: [] }],
  ["web origins", { web_origins: [] }, { allowedWebOrigins: [] }],
  ["origins", { allowed_origins: ["https://c.example.com"] }, { allowedOrigins: ["https://c.example.com"] }],
])("drift in %s is seen, and an update corrects it", async (_what, patch, drift) => {
  const state = await create();
  await edit(state.id, patch);
  const process = carto.process();
  const read = await process.read("spa", state.id, state);
  expect(read).toEqual({ ...state, ...drift, updatedAt: read?.updatedAt });
  const { updatedAt: _, ...corrected } = await process.update("spa", state.id, read ?? state, spaInputs());
  const { updatedAt: __, ...original } = state;
  expect(corrected).toEqual(original);
  expect(await carto.process().read("spa", state.id, { ...original, updatedAt: "" })).toMatchObject(original);
});

test("a list in another order is not drift", async () => {
  const urls = ["https://a.example.com/cb", "https://b.example.com/cb"];
  const state = await create({ allowedCallbackUrls: urls });
  await edit(state.id, { callbacks: urls.toReversed() });
  expect((await carto.process().read("spa", state.id, state))?.allowedCallbackUrls).toEqual(urls);
});

test("an explicit empty list stays empty", async () => {
  const state = await create({ allowedCallbackUrls: [], allowedOrigins: [] });
  expect(await carto.process().read("spa", state.id, state)).toEqual(state);
  expect(state).toMatchObject({ allowedCallbackUrls: [], allowedOrigins: [] });
});

test("a secret that reads and updates omit stays in the state", async () => {
  const state = await create();
  await edit(state.id, { title: "Edited" });
  carto.emulator.faults.add({ fault: "omit-secret" });
  const process = carto.process();
  const read = await process.read("spa", state.id, state);
  expect(read).toMatchObject({ name: "Edited", clientSecret: state.clientSecret });
  const updated = await process.update("spa", state.id, read ?? state, spaInputs());
  expect(updated).toMatchObject({ name: "Web", clientSecret: state.clientSecret });
});

test("a secret that the state lacks is fetched", async () => {
  const { clientSecret, ...state } = await create();
  expect(await carto.process().read("spa", state.id, state)).toEqual({ ...state, clientSecret });
});

test("a client is looked up by its ID alone, with its secret", async () => {
  const state = await create();
  expect(await carto.process().read("spa", state.id, {})).toEqual(state);
  await expect(carto.process().read("spa", "no-such-client", {})).rejects.toMatchObject({
    code: "not_found",
    message:
      "OAuth client no-such-client cannot be looked up: the calling user has no such OAuth client. Check the ID, and use its owner's credentials.",
  });
});

test("a client of the other kind is refused", async () => {
  const { id: clientId } = await create();
  await expect(carto.process().read("m2m", clientId, {})).rejects.toMatchObject({
    code: "invalid_request",
    message: `OAuth client ${clientId} is of kind SPA, not M2M. Use SpaOAuthClient for it.`,
  });
});

test("a client that its owner cannot find is gone", async () => {
  const state = await create();
  await hand.call("DELETE", `${CLIENTS}/${state.id}`);
  const clock = { updatedAt: "2020-01-01T00:00:00Z", createdAt: "2020-01-01T00:00:00Z" };
  expect(await carto.process().read("spa", state.id, { ...state, ...clock })).toBeUndefined();
});

test.each(["read", "update", "delete"] as const)(
  "to anyone else (%s) it is not gone but another user's, both named",
  async (call) => {
    const state = { ...(await create()), createdAt: "2020-01-01T00:00:00Z", updatedAt: "2020-01-01T00:00:00Z" };
    const process = carto.process({ identity: "editor" });
    const calls = {
      read: () => process.read("spa", state.id, state),
      update: () => process.update("spa", state.id, state, spaInputs({ name: "New" })),
      delete: () => process.delete("spa", state.id, state),
    };
    await expect(calls[call]()).rejects.toMatchObject({
      code: "not_owner",
      message:
        `OAuth client ${state.id} ("Web") belongs to auth0|emulator-admin, but the credentials from the environment are those of ` +
        "auth0|emulator-editor, who cannot see it. It is kept in the state. Use the owner's credentials.",
    });
    expect(carto.emulator.clients()).toHaveLength(1);
  },
);

test("a young client that reads do not show yet is not treated as deleted", async () => {
  carto.emulator.faults.add({ fault: "stale", forMs: 800 });
  const state = await create();
  expect(await carto.process().read("spa", state.id, state)).toEqual(state);
});

test("a young client whose reads still show what was before is read again", async () => {
  const first = carto.process();
  const state = await first.create("spa", spaInputs());
  carto.emulator.faults.add({ fault: "stale", forMs: 800 });
  const updated = await first.update("spa", state.id, state, spaInputs({ name: "New" }));
  expect((await carto.process().read("spa", state.id, updated))?.name).toBe("New");
});

test("an API that answers 404 to everything deletes nothing from the state", async () => {
  const state = { ...(await create()), createdAt: "2020-01-01T00:00:00Z", updatedAt: "2020-01-01T00:00:00Z" };
  const credentialsUrl = `${carto.emulator.url}/wrong`;
  const process = () => carto.process({ settings: { credentialsUrl } });
  const message = `Listing OAuth clients: there is no OAuth clients API at ${credentialsUrl}/credentials/oauth-clients (404). Check carto:credentialsUrl, or unset it to have it discovered. The server says: The path does not exist`;
  await expect(process().read("spa", state.id, state)).rejects.toMatchObject({ message });
  await expect(process().delete("spa", state.id, state)).rejects.toMatchObject({ message });
});
