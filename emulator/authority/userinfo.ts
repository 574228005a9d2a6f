import type { Access } from "../api/access.ts";
import { mayCall, shared } from "../api/cors.ts";
import type { User } from "../data/client.ts";
import type { Answer, Call } from "../http/answer.ts";

/** The standard claims of a user, by what the scope lets through. */
export function userClaims(user: User, scope: string): Record<string, string | boolean> {
  const scopes = scope.split(" ");
  return {
    sub: user.user_id,
    ...(scopes.includes("profile") ? { name: user.name, nickname: user.email.replace(/@.*/, "") } : {}),
    ...(scopes.includes("email") ? { email: user.email, email_verified: true } : {}),
  };
}

/** `/userinfo` for access tokens with CARTO's audience, which Auth0 accepts there and oidc-provider does not. */
export function userinfo(access: Access, call: Call): Answer {
  const found = access.caller(call);
  if ("refused" in found) return oauth(401, "invalid_token", "The access token is not valid here");
  const { claims, client, user } = found.caller;
  const answer =
    client.type === "spa" && claims.scope?.split(" ").includes("openid")
      ? { status: 200, body: userClaims(user, claims.scope) }
      : oauth(403, "insufficient_scope", "The access token lacks the scope openid");
  return shared(answer, call, (origin) => mayCall(client, origin));
}

function oauth(status: number, error: string, description: string): Answer {
  return {
    status,
    headers: { "WWW-Authenticate": `Bearer error="${error}"` },
    body: { error, error_description: description },
  };
}
