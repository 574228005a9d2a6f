import { createHash } from "node:crypto";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { AppUser } from "../../harness/app-user.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { openChromium } from "../../harness/chromium.ts";
import { type SpaApp, serveSpaApp } from "../../harness/spa-app.ts";

let browser: Browser;
let app: SpaApp;
let emulator: Emulator;
let carto: CartoSession;
let context: BrowserContext;
let page: Page;
let user: AppUser;

beforeAll(async () => {
  [browser, app] = await Promise.all([openChromium(), serveSpaApp()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});
beforeEach(async () => {
  emulator = await startEmulator();
  carto = await CartoSession.open(emulator);
  context = await browser.newContext();
  page = await context.newPage();
  user = new AppUser(page, app, emulator.url);
});
afterEach(async () => {
  await context.close();
  await emulator.close();
});

async function createSpa(members: object = {}): Promise<string> {
  const login_uri = `${app.origin("one.app.localhost")}/`;
  const { body } = await carto.call("POST", CLIENTS, { type: "spa", title: "Web", login_uri, ...members });
  return body.client_id;
}

test("a user logs in, calls the API, is renewed silently and logs out", async () => {
  const clientId = await createSpa();
  await user.logIn("one.app.localhost", clientId);

  expect(await page.evaluate(() => auth0.getUser())).toMatchObject({
    sub: "auth0|emulator-editor",
    email: "editor@large.example",
  });
  expect(await user.callApi("/users/me")).toMatchObject({ status: 200, body: { user_id: "auth0|emulator-editor" } });
  expect(await user.callApi(`${CLIENTS}?type=spa`)).toMatchObject({ status: 200, body: { total: 0 } });

  const [first, second] = [await page.evaluate(() => auth0.getTokenSilently()), await user.silently()];
  expect(second).toMatch(/^[^.]+\.[^.]+\.[^.]+$/);
  expect(second).not.toBe(first);

  const home = `${app.origin("one.app.localhost")}/`;
  await Promise.all([
    page.waitForURL(home),
    page.evaluate((returnTo) => auth0.logout({ logoutParams: { returnTo } }), home),
  ]);
  await user.setUp(clientId, { redirect_uri: home });
  expect(await user.silently()).toEqual({ error: "login_required" });
});

/** Logs in by hand, without an SDK, and asks for a refresh token. */
async function tokensOf(
  clientId: string,
): Promise<{ first: string; refresh: (token: string) => Promise<TokenAnswer> }> {
  const verifier = "a-verifier-of-at-least-forty-three-characters-0123456789";
  const redirect_uri = `${app.origin("one.app.localhost")}/`;
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri,
    response_type: "code",
    scope: "openid offline_access",
    audience: "carto-cloud-native-api",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  await page.goto(`${emulator.url}/authorize?${query}`);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL(`${redirect_uri}?code=**`);
  const code = new URL(page.url()).searchParams.get("code") ?? "";
  const exchange = async (form: Record<string, string>) => {
    const body = new URLSearchParams({ client_id: clientId, ...form });
    return (await (await fetch(`${emulator.url}/oauth/token`, { method: "POST", body })).json()) as TokenAnswer;
  };
  const answer = await exchange({ grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri });
  return {
    first: answer.refresh_token,
    refresh: (refresh_token) => exchange({ grant_type: "refresh_token", refresh_token }),
  };
}
type TokenAnswer = Record<"access_token" | "refresh_token" | "error", string>;

test("refresh tokens rotate, and a used one takes the whole family with it", async () => {
  const { first, refresh } = await tokensOf(await createSpa());
  const second = await refresh(first);
  expect(second).toMatchObject({ token_type: "Bearer", expires_in: 86_400, access_token: expect.any(String) });
  expect(second.refresh_token).not.toBe(first);
  expect(await refresh(first)).toMatchObject({ error: "invalid_grant" });
  expect(await refresh(second.refresh_token)).toMatchObject({ error: "invalid_grant" });
});

test("a refresh token that was revoked, by JSON as Auth0 takes it, no longer works", async () => {
  const clientId = await createSpa();
  const { first, refresh } = await tokensOf(clientId);
  const revoked = await fetch(`${emulator.url}/oauth/revoke`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ client_id: clientId, token: first }),
  });
  expect(revoked.status).toBe(200);
  expect(await refresh(first)).toMatchObject({ error: "invalid_grant" });
});

