import { createHmac, randomBytes } from "node:crypto";
import type { Store } from "./store.ts";

/** What an API Access Token may do. */
export interface TokenMembers {
  name?: string;
  grants: { connection_name: string; source: string }[];
  referers: string[];
  allowed_apis: string[];
  /** RFC 3339; unset: never. */
  expiration_date?: string;
}

export interface ApiToken extends TokenMembers {
  token: string;
  owner_id: string;
  created_at: string;
}

interface Row {
  token: string;
  owner_id: string;
  created_at: string;
  members: string;
}

/** The API Access Tokens, which belong to users and outlive clients. */
export class TokenStore {
  readonly #store: Store;
  readonly #key: string;
  readonly #now: () => number;

  constructor(store: Store, key: string, now: () => number) {
    this.#store = store;
    this.#key = key;
    this.#now = now;
  }

  create(ownerId: string, accountId: string, members: TokenMembers): ApiToken {
    const header = encoded({ alg: "HS256" });
    const payload = encoded({ a: accountId, jti: randomBytes(8).toString("hex") });
    const signature = createHmac("sha256", this.#key).update(`${header}.${payload}`).digest("base64url");
    const token = `${header}.${payload}.${signature}`;
    const time = new Date(this.#now()).toISOString();
    this.#store.run("INSERT INTO api_tokens VALUES (?, ?, ?, ?)", token, ownerId, time, JSON.stringify(members));
    return { token, owner_id: ownerId, created_at: time, ...members };
  }

  find(token: string): ApiToken | undefined {
    const row = this.#store.one<Row>("SELECT * FROM api_tokens WHERE token = ?", token);
    return row && fromRow(row);
  }

  of(ownerId: string): ApiToken[] {
    return this.#store
      .all<Row>("SELECT * FROM api_tokens WHERE owner_id = ? ORDER BY created_at, token", ownerId)
      .map(fromRow);
  }

  update(token: ApiToken, patch: Partial<TokenMembers>): ApiToken {
    const { token: id, owner_id, created_at, ...members } = { ...token, ...patch };
    this.#store.run("UPDATE api_tokens SET members = ? WHERE token = ?", JSON.stringify(members), id);
    return { token: id, owner_id, created_at, ...members };
  }

  delete(token: string): void {
    this.#store.run("DELETE FROM api_tokens WHERE token = ?", token);
  }
}

function fromRow({ members, ...row }: Row): ApiToken {
  return { ...row, ...(JSON.parse(members) as TokenMembers) };
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
