import { userRadios } from "../authority/user-radios.ts";
import type { Client, User } from "../data/client.ts";
import type { Answer, Issue } from "../http/answer.ts";
import { Html, html, page } from "../http/html.ts";
import { defaultUrls, URL_LISTS, type UrlList } from "../url/rules.ts";

type ClientType = Client["type"];

const KINDS: Record<ClientType, string> = { spa: "SPA OAuth Client", m2m: "M2M OAuth Client" };
const LISTS: Record<UrlList, string> = {
  callbacks: "Allowed Callback URLs",
  logout_urls: "Allowed Logout URLs",
  web_origins: "Allowed Web Origins",
  allowed_origins: "Allowed Origins (CORS)",
};

/** Stands for a client secret. */
export const MASK = "••••••••••••";

/** Pages of one user; forms carry the token that shows they are ours. */
export interface Viewer {
  user: User;
  formToken: string;
}

/** What a form holds: as text, for it may be wrong. */
export interface ClientForm extends Record<UrlList, string> {
  title: string;
  login_uri: string;
  use_defaults: boolean;
}

/** The form before anything is entered. */
export const NO_FORM: ClientForm = {
  title: "",
  login_uri: "",
  use_defaults: true,
  callbacks: "",
  logout_urls: "",
  web_origins: "",
  allowed_origins: "",
};

/** The form for an existing client. */
export function formOf(client: Client): ClientForm {
  const lists = Object.fromEntries(URL_LISTS.map((list) => [list, (client[list] ?? []).join(", ")])) as Record<
    UrlList,
    string
  >;
  const defaults = client.login_uri === undefined ? undefined : defaultUrls(client.login_uri);
  const use_defaults = defaults !== undefined && URL_LISTS.every((list) => lists[list] === defaults[list].join(", "));
  return { title: client.title, login_uri: client.login_uri ?? "", use_defaults, ...lists };
}

/** Asks who looks at the page. */
export function userChoice(users: User[], formToken: string): Answer {
  return page(
    "Log in",
    html`<h1>Developers › Credentials</h1>
      <form method="post" action="/login"><input type="hidden" name="form_token" value="${formToken}">${userRadios(users)}
      <button>Log in</button></form>`,
  );
}

/** The clients of a user. */
export function listPage(
  viewer: Viewer,
  type: ClientType,
  clients: Client[],
  total: number,
  pageNumber: number,
): Answer {
  const rows = clients.map(
    ({ client_id, title, client_secret }) => html`<tr>
      <td><a href="/clients/${client_id}">${title}</a></td>
      <td><code>${client_id}</code> ${copyButton("Client ID", title, client_id)}</td>
      <td><span aria-label="masked">${MASK}</span> ${copyButton("Client Secret", title, client_secret)}</td>
      <td class="actions"><a href="/clients/${client_id}" aria-label="View or edit ${title}">View or edit</a>
        · <a href="/clients/${client_id}/delete" aria-label="Delete ${title}">Delete</a></td></tr>`,
  );
  const table = html`<table><thead><tr><th scope="col">Name</th><th scope="col">Client ID</th>
    <th scope="col">Client Secret</th><th scope="col"><span class="soft">Actions</span></th></tr></thead><tbody>${rows}</tbody></table>`;
  const pages = Math.ceil(total / PAGE_SIZE);
  const more = Array.from({ length: pages }, (_, index) =>
    index + 1 === pageNumber
      ? html` <b>${index + 1}</b>`
      : html` <a href="/?type=${type}&page=${index + 1}">${index + 1}</a>`,
  );
  return shell(
    viewer,
    "Credentials",
    html`<div class="row"><h1>Developers › Credentials</h1></div>
      ${tabs(type)}
      ${total === 0 ? html`<p>You have no ${KINDS[type]}s.</p>` : table}
      ${pages > 1 ? html`<p>Pages:${more}</p>` : ""}
      <p class="row end"><a class="button" href="/clients/new?type=${type}">Create a ${KINDS[type]}</a></p>`,
  );
}

/** Clients on one page. */
export const PAGE_SIZE = 50;

/** The kinds of credentials, one of them current. */
export function tabs(current: ClientType | "token"): Html {
  const tab = (kind: ClientType | "token", href: string, label: string) =>
    html`<a href="${href}" ${new Html(kind === current ? 'aria-current="page"' : "")}>${label}</a>`;
  return html`<nav aria-label="Kinds of credentials">${tab("spa", "/?type=spa", `${KINDS.spa}s`)}${tab("m2m", "/?type=m2m", `${KINDS.m2m}s`)}${tab("token", "/tokens", "API Access Tokens")}</nav>`;
}