test("a wildcard callback lets two hosts in, and no third level", async () => {
  const wildcard = `http://*.app.localhost:${app.port}`;
  const clientId = await createSpa({ callbacks: [`${wildcard}/`], web_origins: [wildcard], allowed_origins: [] });
  for (const host of ["one.app.localhost", "two.app.localhost"]) {
    await context.clearCookies();
    await user.logIn(host, clientId);
    expect(await user.callApi("/users/me")).toMatchObject({ status: 200 });
    expect(await user.silently()).toMatch(/\./);
  }
  await user.open("a.b.app.localhost", clientId);
  await user.leaveToLogIn();
  expect(await page.textContent("h1")).toBe("Callback URL mismatch");
});

test("a callback that is not allowed is refused on a page, never redirected to", async () => {
  const clientId = await createSpa();
  await user.open("one.app.localhost", clientId, { redirect_uri: `${app.origin("one.app.localhost")}/other` });
  await user.leaveToLogIn();
  expect(new URL(page.url()).origin).toBe(emulator.url);
  expect(await page.textContent("p")).toBe("The redirect_uri is not one of the Allowed Callback URLs of this client.");
});

test("a page of another origin can neither read the API nor be renewed silently", async () => {
  const callback = `${app.origin("one.app.localhost")}/`;
  const clientId = await createSpa({ callbacks: [callback, `${app.origin("two.app.localhost")}/`] });
  await user.logIn("one.app.localhost", clientId);
  const token = await page.evaluate(() => auth0.getTokenSilently());

  user = new AppUser(page, app, emulator.url, 1);
  // Its callback is allowed, so that it may call the API, but its origin may not ask for authorization.
  await user.open("two.app.localhost", clientId);
  expect(await user.silently()).toEqual({ error: "timeout" });

  await user.open("three.app.localhost", clientId);
  await page.evaluate((known) => {
    globalThis.auth0 = { getTokenSilently: () => known };
  }, token);
  expect(await user.callApi("/users/me")).toBe("blocked");
  expect(emulator.requests()).toMatchObject({ "OPTIONS /users/me": 1 });
});

test("a logout URL that is not allowed is refused, and without one the first is taken", async () => {
  const [one, two] = [`${app.origin("one.app.localhost")}/`, `${app.origin("two.app.localhost")}/bye`];
  const clientId = await createSpa({ logout_urls: [two, one] });
  const logOut = (query: object) =>
    page.goto(`${emulator.url}/v2/logout?${new URLSearchParams({ client_id: clientId, ...query })}`);
  expect((await logOut({ returnTo: "https://elsewhere.example/" }))?.status()).toBe(400);
  expect(await page.textContent("h1")).toBe("Logout URL not allowed");
  await logOut({});
  expect(page.url()).toBe(two);
  await logOut({ returnTo: `${one}?from=app#top` });
  expect(page.url()).toBe(`${one}?from=app#top`);
});

test("an OpenID logout with an ID token asks nobody and goes where it is allowed", async () => {
  const home = `${app.origin("one.app.localhost")}/`;
  const clientId = await createSpa();
  await user.logIn("one.app.localhost", clientId);
  const idToken: string = await page.evaluate(() =>
    auth0.getIdTokenClaims().then((claims: { __raw: string }) => claims.__raw),
  );
  const query = new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: home, state: "bye" });
  await page.goto(`${emulator.url}/oidc/logout?${query}`);
  await page.waitForURL(`${home}?state=bye`);
  await user.setUp(clientId, { redirect_uri: home });
  expect(await user.silently()).toEqual({ error: "login_required" });
});

test("everything of a deleted client stops at once", async () => {
  user = new AppUser(page, app, emulator.url, 1);
  const clientId = await createSpa();
  await user.logIn("one.app.localhost", clientId);
  const token = await page.evaluate(() => auth0.getTokenSilently());
  await carto.call("DELETE", `${CLIENTS}/${clientId}`);
  expect(await user.callApi("/users/me")).toBe("blocked");
  expect(await user.silently()).toEqual({ error: "timeout" });
  const response = await fetch(`${emulator.url}/users/me`, { headers: { Authorization: `Bearer ${token}` } });
  expect([response.status, await response.json()]).toMatchObject([
    401,
    { description: "The client of the access token was deleted" },
  ]);
  await user.leaveToLogIn();
  expect(await page.textContent("p")).toBe("invalid_client: client is invalid");
});
