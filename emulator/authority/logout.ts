import type { IncomingMessage, ServerResponse } from "node:http";
import type Provider from "oidc-provider";
import type { Store } from "../data/store.ts";
import type { Answer, Call } from "../http/answer.ts";
import { logoutMatches } from "../url/match.ts";
import { SESSION_COOKIE } from "./configuration.ts";
import { refusalPage } from "./pages.ts";

/**
 * Where Auth0's `/v2/logout` sends the browser, or the page that explains why it does not.
 *
 * @see Auth0, "Log users out of Auth0": `returnTo` must be an allowed logout URL; without it the first one is taken
 */
export function logoutTarget(store: Store, { url }: Call): { location: string } | { refused: Answer } {
  const clientId = url.searchParams.get("client_id");
  const returnTo = url.searchParams.get("returnTo");
  const client = clientId === null ? undefined : store.client(clientId);
  if (clientId !== null && !client) return { refused: refusalPage("Unknown client", "No client has this ID.") };
  const allowed = client?.logout_urls ?? [];
  if (returnTo !== null && !allowed.some((pattern) => logoutMatches(pattern, returnTo))) {
    const text = `The returnTo URL ${returnTo} is not one of the Allowed Logout URLs${client ? "" : ": client_id is missing"}.`;
    return { refused: refusalPage("Logout URL not allowed", text) };
  }
  return { location: returnTo ?? allowed.find((pattern) => !pattern.includes("*")) ?? "/v2/logout/done" };
}

/** Ends the browser's session at the authority. */
export async function endSession(provider: Provider, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const ctx = provider.createContext(req, res);
  const session = await provider.Session.get(ctx);
  await session.destroy();
  ctx.cookies.set(provider.cookieName("session"), null, SESSION_COOKIE);
}
