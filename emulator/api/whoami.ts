import type { Store } from "../data/store.ts";
import type { ApiToken, TokenStore } from "../data/token-store.ts";
import type { Answer, Call } from "../http/answer.ts";
import type { Access } from "./access.ts";
import { isKnownOrigin, shared } from "./cors.ts";
import { bearerOf, tokenProblem } from "./data-apis.ts";

/** The emulator's own protected endpoint: says who calls, by an OAuth access token or an API Access Token. */
export function whoami(store: Store, access: Access, tokens: TokenStore, now: () => number): (call: Call) => Answer {
  return (call) => {
    const token = tokens.find(bearerOf(call) ?? "");
    if (token) return shared(tokenProblem(token, call, now()) ?? identified(token), call, () => true);
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

function identified({ owner_id, grants, allowed_apis }: ApiToken): Answer {
  return { status: 200, body: { token: "api_access_token", owner_id, grants, allowed_apis } };
}
