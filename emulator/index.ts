import type { JsonWebKey } from "node:crypto";
import { Access } from "./api/access.ts";
import { apiRoutes, credentialsRoutes, tokenRoutes } from "./api/api-routes.ts";
import { APPLICATION_OPERATIONS } from "./api/applications-api.ts";
import { OPERATIONS } from "./api/credentials-api.ts";
import { TOKEN_OPERATIONS } from "./api/tokens-api.ts";
import { createAuthority, signingKey } from "./authority/authority.ts";
import { authorityRoutes } from "./authority/routes.ts";
import { type Application, ApplicationStore } from "./data/application-store.ts";
import { type Client, withoutSecret } from "./data/client.ts";
import { emulatorEnv, type Identity, seed, userIdOf } from "./data/seed.ts";
import { Store } from "./data/store.ts";
import { type ApiToken, idOf, TokenStore, withoutToken } from "./data/token-store.ts";
import { emulatorApi } from "./faults/control.ts";
import { Faults } from "./faults/faults.ts";
import { EmulatorError } from "./http/emulator-error.ts";
import { RequestLog } from "./http/request-log.ts";
import { readVariant, Variant } from "./http/variant.ts";
import { applicationPageRoutes } from "./page/application-routes.ts";
import { pageRoutes } from "./page/routes.ts";
import { PageSession } from "./page/session.ts";
import { tokenPageRoutes } from "./page/token-routes.ts";
import { listen } from "./server.ts";

export { AUDIENCE } from "./api/access.ts";
export { OTHER_AUDIENCE } from "./authority/audiences.ts";
export type { Application } from "./data/application-store.ts";
export { emulatorEnv, IDENTITIES, type Identity } from "./data/seed.ts";
export type { Fault, FaultKind, FaultMoment, FaultSelection, Faults, ListedFault } from "./faults/faults.ts";
export { EmulatorError } from "./http/emulator-error.ts";

/** How an emulator is started; every member has a default. */
export interface EmulatorOptions {
  /** Port on 127.0.0.1. Unset: 0, any free one. */
  port?: number;
  /** SQLite file; what was acknowledged survives `kill -9`. Unset: in memory. */
  db?: string;
  /** Takes one line per request: method, route, status, time; never a secret, query or body. Unset: not logged. */
  log?: (line: string) => void;
  /**
   * Milliseconds since the epoch; decides creation times, expiry of tokens and idempotency keys, and
   * faults that last for a while. Unset: the clock.
   */
  now?: () => number;
  /** Lifetime of access tokens in seconds. Unset: 86400, as CARTO's. */
  tokenLifetimeSeconds?: number;
  /** File that says where the APIs differ from the assumed contract, as `carto:contract` names it. Unset: nowhere. */
  contract?: string;
}

/** An OAuth client as the credentials API lists it: never with its secret. */
export type ListedClient = Omit<Client, "client_secret">;

/** An API Access Token as it may be shown: an `id` in place of the token. */
export type ListedToken = Omit<ApiToken, "token"> & { id: string };

