import { type ConfigSource, type Configuration, resolveConfiguration } from "../../carto/configuration.ts";
import type { Caller } from "../../carto/discovery.ts";
import { CartoError } from "../../carto/errors.ts";
import { TENANT_FROM } from "../../carto/settings.ts";
import { Tenant } from "../../carto/tenant.ts";
import type { Environment } from "../../manifest/environment.ts";
import { refuseUnknownGroups } from "./groups.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * How the command itself reaches CARTO for an environment: its `tenant` settings, then the environment variables.
 *
 * @param settings of the stack, for the hosts that it trusts
 */
export function configurationOf(
  { tenant = {} }: Pick<Environment, "tenant">,
  variables: Variables,
  settings: ConfigSource,
): Configuration {
  const own: Record<string, string | undefined> = {
    ...tenant,
    trustedHosts: settings("trustedHosts"),
    contract: settings("contract"),
    [TENANT_FROM]: "manifest",
  };
  return resolveConfiguration((name) => own[name], { ...variables });
}

/** How long a preview may wait for a busy or absent CARTO before it says so. */
const PATIENCE_SECONDS = 5;

/**
 * Lists the clients once, so that a preview reports what `up` would run into: an absent tenant, refused credentials. Credentials in the
 * stack configuration are the engine's to read: without others nothing is asked.
 *
 * @returns the calling user's ID; undefined if CARTO was not asked, or nothing says it
 * @throws CartoError When CARTO cannot be reached, or refuses the caller.
 */
export async function reachCarto(
  environment: Environment,
  variables: Variables,
  settings: ConfigSource,
): Promise<string | undefined> {
  const configuration = configurationOf(environment, variables, settings);
  if (configuration.credentials === undefined) return undefined;
  try {
    return await withTenant({ ...configuration, retryBudgetSeconds: PATIENCE_SECONDS }, async (tenant) => {
      const [client] = await (await tenant.api()).list();
      await refuseUnknownGroups(tenant, environment);
      // Only the caller's own clients are listed: who has none is asked for.
      return client?.ownerId ?? (await tenant.caller().catch(() => undefined))?.userId;
    });
  } catch (error) {
    // Busy, but there: up has more patience.
    if (!(error instanceof CartoError && error.code === "rate_limited")) throw error;
    return undefined;
  }
}

/** Who the credentials are; undefined where only the engine has them. @throws CartoError When CARTO cannot be reached, or refuses them. */
export async function callerOf(configuration: Configuration): Promise<Caller | undefined> {
  if (configuration.credentials === undefined) return undefined;
  return withTenant(configuration, (tenant) => tenant.caller());
}

/** Gives the tenant for as long as the work lasts. */
export async function withTenant<Result>(
  configuration: Configuration,
  work: (tenant: Tenant) => Promise<Result>,
): Promise<Result> {
  const tenant = new Tenant(configuration);
  try {
    return await work(tenant);
  } finally {
    await tenant.close();
  }
}
