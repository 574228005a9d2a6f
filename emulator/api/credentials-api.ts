import { createHash } from "node:crypto";
import { type Client, type NewClient, withoutSecret } from "../data/client.ts";
import type { Store } from "../data/store.ts";
import { type Answer, type Call, errorAnswer, invalid } from "../http/answer.ts";
import { defaultUrls } from "../url/rules.ts";
import type { Caller } from "./access.ts";
import { canonical, checkKey, readPaging } from "./paging.ts";
import { checkNewClient, checkPatch } from "./validation.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

const CLIENTS = "/workspace-api/credentials/oauth-clients";

/** The route of every operation of docs/credentials-api.yaml. */
export const OPERATIONS = {
  listOAuthClients: `GET ${CLIENTS}`,
  createOAuthClient: `POST ${CLIENTS}`,
  getOAuthClient: `GET ${CLIENTS}/{client_id}`,
  updateOAuthClient: `PATCH ${CLIENTS}/{client_id}`,
  deleteOAuthClient: `DELETE ${CLIENTS}/{client_id}`,
} as const;

/** `operationId` in docs/credentials-api.yaml. */
export type OperationId = keyof typeof OPERATIONS;

/** An operation of the contract, answered for a caller whose token is in order. */
export type Operation = (call: Call, caller: Pick<Caller, "user">) => Answer;

/** The operations, by operationId. */
export function credentialsApi(store: Store, now: () => number): Record<OperationId, Operation> {
  const own = (call: Call, { user }: Pick<Caller, "user">): Client | undefined => {
    const client = store.client(call.params.client_id ?? "");
    return client?.owner_id === user.user_id ? client : undefined;
  };
  const notFound = () => errorAnswer(404, "not_found", "The calling user has no such OAuth client");

  return {
    listOAuthClients({ url }, { user }) {
      const {
        issues,
        value: type,
        page,
        pageSize,
      } = readPaging(url.searchParams, { name: "type", values: ["spa", "m2m"] });
      if (issues.length > 0) return invalid(issues);
      const { clients, total } = store.clientsOf(user.user_id, type, pageSize, (page - 1) * pageSize);
      return { status: 200, body: { data: clients.map(withoutSecret), page, page_size: pageSize, total } };
    },

    createOAuthClient(call, { user }) {
      const key = call.headers["idempotency-key"];
      const checked = checkNewClient(call.body);
      const issues = [...("issues" in checked ? checked.issues : []), ...checkKey(key)];
      if (issues.length > 0 || "issues" in checked) return invalid(issues);
      const { value } = checked;

      if (user.role === "viewer")
        return errorAnswer(403, "forbidden", "A Viewer may not create OAuth clients: ask an Editor");
      if (value.type === "m2m" && user.plan !== "enterprise_large") {
        return errorAnswer(403, "plan_required", "M2M OAuth clients need the plan Enterprise Large or above");
      }

      const bodyHash = createHash("sha256").update(canonical(value)).digest("hex");
      const used = key === undefined ? undefined : store.keyUse(user.user_id, key);
      if (used && now() - used.created_at < DAY_MS) {
        if (used.body_hash === bodyHash) return { status: 200, body: store.existing(used.client_id) };
        return errorAnswer(409, "conflict", "This idempotency key was used with another body", {
          client_id: used.client_id,
        });
      }
      const remembered = key === undefined ? undefined : { value: key, body_hash: bodyHash };
      return { status: 201, body: store.create(user.user_id, withDefaults(value), remembered) };
    },

    getOAuthClient(call, caller) {
      const client = own(call, caller);
      return client ? { status: 200, body: client } : notFound();
    },

    updateOAuthClient(call, caller) {
      const client = own(call, caller);
      if (!client) return notFound();
      const checked = checkPatch(call.body, client.type, call.whole);
      if ("issues" in checked) return invalid(checked.issues);
      const { value } = checked;
      return { status: 200, body: store.update(client, call.whole ? withDefaults(value) : value) };
    },

    deleteOAuthClient(call, caller) {
      const client = own(call, caller);
      if (!client) return notFound();
      store.delete(client.client_id);
      return { status: 204 };
    },
  };
}

/** A whole client: the lists that it leaves out follow from its login URL. */
function withDefaults<T extends Partial<NewClient>>(client: T): T {
  return client.login_uri === undefined ? client : { ...defaultUrls(client.login_uri), ...client };
}
