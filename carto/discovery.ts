import { z } from "zod";
import type { AccessToken } from "./access-token.ts";
import { baseUrl } from "./base-url.ts";
import { type Configuration, trustOf } from "./configuration.ts";
import { CartoError } from "./errors.ts";
import type { Http } from "./http.ts";
import { isLoopback } from "./trusted-host.ts";

const Me = z.object({
  user_id: z.string().min(1),
  user_metadata: z.object({ tenant_domain: z.string().min(1).optional() }).optional(),
});
const TenantConfig = z.object({ apis: z.object({ baseUrl: z.url(), workspaceUrl: z.url() }) });

/** The user behind the access token. */
export interface Caller {
  /** e.g. `auth0|5f…` */
  userId: string;
  /** Host of the user's tenant; undefined where the accounts API names none. */
  tenantDomain: string | undefined;
}

/** The base URLs of a tenant's APIs, without trailing slash. */
export interface TenantUrls {
  baseUrl: string;
  workspaceUrl: string;
}

/**
 * The user and tenant that the access token belongs to.
 *
 * @see CARTO's public client code: `GET {accounts}/users/me`. Assumed: M2M tokens are answered too, not documented by CARTO.
 */
export async function whoAmI(configuration: Configuration, token: AccessToken): Promise<Caller> {
  const { accountsUrl } = configuration;
  const answer = await token.send(
    {
      subject: "Asking CARTO's accounts API who is calling",
      method: "GET",
      url: `${accountsUrl}/users/me`,
      repeatable: true,
    },
    { namedBy: configuration.namedBy.accountsUrl, trust: trustOf(configuration) },
  );
  if (answer.status === 401 || answer.status === 403) {
    throw new CartoError(
      "unauthorized",
      `The access token was refused by ${accountsUrl} (${answer.status}). Check that it has not expired and that its audience is "${configuration.audience}".`,
      { status: answer.status },
    );
  }
  const me = Me.safeParse(answer.body);
  if (answer.status !== 200 || !me.success) {
    throw new CartoError(
      "unexpected_answer",
      `${accountsUrl}/users/me answered ${answer.status} without a user. Check carto:accountsUrl, or set carto:credentialsUrl and skip discovery.`,
      { status: answer.status },
    );
  }
  return { userId: me.data.user_id, tenantDomain: me.data.user_metadata?.tenant_domain };
}

/**
 * The APIs of a tenant, from its public `config.yaml`.
 *
 * @param tenantDomain host with optional port; on loopback it is asked over http
 * @see CARTO's public client code: `GET https://{tenant_domain}/config.yaml`
 */
export async function tenantUrls(tenantDomain: string, http: Http): Promise<TenantUrls> {
  const scheme = isLoopback(tenantDomain) ? "http" : "https";
  const url = `${scheme}://${tenantDomain}/config.yaml`;
  if (!URL.canParse(url) || new URL(url).host !== tenantDomain.toLowerCase()) {
    throw new CartoError(
      "invalid_configuration",
      `The tenant domain ${JSON.stringify(tenantDomain)} is not a host name. Set carto:tenantDomain to a host such as my-company.app.carto.com.`,
    );
  }
  const { parse } = await import("yaml");
  const answer = await http.request({
    subject: "Reading the tenant's config.yaml",
    method: "GET",
    url,
    parse,
    repeatable: true,
  });
  if (answer.status >= 400) {
    throw new CartoError(
      "unexpected_answer",
      `${url} answered ${answer.status}: there is no tenant to discover. Check carto:tenantDomain, or set carto:credentialsUrl.`,
      { status: answer.status },
    );
  }
  const config = TenantConfig.safeParse(answer.body);
  if (!config.success) {
    throw new CartoError(
      "unexpected_answer",
      `${url} does not name apis.baseUrl and apis.workspaceUrl. Check carto:tenantDomain, or set carto:credentialsUrl.`,
    );
  }
  const { apis } = config.data;
  return { baseUrl: baseUrl(apis.baseUrl), workspaceUrl: baseUrl(apis.workspaceUrl) };
}
