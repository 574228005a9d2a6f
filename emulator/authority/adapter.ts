import type { Adapter, AdapterPayload } from "oidc-provider";
import type { Client } from "../data/client.ts";
import type { Store } from "../data/store.ts";

/** Stores oidc-provider's sessions, codes, grants and refresh tokens; clients come from the store and are never copied. */
export function authorityAdapter(store: Store): (model: string) => Adapter {
  store.run("DELETE FROM authority WHERE expires_at < ?", Math.floor(Date.now() / 1000));
  return (model) => {
    const parsed = (row: { payload: string } | undefined): AdapterPayload | undefined => row && JSON.parse(row.payload);
    const nowSeconds = () => Math.floor(Date.now() / 1000);
    return {
      async upsert(id, payload, expiresInSeconds) {
        store.run(
          "INSERT OR REPLACE INTO authority (model, id, payload, uid, grant_id, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
          model,
          id,
          JSON.stringify(payload),
          payload.uid ?? null,
          payload.grantId ?? null,
          expiresInSeconds ? nowSeconds() + expiresInSeconds : null,
        );
      },
      async find(id) {
        if (model === "Client") {
          const client = store.client(id);
          return client && metadata(client);
        }
        return parsed(
          store.one(
            "SELECT payload FROM authority WHERE model = ? AND id = ? AND (expires_at IS NULL OR expires_at > ?)",
            model,
            id,
            nowSeconds(),
          ),
        );
      },
      async findByUid(uid) {
        return parsed(store.one("SELECT payload FROM authority WHERE model = ? AND uid = ?", model, uid));
      },
      // Device codes are switched off.
      async findByUserCode() {
        return undefined;
      },
      async consume(id) {
        store.run(
          "UPDATE authority SET payload = json_set(payload, '$.consumed', ?) WHERE model = ? AND id = ?",
          nowSeconds(),
          model,
          id,
        );
      },
      async destroy(id) {
        store.run("DELETE FROM authority WHERE model = ? AND id = ?", model, id);
      },
      async revokeByGrantId(grantId) {
        store.run("DELETE FROM authority WHERE grant_id = ?", grantId);
      },
    };
  };
}

function metadata(client: Client): AdapterPayload {
  const { client_id, client_secret, title } = client;
  if (client.type === "m2m") {
    return {
      client_id,
      client_secret,
      client_name: title,
      grant_types: ["client_credentials"],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: "client_secret_post",
    };
  }
  const callbacks = client.callbacks ?? [];
  return {
    client_id,
    client_name: title,
    grant_types: ["authorization_code", "refresh_token"],
    // Without a callback no user can log in; oidc-provider requires this form.
    response_types: callbacks.length > 0 ? ["code"] : [],
    redirect_uris: callbacks,
    post_logout_redirect_uris: client.logout_urls ?? [],
    token_endpoint_auth_method: "none",
  };
}
