import { createHash, createHmac, randomBytes } from "node:crypto";
import type { Store } from "./store.ts";

/** What a token may read through one connection. */
export interface Grant {
  connection_name: string;
  /** Unset: every table. */
  source?: string;
}

/** What an API Access Token may do. */
export interface TokenMembers {
  name: string;
  grants: Grant[];
  referers: string[];
  allowed_apis: string[];
  /** RFC 3339; unset: never. */
  expiration_date?: string;
}

/** A token as it is stored. */
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

  /** The tokens as they are now, in memory. */
  snapshot(): TokenStore {
    return new TokenStore(this.#store.snapshot(), this.#key, this.#now);
  }

  create(ownerId: string, accountId: string, wanted: Omit<TokenMembers, "name"> & { name?: string }): ApiToken {
    const jti = randomBytes(8).toString("hex");
    const header = encoded({ alg: "HS256" });
    const payload = encoded({ a: accountId, jti });
    const signature = createHmac("sha256", this.#key).update(`${header}.${payload}`).digest("base64url");
    const token = `${header}.${payload}.${signature}`;
    const time = new Date(this.#now()).toISOString();
    const members = { ...wanted, name: wanted.name ?? `tk_${jti.slice(0, 8)}` };
    this.#store.run("INSERT INTO api_tokens VALUES (?, ?, ?, ?)", token, ownerId, time, JSON.stringify(members));
    return { token, owner_id: ownerId, created_at: time, ...members };
  }

  find(token: string): ApiToken | undefined {
    const row = this.#store.one<Row>("SELECT * FROM api_tokens WHERE token = ?", token);
    return row && fromRow(row);
  }

  /** The token of a user that has this name. */
  named(ownerId: string, name: string): ApiToken | undefined {
    const row = this.#store.one<Row>(
      "SELECT * FROM api_tokens WHERE owner_id = ? AND json_extract(members, '$.name') = ?",
      ownerId,
      name,
    );
    return row && fromRow(row);
  }

  /** The token of a user by what {@link idOf} says. */
  byId(ownerId: string, id: string): ApiToken | undefined {
    return this.of(ownerId).find(({ token }) => idOf(token) === id);
  }

  of(ownerId: string): ApiToken[] {
    return this.#store
      .all<Row>("SELECT * FROM api_tokens WHERE owner_id = ? ORDER BY created_at, rowid", ownerId)
      .map(fromRow);
  }

  /** All tokens of all users, oldest first. */
  all(): ApiToken[] {
    return this.#store.all<Row>("SELECT * FROM api_tokens ORDER BY created_at, rowid").map(fromRow);
  }

  update(token: ApiToken, patch: Partial<TokenMembers>): ApiToken {
    const { token: value, owner_id, created_at, ...members } = { ...token, ...patch };
    this.#store.run("UPDATE api_tokens SET members = ? WHERE token = ?", JSON.stringify(members), value);
    return { token: value, owner_id, created_at, ...members };
  }

  /** Whether there is such a token. */
  give(token: string, ownerId: string): boolean {
    return this.#store.run("UPDATE api_tokens SET owner_id = ? WHERE token = ?", ownerId, token) > 0;
  }

  delete(token: string): void {
    this.#store.run("DELETE FROM api_tokens WHERE token = ?", token);
  }
}

/** Names a token where the token itself may not be written: in paths of pages, and in what the emulator reports. */
export function idOf(token: string): string {
  return `tok_${createHash("sha256").update(token).digest("hex").slice(0, 16)}`;
}

/** The token as it may be shown. */
export function withoutToken({ token, ...members }: ApiToken): Omit<ApiToken, "token"> & { id: string } {
  return { id: idOf(token), ...members };
}

function fromRow({ token, owner_id, created_at, members }: Row): ApiToken {
  const parsed: TokenMembers = JSON.parse(members);
  return { token, owner_id, created_at, ...parsed };
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
