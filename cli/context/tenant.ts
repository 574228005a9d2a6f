import { type Configuration, resolveConfiguration } from "../../carto/configuration.ts";
import { CartoError } from "../../carto/errors.ts";
import { Tenant } from "../../carto/tenant.ts";
import type { OAuthClient } from "../../kinds/oauth-client/oauth-client.ts";
import type { Environment } from "../../manifest/environment.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** How the command itself reaches CARTO for an environment: its `tenant` settings, then the environment variables. */
export function configurationOf(environment: Pick<Environment, "tenant">, variables: Variables): Configuration {
  const settings: Record<string, string | undefined> = { ...environment.tenant };
  return resolveConfiguration((name) => settings[name], { ...variables });
}

/**
 * The calling user's clients, oldest first, without secrets.
 *
 * @throws CartoError When CARTO cannot be reached, or refuses the caller.
 */
export async function listClients(configuration: Configuration): Promise<OAuthClient[]> {
  return withTenant(configuration, async (tenant) => (await tenant.api()).list());
}

/** How many clients are read at once. */
const READERS = 4;

/**
 * Clients with their secrets, in the order of the IDs.
 *
 * @throws CartoError `not_found` When one is no longer there.
 */
export async function readSecrets(configuration: Configuration, ids: readonly string[]): Promise<OAuthClient[]> {
  return withTenant(configuration, async (tenant) => {
    const api = await tenant.api();
    const clients: OAuthClient[] = [];
    const queue = ids.entries();
    const reader = async () => {
      for (const [index, id] of queue) {
        const client = await api.get(id);
        if (client === undefined)
          throw new CartoError("not_found", `OAuth client ${id} is no longer there: run it again.`);
        clients[index] = client;
      }
    };
    await Promise.all(Array.from({ length: READERS }, reader));
    return clients;
  });
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
  try {
    await listClients({ ...configuration, retryBudgetSeconds: PATIENCE_SECONDS });
  } catch (error) {
    // Busy, but there: up has more patience.
    if (!(error instanceof CartoError && error.code === "rate_limited")) throw error;
  }
}

async function withTenant<Result>(
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
