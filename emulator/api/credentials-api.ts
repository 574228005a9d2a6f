import { createHash } from "node:crypto";
import { type Client, type Store, withoutSecret } from "../data/store.ts";
import { type Answer, type Call, type Issue, invalid, refuse } from "../http/answer.ts";
import { defaultUrls } from "../url/rules.ts";
import type { Caller } from "./access.ts";
import { checkNewClient, checkPatch } from "./validation.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_PAGE_SIZE = 100;

const CLIENTS = "/workspace-api/credentials/oauth-clients";

/** The route of every operation of docs/credentials-api.yaml. */
export const OPERATIONS = {
  listOAuthClients: `GET ${CLIENTS}`,
  createOAuthClient: `POST ${CLIENTS}`,
  getOAuthClient: `GET ${CLIENTS}/{client_id}`,
  updateOAuthClient: `PATCH ${CLIENTS}/{client_id}`,
  deleteOAuthClient: `DELETE ${CLIENTS}/{client_id}`,
} as const;
export type OperationId = keyof typeof OPERATIONS;

/** An operation of the contract, answered for a caller whose token is in order. */
export type Operation = (call: Call, caller: Pick<Caller, "user">) => Answer;

/** The operations, by operationId. */
export function credentialsApi(store: Store, now: () => number): Record<OperationId, Operation> {
  const own = (call: Call, { user }: Pick<Caller, "user">): Client | undefined => {
    const client = store.client(call.params.client_id ?? "");
    return client?.owner_id === user.user_id ? client : undefined;
  };
  const notFound = () => refuse(404, "not_found", "There is no such OAuth client among those of the calling user");

  return {
    listOAuthClients({ url }, { user }) {
      const { issues, type, page, pageSize } = checkQuery(url.searchParams);
      if (issues.length > 0) return invalid(issues);
      const { clients, total } = store.clientsOf(user.user_id, type, pageSize, (page - 1) * pageSize);
      return { status: 200, body: { data: clients.map(withoutSecret), page, page_size: pageSize, total } };
    },

    createOAuthClient(call, { user }) {
      const key = call.headers["idempotency-key"];
      const checked = checkNewClient(call.body);
      const issues = "issues" in checked ? checked.issues : [];
      if (key !== undefined && (key.length < 8 || key.length > 255)) {
        issues.push({ path: "Idempotency-Key", message: "must have 8 to 255 characters" });
      }
      if (issues.length > 0 || "issues" in checked) return invalid(issues);
      const { value } = checked;

      if (user.role === "viewer")
        return refuse(403, "forbidden", "A Viewer may not create OAuth clients: ask an Editor");
      if (value.type === "m2m" && user.plan !== "enterprise_large") {
        return refuse(403, "plan_required", "M2M OAuth clients need the plan Enterprise Large or above");
      }

      const bodyHash = createHash("sha256").update(canonical(value)).digest("hex");
      const used = key === undefined ? undefined : store.keyUse(user.user_id, key);
      if (used && now() - used.created_at < DAY_MS) {
        if (used.body_hash === bodyHash) return { status: 200, body: store.client(used.client_id) as Client };
        return refuse(409, "conflict", "This idempotency key was used with another body", {
          client_id: used.client_id,
        });
      }
      const wanted = value.login_uri === undefined ? value : { ...defaultUrls(value.login_uri), ...value };
      const remembered = key === undefined ? undefined : { value: key, body_hash: bodyHash };
      return { status: 201, body: store.create(user.user_id, wanted, remembered) };
    },

    getOAuthClient(call, caller) {
      const client = own(call, caller);
      return client ? { status: 200, body: client } : notFound();
    },

    updateOAuthClient(call, caller) {
      const client = own(call, caller);
      if (!client) return notFound();
      const checked = checkPatch(call.body, client.type);
      return "issues" in checked ? invalid(checked.issues) : { status: 200, body: store.update(client, checked.value) };
    },

    deleteOAuthClient(call, caller) {
      const client = own(call, caller);
      if (!client) return notFound();
      store.delete(client.client_id);
      return { status: 204 };
    },
  };
}

function checkQuery(query: URLSearchParams) {
  const issues: Issue[] = [];
  for (const name of new Set(query.keys())) {
    if (!["type", "page", "page_size"].includes(name)) issues.push({ path: name, message: "is not known" });
    else if (query.getAll(name).length > 1) issues.push({ path: name, message: "must be given once" });
  }
  const whole = (name: string, unset: number, max: number): number => {
    const text = query.get(name);
    if (text === null) return unset;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : 0;
    if (value < 1 || value > max) {
      issues.push({ path: name, message: `must be a whole number from 1${max < Infinity ? ` to ${max}` : ""}` });
    }
    return value;
  };
  const type = query.get("type");
  if (type !== null && type !== "spa" && type !== "m2m")
    issues.push({ path: "type", message: 'must be "spa" or "m2m"' });
  return { issues, type, page: whole("page", 1, Infinity), pageSize: whole("page_size", 50, MAX_PAGE_SIZE) };
}

/** The same text for bodies that differ in the order of members only. */
function canonical(body: object): string {
  return JSON.stringify(Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1)));
}
