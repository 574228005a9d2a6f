import { type ApiToken, idOf, type TokenMembers } from "../data/token-store.ts";
import type { Answer, Issue } from "../http/answer.ts";
import { Html, html } from "../http/html.ts";
import { copyButton, invalidMark, MASK, shell, tabs, type Viewer } from "./credentials-page.ts";

/** What the form of a token holds: as text, for it may be wrong. */
export interface TokenForm {
  name: string;
  /** One grant a line: the connection, then its source. */
  grants: string;
  allowed_apis: string[];
  /** Separated by commas. */
  referers: string;
  expiration_date: string;
}

/** The form before anything is entered. */
export const NO_TOKEN_FORM: TokenForm = {
  name: "",
  grants: "",
  allowed_apis: ["sql"],
  referers: "",
  expiration_date: "",
};

const APIS = { sql: "SQL", maps: "Maps", lds: "LDS", imports: "Imports" };

/** The form that shows a token as it is. A source of several lines is shown on one. */
export function tokenFormOf({ name, grants, allowed_apis, referers, expiration_date = "" }: TokenMembers): TokenForm {
  const lines = grants.map(({ connection_name, source = "" }) =>
    `${connection_name} ${source.replace(/\s+/g, " ")}`.trim(),
  );
  return { name, grants: lines.join("\n"), allowed_apis, referers: referers.join(", "), expiration_date };
}

/** The tokens of a user. */
export function tokenListPage(viewer: Viewer, tokens: ApiToken[]): Answer {
  const rows = tokens.map(({ token, name, allowed_apis, referers, expiration_date }) => {
    const path = `/tokens/${idOf(token)}`;
    return html`<tr>
      <td><a href="${path}">${name}</a></td>
      <td>${allowed_apis.join(", ")}</td>
      <td>${referers.length === 0 ? "any site" : referers.join(", ")}</td>
      <td>${expiration_date ?? "never"}</td>
      <td><span aria-label="masked">${MASK}</span> ${copyButton("Token", name, token)}</td>
      <td class="actions"><a href="${path}" aria-label="View or edit ${name}">View or edit</a>
        · <a href="${path}/delete" aria-label="Delete ${name}">Delete</a></td></tr>`;
  });
  const table = html`<table><thead><tr><th scope="col">Name</th><th scope="col">Allowed APIs</th><th scope="col">Referers</th>
    <th scope="col">Expires</th><th scope="col">Token</th><th scope="col"><span class="soft">Actions</span></th></tr></thead><tbody>${rows}</tbody></table>`;
  return shell(
    viewer,
    "Credentials",
    html`<div class="row"><h1>Developers › Credentials</h1></div>
      ${tabs("token")}
      ${tokens.length === 0 ? html`<p>You have no API Access Tokens.</p>` : table}
      <p class="row end"><a class="button" href="/tokens/new">Create an API Access Token</a></p>`,
  );
}

/** The form of a token, new or existing. */
export function tokenPage(
  viewer: Viewer,
  form: TokenForm,
  issues: Issue[] = [],
  token?: ApiToken,
  status = issues.length > 0 ? 400 : 200,
): Answer {
  const path = token && `/tokens/${idOf(token.token)}`;
  const of = (member: string) => issues.filter((issue) => issue.path.replace(/[[.].*/, "") === member);
  const problem = (member: string) =>
    of(member).length === 0
      ? html``
      : html`<span class="error" id="${member}-problem">${of(member)
          .map(({ path: where, message }) => (where === member ? message : `${where} ${message}`))
          .join("; ")}</span>`;
  const field = (member: keyof TokenForm, label: string, hint: string) =>
    html`<p><label for="${member}">${label}</label> <small>${hint}</small>
      <input id="${member}" name="${member}" value="${String(form[member])}" ${invalidMark(of(member))}>${problem(member)}</p>`;
  const apis = Object.entries(APIS).map(
    ([api, label]) => html`<label><input type="checkbox" name="allowed_apis" value="${api}"
      ${new Html(form.allowed_apis.includes(api) ? "checked" : "")}> ${label}</label> `,
  );
  const general = issues.filter((issue) => !Object.hasOwn(form, issue.path.replace(/[[.].*/, "")));
  const title = token?.name ?? "New API Access Token";
  return shell(
    viewer,
    title,
    html`<h1>${title}</h1>
      ${issues.length > 0 ? html`<div class="alert error" role="alert">Nothing was saved. ${general.map(({ message }) => html`${message} `)}</div>` : ""}
      ${token ? credentials(token) : ""}
      <form method="post" action="${path ?? "/tokens/new"}"><input type="hidden" name="form_token" value="${viewer.formToken}">
      ${field("name", "Name", "Unique; left out, one is made")}
      <p><label for="grants">Grants</label> <small>One a line: a connection, then a table, tileset, SQL query, pattern or *</small>
        <textarea id="grants" name="grants" rows="4" required ${invalidMark(of("grants"))}>${form.grants}</textarea>${problem("grants")}</p>
      <fieldset class="choice"><legend>Allowed APIs</legend>${apis}${problem("allowed_apis")}</fieldset>
      ${field("referers", "Referers", "Origins, separated by commas; none: any site")}
      ${token ? "" : field("expiration_date", "Expiration date", "e.g. 2027-01-31T00:00:00Z; left out: never")}
      <p class="row end">${path ? html`<a href="${path}/delete">Delete</a>` : ""}
        <a class="button plain" href="/tokens">Cancel</a><button>${token ? "Save changes" : "Create API Access Token"}</button></p></form>`,
    status,
  );
}

/** Asks whether a token is to be deleted. */
export function tokenDeletePage(viewer: Viewer, { name, token }: ApiToken): Answer {
  return shell(
    viewer,
    `Delete ${name}`,
    html`<h1>Delete ${name}?</h1>
      <div class="alert"><p>Every page and every service that uses this API Access Token <b>stops working</b> at once. It cannot be
      undone: a token created anew is another one.</p></div>
      <form method="post"><input type="hidden" name="form_token" value="${viewer.formToken}">
      <p class="row end"><a class="button plain" href="/tokens/${idOf(token)}">Keep it</a><button class="danger">Delete ${name}</button></p></form>`,
  );
}

function credentials({ name, token, expiration_date }: ApiToken): Html {
  return html`<fieldset><legend>Credentials</legend>
    <p><label for="token">Token</label><span class="row">
      <input id="token" type="password" readonly autocomplete="off" value="${token}">
      <button type="button" class="plain" data-show="token" aria-label="Show or hide the Token">Show</button>
      ${copyButton("Token", name, token)}</span></p>
    <p>Expires: ${expiration_date ?? "never"}</p></fieldset>`;
}