/** A running emulator; `await using` closes it. */
export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`: accounts, authority and page; the APIs are at `/api` and `/workspace-api`. */
  url: string;
  /** The `CARTO_*` variables of a program that logs in as the admin of Emulator Large. */
  env: Record<string, string>;
  /** The same for another seeded identity. */
  envFor(identity: Identity): Record<string, string>;
  /** All clients of all users except the seeded management clients, oldest first. */
  clients(): ListedClient[];
  /**
   * Moves a client to another user, as CARTO does when a user leaves: it vanishes from the old owner's list and still exists.
   *
   * @throws Error When the client does not exist.
   */
  giveClient(clientId: string, to: Identity): void;
  /** All API Access Tokens of all users, oldest first. */
  tokens(): ListedToken[];
  /**
   * Moves an API Access Token to another user: it vanishes from the old owner's list and still exists.
   *
   * @param id as `tokens()` has it
   * @throws Error When the token does not exist.
   */
  giveToken(id: string, to: Identity): void;
  /** All applications of all users, oldest first. */
  applications(): Application[];
  /**
   * Moves an application to another user of the organization.
   *
   * @throws Error When the application does not exist.
   */
  giveApplication(applicationId: string, to: Identity): void;
  /** Calls since the start or the last `resetRequests`, by route, e.g. `POST /workspace-api/credentials/oauth-clients`. */
  requests(): Record<string, number>;
  /** Starts counting anew. */
  resetRequests(): void;
  /** Faults to rehearse: `faults.add({ call: "createOAuthClient", times: 1, fault: "reset", when: "after" })`. */
  faults: Faults;
  /** Ends open connections and frees the port; with a file, the data stays. A second call does nothing more. */
  close(): Promise<void>;
}

/**
 * Starts a local CARTO: credentials API, accounts, discovery, OAuth authority, on loopback only.
 *
 * @throws EmulatorError When the port is taken, or the database file or the contract cannot be used.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, db = ":memory:", log = () => {}, now = Date.now, tokenLifetimeSeconds = 86_400 } = options;
  const variant = options.contract === undefined ? new Variant({}) : await readVariant(options.contract);
  const store = openStore(db, now);
  const requests = new RequestLog();
  try {
    const jwk = await signingKey(store);
    const { server, url, service } = await listen({ port, log, requests, variant }, (origin) =>
      serviceAt(origin, { store, requests, jwk, now, log, tokenLifetimeSeconds }),
    );
    const shutDown = async () => {
      const ended = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await ended;
      store.close();
    };
    let closed: Promise<void> | undefined;
    const close = () => {
      closed ??= shutDown();
      return closed;
    };
    return { url, ...control(store, requests, service), ...environmentOf(url), close, [Symbol.asyncDispose]: close };
  } catch (error) {
    store.close();
    throw error;
  }
}

interface Parts {
  store: Store;
  requests: RequestLog;
  jwk: JsonWebKey;
  now: () => number;
  log: (line: string) => void;
  tokenLifetimeSeconds: number;
}

type Service = ReturnType<typeof serviceAt>;

/** Everything that is served at an origin. */
function serviceAt(origin: string, { store, requests, jwk, now, log, tokenLifetimeSeconds }: Parts) {
  const issuer = `${origin}/`;
  const access = new Access(store, now, issuer, jwk);
  const authority = createAuthority(store, issuer, jwk, tokenLifetimeSeconds);
  authority.on("server_error", (_ctx, error) => log(`authority failed: ${error.name}`));
  const tokens = new TokenStore(store, jwk.d ?? "", now);
  const session = new PageSession(store, jwk.d ?? "");
  const applications = new ApplicationStore(store, now);
  const backend = { store, tokens, applications, access, now };
  const carto = { ...apiRoutes(backend, origin), ...authorityRoutes(store, access, authority) };
  const faults = new Faults({
    operations: { ...OPERATIONS, ...TOKEN_OPERATIONS, ...APPLICATION_OPERATIONS },
    now,
    routes: Object.keys(carto).filter((route) => !route.startsWith("OPTIONS ")),
    snapshot: () => {
      const then = {
        ...credentialsRoutes({ ...backend, store: store.snapshot() }),
        ...tokenRoutes({ ...backend, tokens: tokens.snapshot() }),
      };
      return Object.fromEntries(Object.entries(then).filter(([route]) => route.startsWith("GET ")));
    },
  });
  const routes = {
    ...carto,
    ...pageRoutes(store, session, now),
    ...tokenPageRoutes(tokens, session, now),
    ...applicationPageRoutes(applications, session, now),
    ...emulatorApi(store, tokens, requests, faults),
  };
  return { faults, routes, tokens, applications };
}

function environmentOf(url: string): Pick<Emulator, "env" | "envFor"> {
  const port = Number(new URL(url).port);
  return { env: emulatorEnv(port), envFor: (identity) => emulatorEnv(port, identity) };
}

/** What tests can see and do in addition to CARTO's APIs. */
function control(
  store: Store,
  requests: RequestLog,
  { tokens, applications, faults }: Service,
): Omit<Emulator, "url" | "env" | "envFor" | "close" | typeof Symbol.asyncDispose> {
  return {
    clients: () => store.createdClients().map(withoutSecret),
    giveClient: (clientId, to) => {
      if (!store.give(clientId, userIdOf(to))) throw new Error(`Client ${clientId} does not exist: nothing was given`);
    },
    tokens: () => tokens.all().map(withoutToken),
    giveToken: (id, to) => {
      const token = tokens.all().find((each) => idOf(each.token) === id);
      if (!token || !tokens.give(token.token, userIdOf(to)))
        throw new Error(`API Access Token ${id} does not exist: nothing was given`);
    },
    applications: () => applications.all(),
    giveApplication: (applicationId, to) => {
      if (!applications.give(applicationId, userIdOf(to)))
        throw new Error(`Application ${applicationId} does not exist: nothing was given`);
    },
    requests: () => requests.counts(),
    resetRequests: () => requests.clear(),
    faults,
  };
}

function openStore(db: string, now: () => number): Store {
  let store: Store | undefined;
  try {
    store = new Store(db, now);
    // The first use of its tables: those of another program's database may have the same names.
    seed(store, now);
    return store;
  } catch (cause) {
    store?.close();
    const advice = "give a file that this emulator wrote, or a new one in an existing folder";
    throw new EmulatorError("invalid_database", `Database ${db} cannot be opened: ${advice}`, { cause });
  }
}
