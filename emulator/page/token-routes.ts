import { tokensApi } from "../api/tokens-api.ts";
import { refusalPage } from "../authority/pages.ts";
import { type ApiToken, idOf, type TokenStore } from "../data/token-store.ts";
import type { Answer, Call } from "../http/answer.ts";
import type { Routes } from "../http/routes.ts";
import { separated, type Viewer } from "./credentials-page.ts";
import { formIn, issuesOf, type PageHandler, pageHandlers, redirect } from "./routes.ts";
import type { PageSession } from "./session.ts";
import { NO_TOKEN_FORM, type TokenForm, tokenDeletePage, tokenFormOf, tokenListPage, tokenPage } from "./token-page.ts";

/** The API Access Tokens on "Developers › Credentials". Paths name a token by its ID, never by itself. */
export function tokenPageRoutes(tokens: TokenStore, session: PageSession, now: () => number): Routes {
  const api = tokensApi(tokens, now);
  const { viewed, submitted } = pageHandlers(session);
  const onToken =
    (handle: (token: ApiToken, call: Call, viewer: Viewer) => Answer): PageHandler =>
    (call, viewer) => {
      const token = tokens.byId(viewer.user.user_id, call.params.id ?? "");
      return token ? handle(token, call, viewer) : refusalPage("Not found", "You have no such token.", 404);
    };
  const named = (call: Call, { token }: ApiToken, body = "") => ({ ...call, params: { token }, body });

  return {
    "GET /tokens": viewed((_call, viewer) => tokenListPage(viewer, tokens.of(viewer.user.user_id))),
    "GET /tokens/new": viewed((_call, viewer) => tokenPage(viewer, NO_TOKEN_FORM)),
    "POST /tokens/new": submitted((call, viewer) => {
      const form = fieldsOf(formIn(call));
      const { name, expiration_date } = form;
      const body = JSON.stringify({
        ...(name && { name }),
        ...membersOf(form),
        ...(expiration_date && { expiration_date }),
      });
      const answer = api.createApiToken({ ...call, body }, viewer);
      if (answer.status === 200) return redirect(`/tokens/${idOf((answer.body as ApiToken).token)}`);
      return tokenPage(viewer, form, issuesOf(answer), undefined, answer.status);
    }),
    "GET /tokens/{id}": viewed(onToken((token, _call, viewer) => tokenPage(viewer, tokenFormOf(token), [], token))),
    "POST /tokens/{id}": submitted(
      onToken((token, call, viewer) => {
        const form = fieldsOf(formIn(call));
        const unchanged = form.grants === tokenFormOf(token).grants;
        const { grants, ...members } = membersOf(form);
        const body = JSON.stringify({ name: form.name, ...members, ...(unchanged ? {} : { grants }) });
        const answer = api.updateApiToken(named(call, token, body), viewer);
        if (answer.status === 200) return redirect("/tokens");
        return tokenPage(viewer, form, issuesOf(answer), token, answer.status);
      }),
    ),
    "GET /tokens/{id}/delete": viewed(onToken((token, _call, viewer) => tokenDeletePage(viewer, token))),
    "POST /tokens/{id}/delete": submitted(
      onToken((token, call, viewer) => {
        api.deleteApiToken(named(call, token), viewer);
        return redirect("/tokens");
      }),
    ),
  };
}

function fieldsOf(form: URLSearchParams): TokenForm {
  const text = (name: string) => (form.get(name) ?? "").replaceAll("\r\n", "\n").trim();
  return {
    name: text("name"),
    grants: text("grants"),
    allowed_apis: form.getAll("allowed_apis"),
    referers: text("referers"),
    expiration_date: text("expiration_date"),
  };
}

function membersOf({ grants, allowed_apis, referers }: TokenForm) {
  const lines = grants.split("\n").filter((line) => line.trim() !== "");
  return {
    grants: lines.map((line) => {
      const [connection_name = "", ...source] = line.trim().split(/\s+/);
      return { connection_name, ...(source.length > 0 && { source: source.join(" ") }) };
    }),
    allowed_apis,
    referers: separated(referers),
  };
}
