import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import type { Client, User } from "../data/client.ts";
import type { Store } from "../data/store.ts";
import { type Answer, type Call, errorAnswer } from "../http/answer.ts";
import { mayCall } from "./cors.ts";

/** The audience of CARTO's APIs. */
export const AUDIENCE = "carto-cloud-native-api";

/** The claims of an access token, as far as they are used. */
export interface Claims {
  iss: string;
  sub: string;
  aud: string | string[];
  exp: number;
  /** The client that the token was issued to. */
  azp: string;
  scope?: string;
}

/** Who calls: the user, directly or through an M2M client of theirs. */
export interface Caller {
  user: User;
  /** The client that the token was issued to. */
  client: Client;
  claims: Claims;
}

const MAX_CACHED = 10_000;

/** Finds out whom a bearer token belongs to. A verified signature is remembered; everything else is asked each time. */
export class Access {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #issuer: string;
  readonly #key: ReturnType<typeof createPublicKey>;
  readonly #verified = new Map<string, Claims>();

  constructor(store: Store, now: () => number, issuer: string, jwk: JsonWebKey) {
    this.#store = store;
    this.#now = now;
    this.#issuer = issuer;
    this.#key = createPublicKey({ key: jwk, format: "jwk" });
  }

  /** The caller, or the 401 that says why it is not accepted. */
  caller(call: Call): { caller: Caller } | { refused: Answer } {
    const refused = (why: string) => ({
      refused: { ...errorAnswer(401, "unauthorized", why), headers: { "WWW-Authenticate": "Bearer" } },
    });
    const token = /^Bearer +([^ ]+)$/i.exec(call.headers.authorization ?? "")?.[1];
    if (token === undefined) return refused("An access token is required: Authorization: Bearer <token>");
    const claims = this.#claims(token);
    if (!claims) return refused("The access token is not one that this authority issued");
    if (claims.exp * 1000 <= this.#now()) return refused("The access token has expired");
    if (![claims.aud].flat().includes(AUDIENCE)) return refused(`The access token is not for the audience ${AUDIENCE}`);
    const client = this.#store.client(claims.azp);
    if (!client) return refused("The client of the access token was deleted");
    const { origin } = call.headers;
    if (origin !== undefined && !mayCall(client, origin))
      return refused(`The client does not allow the origin ${origin}`);
    const user = this.#store.user(client.type === "m2m" ? client.owner_id : claims.sub);
    return user ? { caller: { user, client, claims } } : refused("The user of the access token does not exist");
  }

  #claims(token: string): Claims | undefined {
    const known = this.#verified.get(token);
    if (known) return known;
    const [header = "", payload = "", signature = "", ...more] = token.split(".");
    try {
      if (more.length > 0 || decoded<{ alg: string }>(header).alg !== "RS256") return undefined;
      const signed = Buffer.from(`${header}.${payload}`);
      if (!verify("RSA-SHA256", signed, this.#key, Buffer.from(signature, "base64url"))) return undefined;
      const claims = decoded<Claims>(payload);
      if (claims.iss !== this.#issuer) return undefined;
      if (this.#verified.size >= MAX_CACHED) this.#verified.clear();
      this.#verified.set(token, claims);
      return claims;
    } catch {
      // Not a JWT at all.
      return undefined;
    }
  }
}

function decoded<T>(part: string): T {
  return JSON.parse(Buffer.from(part, "base64url").toString());
}
