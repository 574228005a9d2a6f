import type { Store } from "../data/store.ts";
import type { ApiToken, TokenStore } from "../data/token-store.ts";
import { type Answer, type Call, refuse } from "../http/answer.ts";
import type { Access } from "./access.ts";
import { isKnownOrigin, shared } from "./cors.ts";

/** The emulator's own protected endpoint: says who calls, by an OAuth access token or an API Access Token. */
export function whoami(store: Store, access: Access, tokens: TokenStore, now: () => number): (call: Call) => Answer {
  return (call) => {
    const bearer = /^Bearer +([^ ]+)$/i.exec(call.headers.authorization ?? "")?.[1];
    const token = bearer === undefined ? undefined : tokens.find(bearer);
    if (token) return shared(byApiToken(token, call, now()), call, () => true);
    const found = access.caller(call);
    if ("refused" in found) return shared(found.refused, call, (origin) => isKnownOrigin(store, origin));
    const { user, client } = found.caller;
    const body = {
      token: "oauth",
      user_id: user.user_id,
      account_id: user.organization_id,
      client_id: client.client_id,
    };
    return shared({ status: 200, body }, call, () => true);
  };
}

function byApiToken(
  { owner_id, grants, referers, allowed_apis, expiration_date }: ApiToken,
  call: Call,
  now: number,
): Answer {
  if (expiration_date !== undefined && Date.parse(expiration_date) <= now) {
    return refuse(401, "unauthorized", "The API Access Token has expired");
  }
  const from = call.headers.referer ?? call.headers.origin ?? "";
  if (
    referers.length > 0 &&
    !referers.some((referer) => from === referer || from.startsWith(`${referer.replace(/\/$/, "")}/`))
  ) {
    return refuse(403, "forbidden", "The API Access Token may not be used from this page");
  }
  return { status: 200, body: { token: "api_access_token", owner_id, grants, allowed_apis } };
}
