import type { ApplicationStore } from "../data/application-store.ts";
import type { Store } from "../data/store.ts";
import type { TokenStore } from "../data/token-store.ts";
import type { Answer, Call } from "../http/answer.ts";
import type { Handler, Routes } from "../http/routes.ts";
import type { Access, Caller } from "./access.ts";
import { accountsApi } from "./accounts.ts";
import { APPLICATION_OPERATIONS, applicationsApi } from "./applications-api.ts";
import { isKnownOrigin, preflight, shared } from "./cors.ts";
import { credentialsApi, OPERATIONS, type Operation } from "./credentials-api.ts";
import { dataApis } from "./data-apis.ts";
import { TOKEN_OPERATIONS, tokensApi } from "./tokens-api.ts";
import { whoami } from "./whoami.ts";

/** What the APIs work on. */
export interface Backend {
  store: Store;
  tokens: TokenStore;
  applications: ApplicationStore;
  access: Access;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** The routes of a tenant's APIs and of accounts.app.carto.com. */
export function apiRoutes(backend: Backend, url: string): Routes {
  const { store, tokens, applications, access, now } = backend;
  const accounts = accountsApi(url);
  const routes = {
    ...credentialsRoutes(backend),
    ...tokenRoutes(backend),
    ...authorized(backend, byRoute(APPLICATION_OPERATIONS, applicationsApi(applications, now))),
    ...authorized(backend, {
      "GET /accounts": (_call, caller) => accounts.account(caller),
      "GET /users/me": (_call, caller) => accounts.user(caller),
    }),
  };
  const paths = Object.keys(routes).map((route) => route.replace(/^[A-Z]+ /, ""));
  const preflights = paths.map((path) => [`OPTIONS ${path}`, preflight((origin) => isKnownOrigin(store, origin))]);
  return {
    ...routes,
    ...Object.fromEntries(preflights),
    ...dataApis(store, access, tokens, now),
    "GET /api/v3/whoami": whoami(store, access, tokens, now),
    "OPTIONS /api/v3/whoami": preflight(() => true),
    "GET /config.yaml": () => accounts.config(),
  };
}

/** The operations of docs/credentials-api.yaml. */
export function credentialsRoutes(backend: Backend): Routes {
  return authorized(backend, byRoute(OPERATIONS, credentialsApi(backend.store, backend.now)));
}

/** A contract's operations by their routes. */
function byRoute<Id extends string>(
  routes: Readonly<Record<Id, string>>,
  operations: Readonly<Record<Id, Operation>>,
): Record<string, Operation> {
  return Object.fromEntries(Object.entries<string>(routes).map(([id, route]) => [route, operations[id as Id]]));
}

/** The operations of docs/tokens-api.yaml. */
export function tokenRoutes(backend: Backend): Routes {
  return authorized(backend, byRoute(TOKEN_OPERATIONS, tokensApi(backend.tokens, backend.now)));
}

/** For callers whose token is in order and whose page, if any, may call. */
function authorized(
  { store, access }: Backend,
  operations: Record<string, (call: Call, caller: Caller) => Answer>,
): Routes {
  const guarded = Object.entries(operations).map(([route, operation]): [string, Handler] => [
    route,
    (call) => {
      const found = access.caller(call);
      return "refused" in found
        ? shared(found.refused, call, (origin) => isKnownOrigin(store, origin))
        : shared(operation(call, found.caller), call, () => true);
    },
  ]);
  return Object.fromEntries(guarded);
}
