import { expect, test } from "vitest";
import { VirtualClock } from "../../harness/virtual-clock.ts";
import { AUTH, CLIENTS, TenantFixture } from "./tenant-fixture.ts";

const EMPTY = { data: [], page: 1, page_size: 100, total: 0 };
const LIST = `${CLIENTS}?page=1&page_size=100`;
const list = async (carto: TenantFixture) => (await carto.tenant.api()).list();
const onToken = (carto: TenantFixture) => carto.agent.get(AUTH).intercept({ path: "/oauth/token", method: "POST" });

test("calls side by side share one exchange, sent as a form with the audience", async () => {
  await using carto = new TenantFixture();
  let form = "";
  onToken(carto).reply(200, ({ body }) => {
    form = String(body);
    return { access_token: "token-1", token_type: "Bearer", expires_in: 86_400 };
  });
  carto.on("GET", LIST).reply(200, EMPTY).times(3);
  await Promise.all([list(carto), list(carto), list(carto)]);
  expect(form).toBe(
    "grant_type=client_credentials&client_id=manager&client_secret=s3cret&audience=carto-cloud-native-api",
  );
});

test.each([
  ["a minute before it expires", 86_400, 86_339, 86_341],
  ["at half of a life shorter than two minutes", 30, 14, 16],
])("a token is renewed %s", async (_when, lifetime, before, after) => {
  await using carto = new TenantFixture();
  carto.token("token-1", lifetime);
  carto.token("token-2", lifetime);
  const start = carto.clock.now();
  for (const [seconds, token] of [
    [0, "token-1"],
    [before, "token-1"],
    [after, "token-2"],
  ] as const) {
    carto.clock.time = start + seconds * 1000;
    carto.on("GET", LIST, token).reply(200, EMPTY);
    await list(carto);
  }
  carto.agent.assertNoPendingInterceptors();
});

test("a refused token (401) is renewed once, for all who were refused", async () => {
  await using carto = new TenantFixture();
  carto.token("token-1");
  carto.token("token-2");
  carto.on("GET", LIST, "token-1").reply(401, { error: "unauthorized", status: 401 }).times(2);
  carto.on("GET", LIST, "token-2").reply(200, EMPTY).times(2);
  await Promise.all([list(carto), list(carto)]);
  carto.agent.assertNoPendingInterceptors();
});

test("a renewed token that is refused again ends it", async () => {
  await using carto = new TenantFixture();
  carto.token("token-1");
  carto.token("token-2");
  carto.on("GET", LIST, "token-1").reply(401, {});
  carto.on("GET", LIST, "token-2").reply(401, {});
  await expect(list(carto)).rejects.toMatchObject({
    code: "unauthorized",
    message:
      'Listing OAuth clients: the access token was refused (401). Check that it has not expired and that its audience is "carto-cloud-native-api".',
  });
});

test("a token that was given is not renewed", async () => {
  await using carto = new TenantFixture({ clientId: "", clientSecret: "", accessToken: "given" });
  carto.on("GET", LIST, "given").reply(401, {});
  await expect(list(carto)).rejects.toMatchObject({ code: "unauthorized" });
});

test("refused credentials are named without the secret, and not tried again for every client", async () => {
  await using carto = new TenantFixture();
  onToken(carto).reply(401, { error: "access_denied", error_description: "s3cret is wrong" });
  const message =
    "The M2M OAuth client manager from the provider's arguments or stack configuration was refused an access token by https://auth.example.com " +
    '(401, access_denied: *** is wrong). Check the client ID, the client secret and the audience "carto-cloud-native-api".';
  await expect(list(carto)).rejects.toMatchObject({ code: "unauthorized", status: 401, message });
  await expect(list(carto)).rejects.toMatchObject({ code: "unauthorized", message });
});

test("an authority that was only unreachable is asked again", async () => {
  await using carto = new TenantFixture();
  onToken(carto)
    .replyWithError(Object.assign(new Error(), { code: "ENOTFOUND" }))
    .times(5);
  await expect(list(carto)).rejects.toMatchObject({ code: "unreachable" });
  carto.token();
  carto.on("GET", LIST).reply(200, EMPTY);
  expect(await list(carto)).toEqual([]);
});

test("an answer without a token says that the URL may be wrong", async () => {
  await using carto = new TenantFixture();
  onToken(carto).reply(200, { hello: "world" });
  await expect(list(carto)).rejects.toMatchObject({
    code: "unexpected_answer",
    message:
      "https://auth.example.com/oauth/token answered 200 without an access token. Check that carto:authUrl is CARTO's OAuth authority.",
  });
});

test("a missing token endpoint is not mistaken for wrong credentials", async () => {
  await using carto = new TenantFixture();
  onToken(carto).reply(404, "<html>");
  await expect(list(carto)).rejects.toMatchObject({
    code: "unexpected_answer",
    status: 404,
    message:
      "https://auth.example.com/oauth/token does not exchange credentials for an access token (404). Check that carto:authUrl is CARTO's OAuth authority.",
  });
});

test("a token that expires while calls wait for their turn is renewed before they go out", async () => {
  const clock = new VirtualClock();
  await using carto = new TenantFixture({ requestsPerSecond: "1" }, clock);
  for (let exchange = 1; exchange <= 20; exchange++) carto.token(`token-${exchange}`, 4);
  const used: string[] = [];
  carto.agent
    .get("https://workspace.example.com")
    .intercept({ path: LIST, method: "GET" })
    .reply(200, ({ headers }) => {
      used.push(new Headers(headers as Record<string, string>).get("authorization") ?? "");
      return EMPTY;
    })
    .persist();
  await clock.run(Promise.all(Array.from({ length: 12 }, () => list(carto))));
  expect(used).toHaveLength(12);
  expect(new Set(used).size).toBeGreaterThan(4);
});
