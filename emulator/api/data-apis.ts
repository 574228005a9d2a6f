import type { Store } from "../data/store.ts";
import type { ApiToken, Grant, TokenStore } from "../data/token-store.ts";
import { type Answer, type Call, errorAnswer } from "../http/answer.ts";
import type { Handler, Routes } from "../http/routes.ts";
import type { Access } from "./access.ts";
import { isKnownOrigin, preflight, shared } from "./cors.ts";
import { tablesOf } from "./sql-tables.ts";
import { parsedObject } from "./validation.ts";

type Api = "sql" | "maps";
/** What is read: a table or tileset by its name, or a SQL query. */
type Source = { name: string } | { query: string };

/**
 * CARTO's SQL and Maps APIs, which check access and return no real data: they answer whether this token may, from this page, read this
 * source. No data is there, so an allowed answer is empty.
 *
 * Assumed: every status and text but `Unauthorized referer`, not documented by CARTO.
 */
export function dataApis(store: Store, access: Access, tokens: TokenStore, now: () => number): Routes {
  const guarded =
    (api: Api, sourceOf: (call: Call) => Source | undefined, allowed: object): Handler =>
    (call) => {
      const token = tokens.find(bearerOf(call) ?? "");
      const found = token ? undefined : access.caller(call);
      if (found && "refused" in found) return shared(found.refused, call, (origin) => isKnownOrigin(store, origin));
      const refused = token && tokenProblem(token, call, now());
      if (refused) return shared(refused, call, () => true);
      const source = sourceOf(call);
      if (!source)
        return shared(errorAnswer(400, "invalid_request", "A source is required: q or name"), call, () => true);
      const problem = token && grantProblem(token, api, call.params.connection ?? "", source);
      return shared(problem ?? { status: 200, body: allowed }, call, () => true);
    };
  const text = (call: Call, name: string) => call.url.searchParams.get(name)?.trim() || undefined;
  const query = (call: Call): Source | undefined => {
    const given = text(call, "q") ?? bodyQuery(call);
    return given === undefined ? undefined : { query: given };
  };
  const named = (call: Call): Source | undefined => {
    const name = text(call, "name");
    return name === undefined ? undefined : { name };
  };
  const rows = { rows: [], schema: [] };
  const tiles = { tilejson: "2.2.0", tiles: [] };
  const routes: Routes = {
    "GET /api/v3/sql/{connection}/query": guarded("sql", query, rows),
    "POST /api/v3/sql/{connection}/query": guarded("sql", query, rows),
    "GET /api/v3/maps/{connection}/query": guarded("maps", query, tiles),
    "POST /api/v3/maps/{connection}/query": guarded("maps", query, tiles),
    "GET /api/v3/maps/{connection}/table": guarded("maps", named, tiles),
    "GET /api/v3/maps/{connection}/tileset": guarded("maps", named, tiles),
  };
  const paths = new Set(Object.keys(routes).map((route) => route.replace(/^[A-Z]+ /, "")));
  // API Access Tokens are for pages of any origin, unless their referers say otherwise.
  for (const path of paths) routes[`OPTIONS ${path}`] = preflight(() => true);
  return routes;
}

/** The token that a call brings, of whichever kind. */
export function bearerOf({ headers }: Call): string | undefined {
  return /^Bearer +([^ ]+)$/i.exec(headers.authorization ?? "")?.[1];
}

/** Why a token that exists may not be used now, or from this page. */
export function tokenProblem({ referers, expiration_date }: ApiToken, call: Call, now: number): Answer | undefined {
  if (expiration_date !== undefined && Date.parse(expiration_date) <= now) {
    return errorAnswer(401, "unauthorized", "The API Access Token has expired");
  }
  if (referers.length === 0 || referers.includes(originOf(call) ?? "")) return undefined;
  return { status: 403, body: { error: "Unauthorized referer" } };
}

/** The page's origin as browsers send it: never with a path or a trailing slash. */
function originOf({ headers: { origin, referer } }: Call): string | undefined {
  return origin ?? (referer === undefined ? undefined : URL.parse(referer)?.origin);
}

function grantProblem(token: ApiToken, api: Api, connection: string, source: Source): Answer | undefined {
  if (!token.allowed_apis.includes(api)) {
    return errorAnswer(403, "forbidden", `The API Access Token does not allow the ${api} API`);
  }
  const grants = token.grants.filter(({ connection_name }) => connection_name === connection);
  return mayRead(grants, source)
    ? undefined
    : errorAnswer(403, "forbidden", "The API Access Token does not grant this source");
}

function mayRead(grants: Grant[], source: Source): boolean {
  const sources = grants.map((grant) => grant.source?.trim() ?? "*");
  const reads = (table: string) => sources.some((granted) => covers(granted, table));
  if ("name" in source) return reads(unquoted(source.name));
  if (sources.length === 0 || sources.includes(source.query)) return sources.length > 0;
  const tables = tablesOf(source.query);
  return tables?.every(reads) ?? false;
}

/** Whether a table, tileset, pattern or `*` that is granted covers a table. A SQL query covers none but itself. */
function covers(granted: string, table: string): boolean {
  if (granted === "*") return true;
  if (/\s/.test(granted)) return false;
  const [before = "", after] = unquoted(granted).split("*", 2);
  if (after === undefined) return before === table;
  return table.length >= before.length + after.length && table.startsWith(before) && table.endsWith(after);
}

function unquoted(name: string): string {
  return name.replace(/[`"]/g, "");
}

function bodyQuery({ method, body }: Call): string | undefined {
  if (method !== "POST") return undefined;
  const parsed = parsedObject(body);
  const q = "value" in parsed ? parsed.value.q : undefined;
  return typeof q === "string" && q.trim() !== "" ? q.trim() : undefined;
}
