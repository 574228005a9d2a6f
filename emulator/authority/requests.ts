import { IncomingMessage } from "node:http";
import type { Store } from "../data/store.ts";
import { type Answer, type Call, errorAnswer } from "../http/answer.ts";
import { originMatches } from "../url/match.ts";
import { isKnownAudience, resourceOf } from "./audiences.ts";
import { refusalPage } from "./pages.ts";

/** Translates an Auth0-style request for oidc-provider, or returns the answer where Auth0 itself refuses. */
export function translated(store: Store, call: Call): { path: string; body: string } | { refused: Answer } {
  if (call.url.pathname.startsWith("/oauth/")) {
    const parameters = tokenParameters(call);
    if (!parameters)
      return { refused: oauthRefusal(400, "invalid_request", "The body is neither a form nor a JSON object") };
    const audience = parameters.get("audience");
    if (parameters.get("grant_type") === "client_credentials") {
      if (!audience) return { refused: oauthRefusal(403, "access_denied", "No audience parameter was provided") };
      if (!isKnownAudience(audience)) {
        return { refused: oauthRefusal(403, "access_denied", `Service not enabled within domain: ${audience}`) };
      }
    }
    return { path: call.url.pathname, body: withResource(parameters).toString() };
  }
  if (call.url.pathname === "/authorize") {
    const parameters = new URLSearchParams(call.url.search);
    const refused = foreignOrigin(store, call, parameters);
    if (refused) return { refused };
    askForConsent(parameters);
    return { path: `/authorize?${withResource(parameters)}`, body: call.body };
  }
  return { path: call.url.pathname + call.url.search, body: call.body };
}

/**
 * Where an authorization request does not come from one of the client's web origins: asked where Auth0 asks, for answers by
 * `web_message`, whose page is named by the redirect URI, and for requests that a script sends.
 */
function foreignOrigin(store: Store, { headers }: Call, parameters: URLSearchParams): Answer | undefined {
  const client = store.client(parameters.get("client_id") ?? "");
  if (!client) return undefined;
  const byMessage = parameters.get("response_mode") === "web_message";
  const origins = [headers.origin, ...(byMessage ? [parameters.get("redirect_uri"), headers.referer] : [])]
    .filter((url) => typeof url === "string")
    .map((url) => URL.parse(url)?.origin ?? "null");
  const foreign = origins.find((origin) => !client.web_origins?.some((allowed) => originMatches(allowed, origin)));
  if (foreign === undefined) return undefined;
  return refusalPage("Origin not allowed", `${foreign} is not one of the Allowed Web Origins of this client.`, 403);
}

/** oidc-provider hands out refresh tokens after a consent only; first-party applications get theirs without, so one is made up. */
function askForConsent(parameters: URLSearchParams): void {
  const prompts = parameters.get("prompt")?.split(" ") ?? [];
  if (!parameters.get("scope")?.split(" ").includes("offline_access") || prompts.includes("none")) return;
  parameters.set("prompt", [...new Set([...prompts, "consent"])].join(" "));
}

function tokenParameters({ headers, body }: Call): URLSearchParams | undefined {
  if (!/^application\/json\b/i.test(headers["content-type"] ?? "")) return new URLSearchParams(body);
  try {
    const members = Object.entries<unknown>(JSON.parse(body));
    return new URLSearchParams(members.map(([name, value]): [string, string] => [name, String(value)]));
  } catch {
    return undefined;
  }
}

function withResource(parameters: URLSearchParams): URLSearchParams {
  const audience = parameters.get("audience");
  parameters.delete("audience");
  parameters.delete("resource");
  if (audience) parameters.set("resource", resourceOf(audience));
  return parameters;
}

function oauthRefusal(status: number, error: string, description: string): Answer {
  return { ...errorAnswer(status, error, description), body: { error, error_description: description } };
}

/** A request like the one that was read already, with another target and body. */
export function replayed(req: IncomingMessage, path: string, body: string): IncomingMessage {
  const copy = new IncomingMessage(req.socket);
  copy.method = req.method ?? "GET";
  copy.url = path;
  copy.headers = { ...req.headers };
  if (req.method === "POST") {
    copy.headers["content-type"] = "application/x-www-form-urlencoded";
    copy.headers["content-length"] = String(Buffer.byteLength(body));
    copy.push(body);
  }
  copy.push(null);
  // Else its end would count as aborted and take the socket with it.
  copy.complete = true;
  return copy;
}
