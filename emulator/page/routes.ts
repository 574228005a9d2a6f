import { credentialsApi } from "../api/credentials-api.ts";
import { refusalPage } from "../authority/pages.ts";
import type { Client } from "../data/client.ts";
import type { Store } from "../data/store.ts";
import type { Answer, Call, Issue } from "../http/answer.ts";
import type { Handler, Routes } from "../http/routes.ts";
import { defaultUrls, URL_LISTS } from "../url/rules.ts";
import { SCRIPT, STYLE } from "./assets.ts";
import {
  type ClientForm,
  clientPage,
  deletePage,
  formOf,
  listPage,
  NO_FORM,
  PAGE_SIZE,
  separated,
  userChoice,
  type Viewer,
} from "./credentials-page.ts";
import type { PageSession } from "./session.ts";

/** Answers a call of a logged-in user. */
export type PageHandler = (call: Call, viewer: Viewer) => Answer;

/** The routes of "Developers › Credentials": what a person does by hand goes through the same operations as the API's calls. */
export function pageRoutes(store: Store, session: PageSession, now: () => number): Routes {
  const api = credentialsApi(store, now);

  const { viewed, submitted } = pageHandlers(session);
  const onClient =
    (handle: (client: Client, call: Call, viewer: Viewer) => Answer): PageHandler =>
    (call, viewer) => {
      const client = store.client(call.params.client_id ?? "");
      const own = client?.owner_id === viewer.user.user_id;
      return client && own ? handle(client, call, viewer) : refusalPage("Not found", "You have no such client.", 404);
    };

  return {
    "GET /page.css": () => ({ status: 200, headers: { "Content-Type": "text/css; charset=utf-8" }, body: STYLE }),
    "GET /page.js": () => ({
      status: 200,
      headers: { "Content-Type": "text/javascript; charset=utf-8" },
      body: SCRIPT,
    }),

    "GET /": (call) => {
      const user = session.user(call);
      if (!user) return userChoice(store.users(), session.formToken(undefined));
      const type = typeOf(call);
      const number = Math.max(1, Number.parseInt(call.url.searchParams.get("page") ?? "1", 10) || 1);
      const { clients, total } = store.clientsOf(user.user_id, type, PAGE_SIZE, (number - 1) * PAGE_SIZE);
      return listPage({ user, formToken: session.formToken(user) }, type, clients, total, number);
    },
    "POST /login": (call) => {
      const form = formIn(call);
      if (!session.isOwnForm(undefined, form.get("form_token"))) return foreignForm();
      const user = store.user(form.get("user") ?? "");
      return user
        ? { ...redirect("/"), headers: { Location: "/", "Set-Cookie": session.cookie(user) } }
        : redirect("/");
    },
    "POST /logout": submitted(() => ({ status: 303, headers: { Location: "/", "Set-Cookie": session.endedCookie() } })),

    "GET /clients/new": viewed((call, viewer) => clientPage(viewer, typeOf(call), NO_FORM)),
    "POST /clients/new": submitted((call, viewer) => {
      const type = typeOf(call);
      const fields = fieldsOf(formIn(call));
      const body = JSON.stringify({ type, ...membersOf(type, fields, false) });
      const answer = api.createOAuthClient({ ...call, headers: {}, body }, viewer);
      if (answer.status === 201) return redirect(`/clients/${(answer.body as Client).client_id}`);
      return clientPage(viewer, type, fields, issuesOf(answer), undefined, answer.status);
    }),
    "GET /clients/{client_id}": viewed(
      onClient((client, _call, viewer) => clientPage(viewer, client.type, formOf(client), [], client)),
    ),
    "POST /clients/{client_id}": submitted(
      onClient((client, call, viewer) => {
        const fields = fieldsOf(formIn(call));
        const body = JSON.stringify(membersOf(client.type, fields, true));
        const answer = api.updateOAuthClient({ ...call, body }, viewer);
        if (answer.status === 200) return redirect(`/?type=${client.type}`);
        return clientPage(viewer, client.type, fields, issuesOf(answer), client, answer.status);
      }),
    ),
    "GET /clients/{client_id}/delete": viewed(onClient((client, _call, viewer) => deletePage(viewer, client))),
    "POST /clients/{client_id}/delete": submitted(
      onClient((client, call, viewer) => {
        api.deleteOAuthClient(call, viewer);
        return redirect(`/?type=${client.type}`);
      }),
    ),
  };
}

/** Handlers for a logged-in user; those of a form only for our own. */
export function pageHandlers(session: PageSession): Record<"viewed" | "submitted", (handle: PageHandler) => Handler> {
  const viewed =
    (handle: PageHandler): Handler =>
    (call) => {
      const user = session.user(call);
      return user ? handle(call, { user, formToken: session.formToken(user) }) : redirect("/");
    };
  const submitted = (handle: PageHandler): Handler =>
    viewed((call, viewer) =>
      session.isOwnForm(viewer.user, formIn(call).get("form_token")) ? handle(call, viewer) : foreignForm(),
    );
  return { viewed, submitted };
}

/** The fields of a form that was sent. */
export function formIn({ body }: Call): URLSearchParams {
  return new URLSearchParams(body);
}

/** Sends the browser elsewhere after a form. */
export function redirect(location: string): Answer {
  return { status: 303, headers: { Location: location } };
}

function foreignForm(): Answer {
  return refusalPage(
    "Not sent from here",
    "This form did not come from a page of the emulator: reload it and try again.",
    403,
  );
}

function typeOf({ url }: Call): Client["type"] {
  return url.searchParams.get("type") === "m2m" ? "m2m" : "spa";
}

function fieldsOf(form: URLSearchParams): ClientForm {
  const text = (name: string) => form.get(name) ?? "";
  const lists = Object.fromEntries(URL_LISTS.map((list) => [list, text(list)])) as Pick<ClientForm, "callbacks">;
  return {
    ...NO_FORM,
    title: text("title"),
    login_uri: text("login_uri").trim(),
    use_defaults: form.has("use_defaults"),
    ...lists,
  };
}

/** A new client gets its defaults from the API; an edited one is given them. */
function membersOf(type: Client["type"], form: ClientForm, edited: boolean): object {
  const { title, login_uri, use_defaults } = form;
  if (type === "m2m") return { title };
  if (use_defaults) {
    const defaults = edited && URL.canParse(login_uri) ? defaultUrls(login_uri) : {};
    return { title, login_uri, ...defaults };
  }
  const lists = URL_LISTS.map((list) => [list, separated(form[list])]);
  return { title, login_uri, ...Object.fromEntries(lists) };
}

/** What the API refused, field by field; a refusal of another kind has no field. */
export function issuesOf({ body }: Answer): Issue[] {
  const { issues, description } = body as { issues?: Issue[]; description: string };
  return issues ?? [{ path: "", message: description }];
}
