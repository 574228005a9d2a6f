import { get } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AUDIENCE, type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";

let emulator: Emulator;
let client: { client_id: string; client_secret: string };

beforeEach(async () => {
  emulator = await startEmulator();
  const carto = await CartoSession.open(emulator);
  client = (await carto.call("POST", CLIENTS, { type: "m2m", title: "Job" })).body;
});
afterEach(() => emulator.close());

async function expectCartoToken(token: string): Promise<void> {
  const keys = createRemoteJWKSet(new URL(`${emulator.url}/.well-known/jwks.json`));
  const { payload, protectedHeader } = await jwtVerify(token, keys, { issuer: `${emulator.url}/`, audience: AUDIENCE });
  expect(protectedHeader.alg).toBe("RS256");
  expect(payload).toMatchObject({
    sub: `${client.client_id}@clients`,
    azp: client.client_id,
    gty: "client-credentials",
  });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(86_400);
}

test.each([
  ["in the body", openid.ClientSecretPost],
  ["by Basic authentication", openid.ClientSecretBasic],
])("openid-client discovers the authority and gets an M2M token with the secret %s", async (_how, authentication) => {
  const configuration = await openid.discovery(
    new URL(emulator.url),
    client.client_id,
    undefined,
    authentication(client.client_secret),
    { execute: [openid.allowInsecureRequests] },
  );
  expect(configuration.serverMetadata().issuer).toBe(`${emulator.url}/`);
  const tokens = await openid.clientCredentialsGrant(configuration, { audience: AUDIENCE });
  expect(tokens.expires_in).toBe(86_400);
  await expectCartoToken(tokens.access_token);
});

test("oauth4webapi discovers the authority and gets an M2M token", async () => {
  const issuer = new URL(`${emulator.url}/`);
  const insecure = { [oauth.allowInsecureRequests]: true };
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    { client_id: client.client_id },
    oauth.ClientSecretPost(client.client_secret),
    { audience: AUDIENCE },
    insecure,
  );
  const tokens = await oauth.processClientCredentialsResponse(server, { client_id: client.client_id }, response);
  expect(tokens.token_type).toBe("bearer");
  await expectCartoToken(tokens.access_token);
});

async function askForToken(body: object | string): Promise<{ status: number; body: Record<string, string> }> {
  const response = await fetch(`${emulator.url}/oauth/token`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

test("a token request may be JSON, as Auth0 takes it", async () => {
  const { client_id, client_secret } = client;
  const { status, body } = await askForToken({
    grant_type: "client_credentials",
    client_id,
    client_secret,
    audience: AUDIENCE,
  });
  expect(status).toBe(200);
  await expectCartoToken(body.access_token ?? "");
});

test.each<[string, object | string, number, string]>([
  ["a wrong secret", { client_secret: "wrong" }, 401, "invalid_client: client authentication failed"],
  ["an unknown client", { client_id: "nobody" }, 401, "invalid_client: client authentication failed"],
  ["an unknown audience", { audience: "x" }, 403, "access_denied: Service not enabled within domain: x"],
  ["no audience", { audience: undefined }, 403, "access_denied: No audience parameter was provided"],
  [
    "a grant it does not have",
    { grant_type: "password" },
    400,
    "unsupported_grant_type: unsupported grant_type requested",
  ],
  ["broken JSON", "{", 400, "invalid_request: The body is neither a form nor a JSON object"],
])("a token request with %s is refused", async (_what, change, status, message) => {
  const { client_id, client_secret } = client;
  const request = { grant_type: "client_credentials", client_id, client_secret, audience: AUDIENCE };
  const refused = await askForToken(typeof change === "string" ? change : { ...request, ...change });
  expect([refused.status, `${refused.body.error}: ${refused.body.error_description}`]).toEqual([status, message]);
});

test("userinfo is for users: the token of a machine is refused", async () => {
  const carto = await CartoSession.open(emulator);
  const { status, body } = await carto.call("GET", "/userinfo");
  expect([status, body.error]).toEqual([403, "insufficient_scope"]);
  const nobody = await fetch(`${emulator.url}/userinfo`);
  expect([nobody.status, nobody.headers.get("www-authenticate")]).toEqual([401, 'Bearer error="invalid_token"']);
});

test("a host name that is not loopback is refused, so that no site can rebind its name to the emulator", async () => {
  const status = await new Promise((resolve, reject) =>
    get(`${emulator.url}/config.yaml`, { headers: { Host: "attacker.example" } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject),
  );
  expect(status).toBe(403);
});

test("a request target that is not a URL is refused, and the emulator continues", async () => {
  const { hostname, port } = new URL(emulator.url);
  const status = await new Promise((resolve, reject) =>
    get({ hostname, port, path: "//" }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject),
  );
  expect(status).toBe(400);
  expect((await fetch(`${emulator.url}/config.yaml`)).status).toBe(200);
});
