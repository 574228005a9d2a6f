import { createHash, generateKeyPair, type JsonWebKey } from "node:crypto";
import { promisify } from "node:util";
import Provider, { type Configuration, errors, type JWK } from "oidc-provider";
import { AUDIENCE } from "../api/access.ts";
import { mayCall } from "../api/cors.ts";
import type { Store } from "../data/store.ts";
import { callbackMatches, logoutMatches } from "../url/match.ts";
import { authorityAdapter } from "./adapter.ts";
import { errorPage, loggedOutPage, logoutForm } from "./pages.ts";
import { userClaims } from "./userinfo.ts";

/** None, or the session would not be there in the frame of a silent authentication. */
export const SESSION_COOKIE = { httpOnly: true, sameSite: "none", secure: true } as const;

/** A second audience that tokens may be asked for, so that one can be refused by CARTO's APIs. */
export const OTHER_AUDIENCE = "emulator-other-api";

// oidc-provider wants resource indicators to be URIs; Auth0's audiences need not be.
const RESOURCE_PREFIX = "urn:audience:";
const SCOPES = ["openid", "profile", "email", "offline_access"];
const AUDIENCES = [AUDIENCE, OTHER_AUDIENCE];

/** The resource indicator that stands for an Auth0 audience. */
export function resourceOf(audience: string): string {
  return RESOURCE_PREFIX + encodeURIComponent(audience);
}

export function isKnownAudience(audience: string): boolean {
  return AUDIENCES.includes(audience);
}

let generated: Promise<JsonWebKey> | undefined;

/** Once per process: it takes longer than everything else at start. */
function generatedKey(): Promise<JsonWebKey> {
  generated ??= promisify(generateKeyPair)("rsa", { modulusLength: 2048 }).then(({ privateKey }) => ({
    ...privateKey.export({ format: "jwk" }),
    alg: "RS256",
    use: "sig",
  }));
  return generated;
}

/** The signing key of this store, kept in it: tokens outlive a restart. */
export async function signingKey(store: Store): Promise<JsonWebKey> {
  const stored = store.one<{ jwk: string }>("SELECT jwk FROM signing_keys");
  if (stored) return JSON.parse(stored.jwk) as JsonWebKey;
  const jwk = await generatedKey();
  store.run("INSERT INTO signing_keys VALUES (?)", JSON.stringify(jwk));
  return jwk;
}

/** What differs between Auth0, on which CARTO runs, and oidc-provider is adapted here. */
export function createAuthority(store: Store, issuer: string, jwk: JsonWebKey, tokenLifetimeSeconds: number): Provider {
  const configuration: Configuration = {
    adapter: authorityAdapter(store),
    jwks: { keys: [jwk as JWK] },
    routes: {
      authorization: "/authorize",
      token: "/oauth/token",
      jwks: "/.well-known/jwks.json",
      userinfo: "/userinfo",
      revocation: "/oauth/revoke",
      end_session: "/oidc/logout",
    },
    scopes: SCOPES,
    claims: { openid: ["sub"], profile: ["name", "nickname"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    clientAuthMethods: ["client_secret_post", "client_secret_basic", "none"],
    responseTypes: ["code"],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      webMessageResponseMode: { enabled: true, ack: "individual-draft-01" },
      rpInitiatedLogout: {
        enabled: true,
        // Auth0 asks only where no ID token shows who wants to log out.
        logoutSource: logoutForm,
        postLogoutSuccessSource: (ctx) => {
          const { headers, body } = loggedOutPage();
          ctx.set(headers ?? {});
          ctx.body = body;
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resourceOf(AUDIENCE),
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          const audience = AUDIENCES.find((known) => resourceOf(known) === resource);
          if (audience === undefined) throw new errors.InvalidTarget("no API has this audience");
          return {
            scope: SCOPES.join(" "),
            audience,
            accessTokenFormat: "jwt",
            accessTokenTTL: tokenLifetimeSeconds,
            jwt: { sign: { alg: "RS256" } },
          };
        },
      },
    },
    formats: {
      customizers: {
        // Auth0's claims: azp for the client, and for client credentials the subject is the client itself.
        jwt: (_ctx, token, jwt) => {
          const { client_id, ...claims } = jwt.payload;
          const machine = token.kind === "ClientCredentials";
          jwt.payload = {
            ...claims,
            azp: client_id,
            ...(machine ? { sub: `${client_id}@clients`, gty: "client-credentials" } : {}),
          };
        },
      },
    },
    ttl: {
      AccessToken: tokenLifetimeSeconds,
      ClientCredentials: tokenLifetimeSeconds,
      AuthorizationCode: 60,
      IdToken: tokenLifetimeSeconds,
      RefreshToken: 30 * 24 * 60 * 60,
      Interaction: 60 * 60,
      Session: 3 * 24 * 60 * 60,
      Grant: 30 * 24 * 60 * 60,
    },
    pkce: { required: () => true },
    clientBasedCORS: (_ctx, origin, { clientId }) => {
      const client = store.client(clientId);
      return client !== undefined && mayCall(client, origin);
    },
    renderError: (ctx, out) => {
      const { status, headers, body } = errorPage(out);
      ctx.status = status;
      ctx.set(headers ?? {});
      ctx.body = body;
    },
    interactions: { url: (_ctx, interaction) => `/u/login/${interaction.uid}` },
    // First-party applications are not asked for consent.
    loadExistingGrant: async (ctx) => {
      const { client, session, provider } = ctx.oidc;
      if (!client || !session?.accountId) return undefined;
      const known = session.grantIdFor(client.clientId);
      const grant =
        (known && (await provider.Grant.find(known))) ||
        new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope(SCOPES.join(" "));
      for (const audience of AUDIENCES) grant.addResourceScope(resourceOf(audience), SCOPES.join(" "));
      await grant.save();
      return grant;
    },
    rotateRefreshToken: true,
    findAccount: (_ctx, id) => {
      const user = store.user(id);
      return (
        user && {
          accountId: id,
          claims: async (_use: string, scope: string) => ({ ...userClaims(user, scope), sub: id }),
        }
      );
    },
    cookies: {
      keys: [
        createHash("sha256")
          .update(jwk.d ?? "")
          .digest("base64url"),
      ],
      long: SESSION_COOKIE,
      short: { httpOnly: true, sameSite: "lax", secure: false },
    },
  };
  const provider = new Provider(issuer, configuration);
  // Browsers take Secure cookies from loopback without TLS; koa would not send them.
  Object.defineProperty(provider.request, "secure", { value: true });
  // Its errors are told by the log, not by koa on the console.
  provider.silent = true;
  type Urls = { redirectUris: string[]; postLogoutRedirectUris: string[] };
  Object.assign(provider.Client.prototype, {
    redirectUriAllowed(this: Urls, url: string) {
      return this.redirectUris.some((allowed) => callbackMatches(allowed, url));
    },
    postLogoutRedirectUriAllowed(this: Urls, url: string) {
      return this.postLogoutRedirectUris.some((allowed) => logoutMatches(allowed, url));
    },
  });
  return provider;
}