/** The form of a client, new or existing. */
export function clientPage(
  viewer: Viewer,
  type: ClientType,
  form: ClientForm,
  issues: Issue[] = [],
  client?: Client,
  status = issues.length > 0 ? 400 : 200,
): Answer {
  const verb = client ? "Save changes" : `Create ${KINDS[type]}`;
  const of = (member: string) => issues.filter(({ path }) => path.replace(/\[.*/, "") === member);
  const field = (member: string, label: string, value: string, hint: string, required = "") =>
    html`<p><label for="${member}">${label}</label> <small>${hint}</small>
      <input id="${member}" name="${member}" value="${value}" ${new Html(required)} ${invalidMark(of(member))}>${problems(member, of(member))}</p>`;
  const lists = URL_LISTS.map(
    (list) => html`<p><label for="${list}">${LISTS[list]}</label> <small>Separated by commas</small>
      <textarea id="${list}" name="${list}" rows="2" ${invalidMark(of(list))}>${form[list]}</textarea>${problems(list, of(list), form[list])}</p>`,
  );
  const urls = html`${field("login_uri", "Application Login URL", form.login_uri, "Where your users log in", "required")}
    <p><label><input type="checkbox" name="use_defaults" value="on" ${new Html(form.use_defaults ? "checked" : "")}>
      Use default logout/callback URLs and origins</label></p>
    <fieldset id="lists"><legend>URLs and origins</legend>${lists}</fieldset>`;
  const general = issues.filter(({ path }) => !["title", "login_uri", ...URL_LISTS].includes(path.replace(/\[.*/, "")));
  return shell(
    viewer,
    client?.title ?? `New ${KINDS[type]}`,
    html`<h1>${client ? client.title : `New ${KINDS[type]}`}</h1>
      ${issues.length > 0 ? html`<div class="alert error" role="alert">Nothing was saved. ${general.map(({ message }) => html`${message} `)}</div>` : ""}
      ${client ? credentials(client) : ""}
      <form method="post" action="${client ? `/clients/${client.client_id}` : `/clients/new?type=${type}`}">
      <input type="hidden" name="form_token" value="${viewer.formToken}">
      ${field("title", "Name", form.title, "Informative; need not be unique", "required maxlength=255")}
      ${type === "spa" ? urls : ""}
      <p class="row end">${client ? html`<a href="/clients/${client.client_id}/delete">Delete</a>` : ""}
        <a class="button plain" href="/?type=${type}">Cancel</a><button>${verb}</button></p></form>`,
    status,
  );
}

/** Asks whether a client is to be deleted. */
export function deletePage(viewer: Viewer, { client_id, title, type }: Client): Answer {
  return shell(
    viewer,
    `Delete ${title}`,
    html`<h1>Delete ${title}?</h1>
      <div class="alert"><p>Every user and every service of this ${KINDS[type]} <b>stops working</b> at once. It cannot be undone: a client
      created anew has another Client ID and Client Secret.</p><p><code>${client_id}</code></p></div>
      <form method="post"><input type="hidden" name="form_token" value="${viewer.formToken}">
      <p class="row end"><a class="button plain" href="/clients/${client_id}">Keep it</a><button class="danger">Delete ${title}</button></p></form>`,
  );
}

function credentials({ title, client_id, client_secret }: Client): Html {
  return html`<fieldset><legend>Credentials</legend>
    <p><label for="client_id">Client ID</label><span class="row"><input id="client_id" readonly value="${client_id}">
      ${copyButton("Client ID", title, client_id)}</span></p>
    <p><label for="client_secret">Client Secret</label><span class="row">
      <input id="client_secret" type="password" readonly autocomplete="off" value="${client_secret}">
      <button type="button" class="plain" data-show="client_secret" aria-label="Show or hide the Client Secret">Show</button>
      ${copyButton("Client Secret", title, client_secret)}</span></p></fieldset>`;
}

/** Copies a value to the clipboard. */
export function copyButton(what: string, title: string, value: string): Html {
  return html`<button type="button" class="plain" data-copy="${value}" data-what="${what}" aria-label="Copy the ${what} of ${title}">Copy</button>`;
}

/** Says in a form what is wrong with a field. */
export function invalidMark(issues: Issue[]): Html {
  const [first] = issues;
  return first ? html`aria-invalid="true" aria-describedby="${first.path.replace(/\[.*/, "")}-problem"` : new Html("");
}

function problems(member: string, issues: Issue[], value = ""): Html {
  if (issues.length === 0) return new Html("");
  const urls = separated(value);
  const text = issues.map(({ path, message }) => {
    const index = /\[(\d+)\]$/.exec(path)?.[1];
    return index === undefined ? message : `${urls[Number(index)]} ${message}`;
  });
  return html`<span class="error" id="${member}-problem">${text.join("; ")}</span>`;
}

/** The URLs of a comma-separated list. */
export function separated(text: string): string[] {
  return text
    .split(",")
    .map((url) => url.trim())
    .filter(Boolean);
}

/** The frame of every page. */
export function shell({ user, formToken }: Viewer, title: string, main: Html, status = 200): Answer {
  const header = html`<header><b>CARTO emulator</b> <a href="/home">Workspace</a> <a href="/">Credentials</a> ${user.name}
    <form method="post" action="/logout"><input type="hidden" name="form_token" value="${formToken}"><button>Log out</button></form></header>`;
  const script = html`<p role="status" class="soft"></p><script src="/page.js" type="module"></script>`;
  return page(title, html`${main}${script}`, { status, header, scripts: "'self'" });
}
