import { createHash } from "node:crypto";
import type { Application, ApplicationMembers, ApplicationStore } from "../data/application-store.ts";
import { type Answer, type Call, errorAnswer, invalid } from "../http/answer.ts";
import type { Caller } from "./access.ts";
import { checkApplicationPatch, checkNewApplication } from "./application-validation.ts";
import { canonical, checkKey, readPaging } from "./paging.ts";

/** What an application has that its creation leaves out. */
const DEFAULTS = { sharing: { scope: "organization" }, pinned: false };

const DAY_MS = 24 * 60 * 60 * 1000;
const APPLICATIONS = "/workspace-api/applications";

/** The route of every operation of docs/applications-api.yaml. */
export const APPLICATION_OPERATIONS = {
  listApplications: `GET ${APPLICATIONS}`,
  createApplication: `POST ${APPLICATIONS}`,
  getApplication: `GET ${APPLICATIONS}/{application_id}`,
  updateApplication: `PATCH ${APPLICATIONS}/{application_id}`,
  deleteApplication: `DELETE ${APPLICATIONS}/{application_id}`,
  listGroups: "GET /workspace-api/groups",
} as const;

type Operation = (call: Call, caller: Pick<Caller, "user">) => Answer;

/** The operations, by operationId. */
export function applicationsApi(
  store: ApplicationStore,
  now: () => number,
): Record<keyof typeof APPLICATION_OPERATIONS, Operation> {
  const notFound = () =>
    errorAnswer(404, "not_found", "The application does not exist, or the calling user does not see it");
  const onSeen =
    (work: (application: Application, call: Call, caller: Pick<Caller, "user">) => Answer): Operation =>
    (call, caller) => {
      const application = store.find(call.params.application_id ?? "");
      return application && store.isSeenBy(caller.user, application) ? work(application, call, caller) : notFound();
    };
  const onOwn = (work: (application: Application, call: Call, caller: Pick<Caller, "user">) => Answer) =>
    onSeen((application, call, caller) =>
      application.owner_id === caller.user.user_id
        ? work(application, call, caller)
        : errorAnswer(403, "forbidden", "Only the owner may edit or delete an application"),
    );

  return {
    listApplications({ url }, { user }) {
      const { issues, value, page, pageSize } = readPaging(url.searchParams, {
        name: "owned",
        values: ["true", "false"],
      });
      if (issues.length > 0) return invalid(issues);
      const all = value === "true" ? store.ownedBy(user) : store.seenBy(user);
      const data = all.slice((page - 1) * pageSize, page * pageSize);
      return { status: 200, body: { data, page, page_size: pageSize, total: all.length } };
    },

    createApplication(call, { user }) {
      const key = call.headers["idempotency-key"];
      const checked = checkNewApplication(call.body, store.groups(user));
      const issues = [...("issues" in checked ? checked.issues : []), ...checkKey(key)];
      if (issues.length > 0 || "issues" in checked) return invalid(issues);
      if (user.role === "viewer") return errorAnswer(403, "forbidden", "A Viewer may not create applications");
      const bodyHash = createHash("sha256").update(canonical(checked.value)).digest("hex");
      const used = key === undefined ? undefined : store.keyUse(user.user_id, key);
      if (used && now() - used.created_at < DAY_MS) {
        const { application_id } = used;
        if (used.body_hash === bodyHash) return { status: 200, body: store.existing(application_id) };
        return errorAnswer(409, "conflict", "This idempotency key was used with another body", { application_id });
      }
      const members = { ...DEFAULTS, ...checked.value } as ApplicationMembers;
      const remembered = key === undefined ? undefined : { value: key, body_hash: bodyHash };
      return { status: 201, body: store.create(user, members, remembered) };
    },

    getApplication: onSeen((application) => ({ status: 200, body: application })),

    updateApplication: onOwn((application, call, { user }) => {
      const checked = checkApplicationPatch(call.body, store.groups(user), call.whole);
      if ("issues" in checked) return invalid(checked.issues);
      const { application_id: _, owner_id, created_at, updated_at, ...members } = application;
      const before = call.whole ? DEFAULTS : members;
      const patched = Object.entries({ ...before, ...checked.value }).filter(([, value]) => value !== null);
      return {
        status: 200,
        body: store.update(application, Object.fromEntries(patched) as unknown as ApplicationMembers),
      };
    }),

    deleteApplication: onOwn(({ application_id }) => {
      store.delete(application_id);
      return { status: 204 };
    }),

    listGroups: (_call, { user }) => ({ status: 200, body: { data: store.groups(user).map((name) => ({ name })) } }),
  };
}
