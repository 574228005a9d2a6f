import { generateKeyPair, type JsonWebKey } from "node:crypto";
import { promisify } from "node:util";
import Provider from "oidc-provider";
import type { Store } from "../data/store.ts";
import { callbackMatches, logoutMatches } from "../url/match.ts";
import { authorityConfiguration } from "./configuration.ts";

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

/** The signing key of this store, which is kept in it: tokens outlive a restart. */
export async function signingKey(store: Store): Promise<JsonWebKey> {
  const stored = store.one<{ jwk: string }>("SELECT jwk FROM signing_keys");
  if (stored) return JSON.parse(stored.jwk);
  const jwk = await generatedKey();
  store.run("INSERT INTO signing_keys VALUES (?)", JSON.stringify(jwk));
  return jwk;
}

/** The OAuth authority as Auth0 would answer for CARTO. */
export function createAuthority(store: Store, issuer: string, jwk: JsonWebKey, tokenLifetimeSeconds: number): Provider {
  const provider = new Provider(issuer, authorityConfiguration(store, jwk, tokenLifetimeSeconds));
  // Browsers take Secure cookies from loopback without TLS; koa would not send them.
  Object.defineProperty(provider.request, "secure", { value: true });
  // Its errors go to the log, not through koa to the console.
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
