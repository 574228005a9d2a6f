import { createHash, type JsonWebKey } from "node:crypto";
import { type Configuration, errors, type JWK, type KoaContextWithOIDC } from "oidc-provider";
import { AUDIENCE } from "../api/access.ts";
import { mayCall } from "../api/cors.ts";
import type { Store } from "../data/store.ts";
import { authorityAdapter } from "./adapter.ts";
import { AUDIENCES, resourceOf, SCOPES } from "./audiences.ts";
import { errorPage, loggedOutPage, logoutForm } from "./pages.ts";
import { userClaims } from "./userinfo.ts";

/** None, or the session would not be there in the frame of a silent authentication. */
export const SESSION_COOKIE = { httpOnly: true, sameSite: "none", secure: true } as const;

/** Configures oidc-provider to behave like Auth0, on which CARTO runs. */
export function authorityConfiguration(store: Store, jwk: JsonWebKey, tokenLifetimeSeconds: number): Configuration {
  return {
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
    features: features(tokenLifetimeSeconds),
    formats: { customizers: { jwt: withAuth0Claims } },
    ttl: lifetimes(tokenLifetimeSeconds),
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
    loadExistingGrant: firstPartyGrant,
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
}

function features(tokenLifetimeSeconds: number): NonNullable<Configuration["features"]> {
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    webMessageResponseMode: { enabled: true, ack: "individual-draft-01" },
    rpInitiatedLogout: {
      enabled: true,
      // Auth0 asks only if no ID token shows who is logging out.
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
  };
}

type JwtFormat = NonNullable<NonNullable<NonNullable<Configuration["formats"]>["customizers"]>["jwt"]>;

/** Auth0's claims: azp for the client, and for client credentials the subject is the client itself. */
const withAuth0Claims: JwtFormat = (_ctx, token, jwt) => {
  const { client_id, ...claims } = jwt.payload;
  const machine = token.kind === "ClientCredentials";
  jwt.payload = {
    ...claims,
    azp: client_id,
    ...(machine ? { sub: `${client_id}@clients`, gty: "client-credentials" } : {}),
  };
};

function lifetimes(tokenLifetimeSeconds: number): NonNullable<Configuration["ttl"]> {
  return {
    AccessToken: tokenLifetimeSeconds,
    ClientCredentials: tokenLifetimeSeconds,
    AuthorizationCode: 60,
    IdToken: tokenLifetimeSeconds,
    RefreshToken: 30 * 24 * 60 * 60,
    Interaction: 60 * 60,
    Session: 3 * 24 * 60 * 60,
    Grant: 30 * 24 * 60 * 60,
  };
}

/** First-party applications are not asked for consent. */
async function firstPartyGrant(ctx: KoaContextWithOIDC) {
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
}
