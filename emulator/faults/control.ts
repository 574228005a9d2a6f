import { withoutSecret } from "../data/client.ts";
import { IDENTITIES, userIdOf } from "../data/seed.ts";
import type { Store } from "../data/store.ts";
import { idOf, type TokenStore, withoutToken } from "../data/token-store.ts";
import { type Answer, type Call, errorAnswer, invalid } from "../http/answer.ts";
import type { RequestLog } from "../http/request-log.ts";
import type { Handler, Routes } from "../http/routes.ts";
import type { Fault, Faults } from "./faults.ts";

/** The emulator's control API, which the real CARTO does not have: for tests, benchmarks and rehearsals. Faults never meet these routes. */
export function emulatorApi(store: Store, tokens: TokenStore, requests: RequestLog, faults: Faults): Routes {
  const listed = (): Answer => ({ status: 200, body: { faults: faults.list() } });
  return guarded({
    "GET /__emulator/requests": () => ({ status: 200, body: requests.counts() }),
    "DELETE /__emulator/requests": () => {
      requests.clear();
      return { status: 204 };
    },
    "GET /__emulator/state": () => ({
      status: 200,
      body: { clients: store.createdClients().map(withoutSecret), tokens: tokens.all().map(withoutToken) },
    }),
    "PUT /__emulator/clients/{client_id}/owner": ({ params, body }) =>
      give(body, (to) => store.give(params.client_id ?? "", to), "The OAuth client does not exist"),
    "PUT /__emulator/tokens/{id}/owner": ({ params, body }) => {
      const token = tokens.all().find((each) => idOf(each.token) === params.id)?.token;
      return give(body, (to) => token !== undefined && tokens.give(token, to), "The API Access Token does not exist");
    },
    "GET /__emulator/faults": listed,
    "POST /__emulator/faults": ({ body }) => {
      const given = definitions(body);
      if (!given) return invalid([{ path: "", message: "must be a JSON object, or a list of them" }]);
      const issues = given.flatMap((fault, index) =>
        faults
          .problems(fault)
          .map(({ path, message }) => ({ path: [`[${index}]`, path].filter(Boolean).join("."), message })),
      );
      if (faults.list().length + given.length > MOST_FAULTS) {
        issues.push({ path: "", message: `must not bring the faults in force above ${MOST_FAULTS}` });
      }
      if (body.length > MOST_CHARACTERS) {
        issues.push({ path: "", message: `must have at most ${MOST_CHARACTERS} characters` });
      }
      if (issues.length > 0) return invalid(issues);
      for (const fault of given) faults.add(fault as Fault);
      return { ...listed(), status: 201 };
    },
    "DELETE /__emulator/faults": () => {
      faults.clear();
      return { status: 204 };
    },
  });
}

const MOST_FAULTS = 100;
const MOST_CHARACTERS = 64 * 1024;

/** Tests and people may call these, pages may not: any site that someone visits could rehearse faults on their login. */
function guarded(routes: Routes): Routes {
  const guard =
    (handler: Handler): Handler =>
    (call, req, res) =>
      rejected(call) ?? handler(call, req, res);
  return Object.fromEntries(Object.entries(routes).map(([route, handler]) => [route, guard(handler)]));
}

function rejected({ method, headers }: Call): Answer | undefined {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"] ?? "none";
  if ((origin !== undefined && origin !== `http://${host}`) || (site !== "none" && site !== "same-origin")) {
    return errorAnswer(403, "forbidden", "Pages of other origins may not call this");
  }
  if (method === "GET" || method === "DELETE" || /^application\/json *(;|$)/i.test(headers["content-type"] ?? "")) {
    return undefined;
  }
  return errorAnswer(415, "unsupported_media_type", "The Content-Type must be application/json");
}

function give(body: string, giveTo: (userId: string) => boolean, missing: string): Answer {
  const to = IDENTITIES.find((identity) => body === JSON.stringify({ identity }));
  if (!to) return invalid([{ path: "", message: `must be {"identity":"<one of ${IDENTITIES.join(", ")}>"}` }]);
  return giveTo(userIdOf(to)) ? { status: 204 } : errorAnswer(404, "not_found", missing);
}

function definitions(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    return undefined;
  }
}
