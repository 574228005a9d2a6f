import type { IncomingMessage, ServerResponse } from "node:http";
import type Provider from "oidc-provider";
import type { Store } from "../data/store.ts";
import type { Answer, Call } from "../http/answer.ts";
import { html, page } from "../http/html.ts";
import { userRadios } from "./user-radios.ts";

/** The page on which a seeded user is chosen; an emulator has no passwords. */
function loginPage(store: Store): Answer {
  const main = html`<h1>Log in to CARTO (emulator)</h1>
    <form method="post">${userRadios(store.users())}<button>Log in</button></form>`;
  return page("Log in", main, { formsLeave: true });
}

/** The login page, unless only consent is requested, which first-party applications do not need. */
export async function showLogin(
  provider: Provider,
  store: Store,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<Answer | undefined> {
  const { prompt } = await provider.interactionDetails(req, res);
  if (prompt.name !== "consent") return loginPage(store);
  await provider.interactionFinished(req, res, { consent: {} });
  return undefined;
}

/** Ends the interaction with the chosen user; `false` if the user does not exist. */
export async function logIn(
  provider: Provider,
  store: Store,
  call: Call,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<boolean> {
  const user = store.user(new URLSearchParams(call.body).get("user") ?? "");
  if (!user) return false;
  await provider.interactionFinished(req, res, { login: { accountId: user.user_id } });
  return true;
}
