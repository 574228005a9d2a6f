import { applicationsApi } from "../api/applications-api.ts";
import { refusalPage } from "../authority/pages.ts";
import type { Application, ApplicationStore } from "../data/application-store.ts";
import type { Answer, Call } from "../http/answer.ts";
import type { Routes } from "../http/routes.ts";
import {
  type ApplicationForm,
  applicationDeletePage,
  applicationFormOf,
  applicationListPage,
  applicationPage,
  NO_APPLICATION_FORM,
} from "./application-page.ts";
import type { Viewer } from "./credentials-page.ts";
import { formIn, issuesOf, type PageHandler, pageHandlers, redirect } from "./routes.ts";
import type { PageSession } from "./session.ts";

/** The routes of the Workspace: Home and Applications, as each user sees them. */
export function applicationPageRoutes(applications: ApplicationStore, session: PageSession, now: () => number): Routes {
  const api = applicationsApi(applications, now);
  const { viewed, submitted } = pageHandlers(session);
  const onOwn =
    (handle: (application: Application, call: Call, viewer: Viewer) => Answer): PageHandler =>
    (call, viewer) => {
      const application = applications.find(call.params.application_id ?? "");
      if (!application || !applications.isSeenBy(viewer.user, application)) {
        return refusalPage("Not found", "You see no such application.", 404);
      }
      if (application.owner_id !== viewer.user.user_id) {
        return refusalPage("Not yours", "Only the owner may edit or delete an application.", 403);
      }
      return handle(application, call, viewer);
    };
  const groupsFor = ({ user }: Viewer) => applications.groups(user);

  return {
    "GET /home": viewed((_call, viewer) => {
      const pinned = applications.seenBy(viewer.user).filter((application) => application.pinned);
      return applicationListPage(viewer, pinned, true);
    }),
    "GET /applications": viewed((_call, viewer) =>
      applicationListPage(viewer, applications.seenBy(viewer.user), false),
    ),
    "GET /applications/new": viewed((_call, viewer) => applicationPage(viewer, groupsFor(viewer), NO_APPLICATION_FORM)),
    "POST /applications/new": submitted((call, viewer) => {
      const form = fieldsOf(formIn(call));
      const body = JSON.stringify(membersOf(form, undefined));
      const answer = api.createApplication({ ...call, headers: {}, body }, viewer);
      if (answer.status === 201) return redirect("/applications");
      return applicationPage(viewer, groupsFor(viewer), form, issuesOf(answer), undefined, answer.status);
    }),
    "GET /applications/{application_id}": viewed(
      onOwn((application, _call, viewer) =>
        applicationPage(viewer, groupsFor(viewer), applicationFormOf(application), [], application),
      ),
    ),
    "POST /applications/{application_id}": submitted(
      onOwn((application, call, viewer) => {
        const form = fieldsOf(formIn(call));
        const answer = api.updateApplication({ ...call, body: JSON.stringify(membersOf(form, null)) }, viewer);
        if (answer.status === 200) return redirect("/applications");
        return applicationPage(viewer, groupsFor(viewer), form, issuesOf(answer), application, answer.status);
      }),
    ),
    "GET /applications/{application_id}/delete": viewed(
      onOwn((application, _call, viewer) => applicationDeletePage(viewer, application)),
    ),
    "POST /applications/{application_id}/delete": submitted(
      onOwn((_application, call, viewer) => {
        api.deleteApplication(call, viewer);
        return redirect("/applications");
      }),
    ),
  };
}

function fieldsOf(form: URLSearchParams): ApplicationForm {
  const text = (name: string) => (form.get(name) ?? "").trim();
  return {
    name: text("name"),
    description: text("description"),
    app_url: text("app_url"),
    thumbnail_url: text("thumbnail_url"),
    scope: text("scope"),
    groups: form.getAll("groups"),
    pinned: form.has("pinned"),
  };
}

/** @param empty the value of a text that is left out: null clears it */
function membersOf({ scope, groups, description, thumbnail_url, ...others }: ApplicationForm, empty: null | undefined) {
  return {
    ...others,
    description: description || empty,
    thumbnail_url: thumbnail_url || empty,
    sharing: scope === "groups" ? { scope, groups } : { scope },
  };
}
