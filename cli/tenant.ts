import { type Configuration, resolveConfiguration } from "../provider/configuration.ts";
import { Tenant } from "../provider/tenant.ts";
import type { Environment } from "../sdk/manifest/environment.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** How the command itself reaches CARTO for an environment: its `tenant` settings, then the environment variables. */
export function configurationOf(environment: Pick<Environment, "tenant">, variables: Variables): Configuration {
  const settings: Record<string, string | undefined> = { ...environment.tenant };
  return resolveConfiguration((name) => settings[name], { ...variables });
}

/** How long a preview may wait for a busy or absent CARTO before it says so. */
const PATIENCE_SECONDS = 5;

/**
 * Lists the clients once, so that a preview tells what `up` would meet: an absent tenant, refused credentials. Credentials in the
 * stack configuration are the engine's to read: without others nothing is asked.
 *
 * @throws CartoError When CARTO cannot be reached, or refuses the caller.
 */
export async function reachCarto(environment: Environment, variables: Variables): Promise<void> {
  const configuration = configurationOf(environment, variables);
  if (configuration.credentials === undefined) return;
  const tenant = new Tenant({ ...configuration, retryBudgetSeconds: PATIENCE_SECONDS });
  try {
    await (await tenant.api()).list();
  } finally {
    await tenant.close();
  }
}
