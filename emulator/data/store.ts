import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, openSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { UrlList } from "../url/rules.ts";
import type { Client, NewClient, User } from "./client.ts";

/** What an idempotency key led to. */
export interface KeyUse {
  body_hash: string;
  client_id: string;
  created_at: number;
}

// `members` holds what only spa clients have; the columns are what queries need.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS organizations (organization_id TEXT PRIMARY KEY, organization TEXT NOT NULL, plan TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS users (user_id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations);
  CREATE TABLE IF NOT EXISTS clients (client_id TEXT PRIMARY KEY, type TEXT NOT NULL, title TEXT NOT NULL, members TEXT NOT NULL,
    client_secret TEXT NOT NULL, owner_id TEXT NOT NULL REFERENCES users, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
    seeded INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS clients_of_owner ON clients (owner_id, created_at, client_id);
  CREATE TABLE IF NOT EXISTS idempotency_keys (owner_id TEXT NOT NULL, key TEXT NOT NULL, body_hash TEXT NOT NULL,
    client_id TEXT NOT NULL REFERENCES clients ON DELETE CASCADE, created_at INTEGER NOT NULL, PRIMARY KEY (owner_id, key));
  CREATE INDEX IF NOT EXISTS keys_of_client ON idempotency_keys (client_id);
  CREATE TABLE IF NOT EXISTS api_tokens (token TEXT PRIMARY KEY, owner_id TEXT NOT NULL REFERENCES users, created_at TEXT NOT NULL,
    members TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS api_tokens_name ON api_tokens (owner_id, json_extract(members, '$.name'));
  CREATE TABLE IF NOT EXISTS group_members (name TEXT NOT NULL, user_id TEXT NOT NULL REFERENCES users, PRIMARY KEY (name, user_id));
  CREATE TABLE IF NOT EXISTS applications (application_id TEXT PRIMARY KEY, owner_id TEXT NOT NULL REFERENCES users,
    organization_id TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, members TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS application_keys (owner_id TEXT NOT NULL, key TEXT NOT NULL, body_hash TEXT NOT NULL,
    application_id TEXT NOT NULL REFERENCES applications ON DELETE CASCADE, created_at INTEGER NOT NULL, PRIMARY KEY (owner_id, key));
  CREATE TABLE IF NOT EXISTS signing_keys (jwk TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS authority (model TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, uid TEXT, grant_id TEXT,
    expires_at INTEGER, PRIMARY KEY (model, id));
  CREATE INDEX IF NOT EXISTS authority_uid ON authority (uid);
  CREATE INDEX IF NOT EXISTS authority_grant ON authority (grant_id);
`;

/** All of the emulator's data, in one SQLite database. What a call returns for is committed. */
export class Store {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #now: () => number;

  /**
   * @param path a file, or `:memory:`
   * @param now milliseconds since the epoch
   */
  constructor(path: string, now: () => number) {
    // It contains secrets and keys. SQLite gives the files next to it the same mode.
    if (path !== ":memory:") {
      closeSync(openSync(path, "a", 0o600));
      chmodSync(path, 0o600);
    }
    this.#db = new DatabaseSync(path);
    this.#now = now;
    // NORMAL keeps every commit when the process is killed; only a power cut could lose the last ones.
    this.#db.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000",
    );
    this.#db.exec(SCHEMA);
  }

  close(): void {
    this.#db.close();
  }

  /** The organizations, users, clients and API Access Tokens as they are now, in memory. */
  snapshot(): Store {
    const copy = new Store(":memory:", this.#now);
    for (const table of ["organizations", "users", "clients", "api_tokens"]) {
      for (const row of this.all<Record<string, string | number>>(`SELECT * FROM ${table}`)) {
        const values = Object.values(row);
        copy.run(`INSERT INTO ${table} VALUES (${values.map(() => "?").join(", ")})`, ...values);
      }
    }
    return copy;
  }

  /** One row, or `undefined`; statements are prepared once. */
  one<Row>(sql: string, ...values: (string | number | null)[]): Row | undefined {
    return this.#prepared(sql).get(...values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: (string | number | null)[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[];
  }

  /** Number of changed rows. */
  run(sql: string, ...values: (string | number | null)[]): number {
    return Number(this.#prepared(sql).run(...values).changes);
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** All of the work's changes, or none. */
  transaction<T>(work: () => T): T {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  users(): User[] {
    return this.all("SELECT * FROM users JOIN organizations USING (organization_id) ORDER BY organization_id, user_id");
  }

  user(userId: string): User | undefined {
    return this.one("SELECT * FROM users JOIN organizations USING (organization_id) WHERE user_id = ?", userId);
  }

  client(clientId: string): Client | undefined {
    const row = this.one<Row>("SELECT * FROM clients WHERE client_id = ?", clientId);
    return row && fromRow(row);
  }

  /** A page of a user's clients, oldest first, and how many there are. */
  clientsOf(ownerId: string, type: string | null, limit: number, offset: number): { clients: Client[]; total: number } {
    const where = "WHERE owner_id = ?1 AND (?2 IS NULL OR type = ?2)";
    const rows = this.all<Row>(
      `SELECT * FROM clients ${where} ORDER BY created_at, client_id LIMIT ?3 OFFSET ?4`,
      ownerId,
      type,
      limit,
      Math.min(offset, Number.MAX_SAFE_INTEGER),
    );
    const count = this.one<{ total: number }>(`SELECT count(*) AS total FROM clients ${where}`, ownerId, type);
    return { clients: rows.map(fromRow), total: count?.total ?? 0 };
  }

  spaClients(): Client[] {
    return this.all<Row>("SELECT * FROM clients WHERE type = 'spa'").map(fromRow);
  }

  /** All clients that are not seed data, oldest first. */
  createdClients(): Client[] {
    return this.all<Row>("SELECT * FROM clients WHERE seeded = 0 ORDER BY created_at, client_id").map(fromRow);
  }

  /** Creates the client and remembers its idempotency key, both or neither. */
  create(ownerId: string, wanted: NewClient, key?: { value: string; body_hash: string }): Client {
    const { type, title, ...members } = wanted;
    const clientId = identifier(32);
    const time = new Date(this.#now()).toISOString();
    return this.transaction(() => {
      this.run(
        "INSERT INTO clients (client_id, type, title, members, client_secret, owner_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        clientId,
        type,
        title,
        JSON.stringify(members),
        identifier(64),
        ownerId,
        time,
        time,
      );
      if (key) {
        this.run(
          "INSERT OR REPLACE INTO idempotency_keys (owner_id, key, body_hash, client_id, created_at) VALUES (?, ?, ?, ?, ?)",
          ownerId,
          key.value,
          key.body_hash,
          clientId,
          this.#now(),
        );
      }
      return this.existing(clientId);
    });
  }

  update(client: Client, patch: Partial<NewClient>): Client {
    const { type, title, login_uri, callbacks, logout_urls, web_origins, allowed_origins } = { ...client, ...patch };
    const members = type === "spa" ? { login_uri, callbacks, logout_urls, web_origins, allowed_origins } : {};
    // Later than before even within one millisecond: readers compare it.
    const time = Math.max(this.#now(), Date.parse(client.updated_at) + 1);
    this.run(
      "UPDATE clients SET title = ?, members = ?, updated_at = ? WHERE client_id = ?",
      title,
      JSON.stringify(members),
      new Date(time).toISOString(),
      client.client_id,
    );
    return this.existing(client.client_id);
  }

  /** Whether there is such a client. Its idempotency keys stay with the one who created it. */
  give(clientId: string, ownerId: string): boolean {
    return this.run("UPDATE clients SET owner_id = ? WHERE client_id = ?", ownerId, clientId) > 0;
  }

  delete(clientId: string): void {
    this.run("DELETE FROM clients WHERE client_id = ?", clientId);
  }

  /** As the one before, for an ID that is known to be there. */
  existing(clientId: string): Client {
    const client = this.client(clientId);
    if (client === undefined) throw new Error(`There is no client ${clientId}.`);
    return client;
  }

  keyUse(ownerId: string, key: string): KeyUse | undefined {
    return this.one("SELECT * FROM idempotency_keys WHERE owner_id = ? AND key = ?", ownerId, key);
  }
}

type Row = Omit<Client, "login_uri" | UrlList> & { members: string };

function fromRow({ client_id, type, title, members, client_secret, owner_id, created_at, updated_at }: Row): Client {
  const urls: Pick<Client, "login_uri" | UrlList> = JSON.parse(members);
  return { client_id, type, title, ...urls, client_secret, owner_id, created_at, updated_at };
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function identifier(length: number): string {
  return Array.from(randomBytes(length), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}
