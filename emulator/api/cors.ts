import type { Client } from "../data/client.ts";
import type { Store } from "../data/store.ts";
import type { Answer, Call } from "../http/answer.ts";
import type { Handler } from "../http/routes.ts";
import { originMatches } from "../url/match.ts";

/** Whether JavaScript of an origin may use a client: it is allowed itself, or one of the callbacks is of that origin. */
export function mayCall(client: Client, origin: string): boolean {
  const origins = [...(client.allowed_origins ?? []), ...(client.callbacks ?? [])];
  return origins.some((allowed) => originMatches(allowed, origin));
}

/** Whether some client allows the origin; all that can be asked before a token or client ID is known. */
export function isKnownOrigin(store: Store, origin: string): boolean {
  return store.spaClients().some((client) => mayCall(client, origin));
}

/** Answers the question that browsers ask before a call from another origin. */
export function preflight(allowed: (origin: string) => boolean): Handler {
  return ({ headers }) => {
    const { origin } = headers;
    if (origin === undefined || !allowed(origin)) return { status: 204, headers: { Vary: "Origin" } };
    return {
      status: 204,
      headers: {
        ...readableBy(origin),
        "Access-Control-Allow-Methods": "GET, POST, PATCH, DELETE",
        "Access-Control-Allow-Headers": headers["access-control-request-headers"] ?? "Authorization, Content-Type",
      },
    };
  };
}

/** Lets the browser hand the answer to the page, where the page's origin may have it. */
export function shared(answer: Answer, call: Call, allowed: (origin: string) => boolean): Answer {
  const { origin } = call.headers;
  if (origin === undefined || !allowed(origin)) return answer;
  return { ...answer, headers: { ...answer.headers, ...readableBy(origin) } };
}

function readableBy(origin: string): Record<string, string> {
  return { "Access-Control-Allow-Origin": origin, Vary: "Origin", "Access-Control-Expose-Headers": "Retry-After" };
}
