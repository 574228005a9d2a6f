import type { Answer } from "../http/answer.ts";
import type { Caller } from "./access.ts";

/**
 * Answers where a tenant's APIs are.
 *
 * @see CARTO's public client code: accounts, then `config.yaml` of the tenant
 */
export function accountsApi(url: string) {
  const tenantDomain = new URL(url).host;
  return {
    /** Assumed: members in addition to `tenant_domain`, not documented by CARTO. */
    account({ user }: Caller): Answer {
      return { status: 200, body: { id: user.organization_id, name: user.organization, tenant_domain: tenantDomain } };
    },

    /** Assumed: members in addition to `user_id` and `user_metadata.tenant_domain`, not documented by CARTO. */
    user({ user }: Caller): Answer {
      const { user_id, email, name, organization_id } = user;
      const body = {
        user_id,
        email,
        name,
        user_metadata: { tenant_domain: tenantDomain, account_id: organization_id },
      };
      return { status: 200, body };
    },

    config(): Answer {
      const body = `apis:\n  baseUrl: ${url}/api\n  workspaceUrl: ${url}/workspace-api\n`;
      return { status: 200, headers: { "Content-Type": "application/yaml" }, body };
    },
  };
}
