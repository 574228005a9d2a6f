import type { Application, ApplicationMembers, Sharing } from "../data/application-store.ts";
import type { Answer, Issue } from "../http/answer.ts";
import { Html, html } from "../http/html.ts";
import { invalidMark, shell, type Viewer } from "./credentials-page.ts";

/** What the form of an application holds: as text, for it may be wrong. */
export interface ApplicationForm {
  name: string;
  description: string;
  app_url: string;
  thumbnail_url: string;
  scope: string;
  groups: string[];
  pinned: boolean;
}

/** The form before anything is entered. */
export const NO_APPLICATION_FORM: ApplicationForm = {
  name: "",
  description: "",
  app_url: "",
  thumbnail_url: "",
  scope: "organization",
  groups: [],
  pinned: false,
};

const SCOPES: Record<Sharing["scope"], string> = {
  private: "Private: only you see it",
  organization: "Entire organization",
  groups: "Only specific groups",
};

/** The form for an existing application. */
export function applicationFormOf({ sharing, ...application }: ApplicationMembers): ApplicationForm {
  const { name, app_url, pinned, description = "", thumbnail_url = "" } = application;
  return { name, description, app_url, thumbnail_url, scope: sharing.scope, groups: sharing.groups ?? [], pinned };
}

/** The cards of the Workspace, as this user sees them. */
export function applicationListPage(viewer: Viewer, applications: readonly Application[], isHome: boolean): Answer {
  const tab = (path: string, label: string, current: boolean) =>
    html`<a href="${path}" ${new Html(current ? 'aria-current="page"' : "")}>${label}</a>`;
  const empty = isHome ? "No application is pinned to the Homepage." : "You see no applications.";
  const create =
    viewer.user.role === "viewer" || isHome
      ? ""
      : html`<p class="row end"><a class="button" href="/applications/new">Register an application</a></p>`;
  return shell(
    viewer,
    isHome ? "Home" : "Applications",
    html`<h1>${isHome ? "Home" : "Applications"}</h1>
      <nav aria-label="Workspace">${tab("/home", "Home", isHome)}${tab("/applications", "Applications", !isHome)}</nav>
      ${applications.length === 0 ? html`<p>${empty}</p>` : html`<ul class="cards">${applications.map((one) => card(viewer, one))}</ul>`}
      ${create}`,
  );
}

function card({ user }: Viewer, application: Application): Html {
  const { application_id, name, description, app_url, owner_id, sharing } = application;
  const own = owner_id === user.user_id;
  const edit = own ? html` · <a href="/applications/${application_id}" aria-label="Edit ${name}">Edit</a>` : "";
  // A picture from elsewhere would let its host see who looks: the emulator shows a letter.
  return html`<li><span class="thumbnail" aria-hidden="true">${[...name][0] ?? ""}</span>
    <div><h2><a href="${app_url}" rel="noopener noreferrer">${name}</a></h2>
    ${description === undefined ? "" : html`<p>${description}</p>`}
    <p class="soft">${sharingText(sharing)}${edit}</p></div></li>`;
}

function sharingText({ scope, groups = [] }: Sharing): string {
  if (scope === "private") return "Private";
  return scope === "organization" ? "Entire organization" : groups.join(", ");
}

/** @param known names of the organization's groups */
export function applicationPage(
  viewer: Viewer,
  known: readonly string[],
  form: ApplicationForm,
  issues: Issue[] = [],
  application?: Application,
  status = issues.length > 0 ? 400 : 200,
): Answer {
  const title = application?.name ?? "New application";
  const of = (member: string) => issues.filter(({ path }) => path.replace(/[.[].*/, "") === member);
  const field = (member: "name" | "description" | "app_url" | "thumbnail_url", label: string, hint: string) =>
    html`<p><label for="${member}">${label}</label> <small>${hint}</small>
      <input id="${member}" name="${member}" value="${form[member]}" ${invalidMark(of(member))}>${problems(member, of(member))}</p>`;
  const scopes = Object.entries(SCOPES).map(
    ([scope, label]) => html`<p><label><input type="radio" name="scope" value="${scope}"
      ${new Html(form.scope === scope ? "checked" : "")}> ${label}</label></p>`,
  );
  const groups = known.map(
    (group) => html`<p><label><input type="checkbox" name="groups" value="${group}"
      ${new Html(form.groups.includes(group) ? "checked" : "")}> ${group}</label></p>`,
  );
  const path = application ? `/applications/${application.application_id}` : "/applications/new";
  const remaining = issues.filter(({ path }) => path === "");
  return shell(
    viewer,
    title,
    html`<h1>${title}</h1>
      ${issues.length > 0 ? html`<div class="alert error" role="alert">Nothing was saved. ${remaining.map(({ message }) => html`${message} `)}</div>` : ""}
      <form method="post" action="${path}"><input type="hidden" name="form_token" value="${viewer.formToken}">
      ${field("name", "Name", "Shown to users")}${field("description", "Description", "Short, shown below the name")}
      ${field("app_url", "App URL", "Where the application is reached")}
      ${field("thumbnail_url", "Thumbnail URL", "An image of 150 x 150 pixels is recommended")}
      <fieldset class="choice"><legend>Sharing</legend>${scopes}<div>${groups}</div>${problems("sharing", of("sharing"))}
        <p class="soft">Sharing decides who sees the application, never who may log in.</p></fieldset>
      <p><label><input type="checkbox" name="pinned" value="on" ${new Html(form.pinned ? "checked" : "")}>
        Pin to the Homepage</label></p>
      <p class="row end">${application ? html`<a href="${path}/delete">Delete</a>` : ""}
        <a class="button plain" href="/applications">Cancel</a><button>${application ? "Save changes" : "Register"}</button></p></form>`,
    status,
  );
}

/** Asks whether an application is to be deleted. */
export function applicationDeletePage(viewer: Viewer, { application_id, name }: Application): Answer {
  return shell(
    viewer,
    `Delete ${name}`,
    html`<h1>Delete ${name}?</h1>
      <div class="alert"><p>Its card disappears for everyone who sees it. OAuth clients are not touched: people who know the App URL still log in.</p></div>
      <form method="post"><input type="hidden" name="form_token" value="${viewer.formToken}">
      <p class="row end"><a class="button plain" href="/applications/${application_id}">Keep it</a><button class="danger">Delete ${name}</button></p></form>`,
  );
}

function problems(member: string, issues: Issue[]): Html {
  if (issues.length === 0) return new Html("");
  return html`<span class="error" id="${member}-problem">${issues.map(({ message }) => message).join("; ")}</span>`;
}
