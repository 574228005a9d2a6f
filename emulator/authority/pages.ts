import { randomBytes } from "node:crypto";
import type { KoaContextWithOIDC } from "oidc-provider";
import type { Answer } from "../http/answer.ts";
import { Html, html, page } from "../http/html.ts";

/** The page that a browser shows after logout without a URL to return to. */
export function loggedOutPage(): Answer {
  return page("Logged out", html`<h1>You are logged out</h1>`);
}

/** A page that says what was refused and why. */
export function refusalPage(title: string, text: string, status = 400): Answer {
  return page(title, html`<h1>${title}</h1><p>${text}</p>`, { status });
}

/** Why a browser was not sent back to the application. */
export function errorPage({
  error,
  error_description = "",
}: {
  error: string;
  error_description?: string | undefined;
}): Answer {
  return error === "invalid_redirect_uri"
    ? refusalPage(
        "Callback URL mismatch",
        "The redirect_uri is not one of the Allowed Callback URLs of this client.",
        403,
      )
    : refusalPage("The request was refused", `${error}: ${error_description}`);
}

/** Asks whether to log out; the form is oidc-provider's. */
export function logoutForm(ctx: KoaContextWithOIDC, form: string): void {
  const confirmed = ctx.oidc.entities.IdTokenHint !== undefined;
  const nonce = randomBytes(16).toString("base64");
  const { headers, body } = page(
    "Log out",
    html`<h1>Log out</h1>${new Html(form)}
      <button form="op.logoutForm" name="logout" value="yes" autofocus>Log out</button>
      ${confirmed ? new Html(`<script nonce="${nonce}">document.querySelector("button").click()</script>`) : ""}`,
    { formsLeave: true, scripts: `'nonce-${nonce}'` },
  );
  ctx.set(headers ?? {});
  ctx.body = body;
}
