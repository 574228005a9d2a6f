import { Access, type Caller } from "./access.ts";
import { accountsApi } from "./accounts.ts";
import { type Answer, type Call, invalid } from "./answer.ts";
import { createAuthority, signingKey } from "./authority.ts";
import { replayed, translated } from "./authority-requests.ts";
import { credentialsApi } from "./credentials-api.ts";
import { logIn, loginPage } from "./login-page.ts";
import { RequestLog } from "./request-log.ts";
import { emulatorEnv, type Identity, seed } from "./seed.ts";
import { type Handler, listen, type Routes } from "./server.ts";
import { type Client, Store, withoutSecret } from "./store.ts";

export { AUDIENCE } from "./access.ts";
export { OTHER_AUDIENCE } from "./authority.ts";
export { emulatorEnv, IDENTITIES, type Identity } from "./seed.ts";

export interface EmulatorOptions {
  /** Port on 127.0.0.1. Unset: 0, any free one. */
  port?: number;
  /** SQLite file; what was acknowledged survives `kill -9`. Unset: in memory. */
  db?: string;
  /** Takes one line per request: method, route, status, time; never a secret, query or body. Unset: nobody. */
  log?: (line: string) => void;
  /** Milliseconds since the epoch; decides creation times, expiry of tokens and idempotency keys. Unset: the clock. */
  now?: () => number;
  /** Lifetime of access tokens in seconds. Unset: 86400, as CARTO's. */
  tokenLifetimeSeconds?: number;
}

/** An OAuth client as the credentials API lists it: never with its secret. */
export type ListedClient = Omit<Client, "client_secret">;

export interface Emulator {
  /** `http://127.0.0.1:<port>`: accounts, authority and page; the APIs are at `/api` and `/workspace-api`. */
  url: string;
  /** The `CARTO_*` variables of a program that logs in as the admin of Emulator Large. */
  env: Record<string, string>;
  /** The same for another seeded identity. */
  envFor(identity: Identity): Record<string, string>;
  /** All clients of all users except the seeded management clients, oldest first. */
  clients(): ListedClient[];
  /** Calls since the start or the last `resetRequests`, by route, e.g. `POST /workspace-api/credentials/oauth-clients`. */
  requests(): Record<string, number>;
  resetRequests(): void;
  /** Ends open connections and frees the port; with a file, the data stays. */
  close(): Promise<void>;
}

/**
 * Starts a local CARTO: credentials API, accounts, discovery, OAuth authority, on loopback only.
 *
 * @throws Error When the port is taken or the database file cannot be opened.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, db = ":memory:", log = () => {}, now = Date.now, tokenLifetimeSeconds = 86_400 } = options;
  const store = new Store(db, now);
  const requests = new RequestLog();
  try {
    seed(store, now);
    const jwk = await signingKey(store);
    const { server, url } = await listen({ port, log, requests }, (origin) => {
      const issuer = `${origin}/`;
      const access = new Access(store, now, issuer, jwk);
      const authority = createAuthority(store, issuer, jwk, tokenLifetimeSeconds);
      authority.on("server_error", (_ctx, error) => log(`authority failed: ${error.name}`));
      const authorityCallback = authority.callback();
      const toAuthority: Handler = async (call, req, res) => {
        const request = translated(call);
        if ("refused" in request) return request.refused;
        await authorityCallback(replayed(req, request.path, request.body), res);
        return undefined;
      };
      return {
        ...apiRoutes(store, access, origin, now),
        ...emulatorRoutes(store, requests),
        "GET /u/login/{uid}": () => loginPage(store),
        "POST /u/login/{uid}": async (call, req, res) =>
          (await logIn(authority, store, call, req, res))
            ? undefined
            : invalid([{ path: "user", message: "must be one of the users on the page" }]),
        "GET /authorize": toAuthority,
        "GET /authorize/{uid}": toAuthority,
        "POST /oauth/token": toAuthority,
        "OPTIONS /oauth/token": toAuthority,
        "GET /.well-known/{document}": toAuthority,
        "OPTIONS /.well-known/{document}": toAuthority,
      };
    });
    return {
      url,
      env: emulatorEnv(Number(new URL(url).port)),
      envFor: (identity) => emulatorEnv(Number(new URL(url).port), identity),
      clients: () => store.createdClients().map(withoutSecret),
      requests: () => requests.counts(),
      resetRequests: () => requests.clear(),
      close: async () => {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        await closed;
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

function apiRoutes(store: Store, access: Access, url: string, now: () => number): Routes {
  const authorized =
    (operation: (call: Call, caller: Caller) => Answer): Handler =>
    (call) => {
      const found = access.caller(call);
      return "refused" in found ? found.refused : operation(call, found.caller);
    };
  const credentials = credentialsApi(store, now);
  const accounts = accountsApi(url);
  const clients = "/workspace-api/credentials/oauth-clients";
  return {
    [`GET ${clients}`]: authorized(credentials.listOAuthClients),
    [`POST ${clients}`]: authorized(credentials.createOAuthClient),
    [`GET ${clients}/{client_id}`]: authorized(credentials.getOAuthClient),
    [`PATCH ${clients}/{client_id}`]: authorized(credentials.updateOAuthClient),
    [`DELETE ${clients}/{client_id}`]: authorized(credentials.deleteOAuthClient),
    "GET /accounts": authorized((_call, caller) => accounts.account(caller)),
    "GET /users/me": authorized((_call, caller) => accounts.user(caller)),
    "GET /config.yaml": () => accounts.config(),
  };
}

/** What a real CARTO does not have: for tests and benchmarks. */
function emulatorRoutes(store: Store, requests: RequestLog): Routes {
  return {
    "GET /__emulator/requests": () => ({ status: 200, body: requests.counts() }),
    "DELETE /__emulator/requests": () => {
      requests.clear();
      return { status: 204 };
    },
    "GET /__emulator/state": () => ({ status: 200, body: { clients: store.createdClients().map(withoutSecret) } }),
  };
}
