import { KINDS } from "../kinds/index.ts";
import { canonicalInputs, differenceAtCarto, inputsOf, localSettings, pick } from "../kinds/inputs.ts";
import type { Properties } from "../kinds/kind.ts";
import type { OAuthClient } from "../kinds/oauth-client/oauth-client.ts";
import type { DeclaredClient } from "../manifest/environment.ts";
import { providerText, resourceType } from "../sdk/resource-type.ts";
import type { ManagedClient } from "./stack-state.ts";

/** An existing client and the declaration it is to be managed under. */
export interface Adoption {
  declared: Pick<DeclaredClient, "logicalName" | "kind"> & { inputs: object };
  client: OAuthClient;
}

/** What an import would do. */
export interface AdoptionPlan {
  adoptions: Adoption[];
  /** Logical names of declared clients that the stack manages already. */
  managed: string[];
  /** Logical names of declared clients that do not exist: `up` creates them. */
  missing: string[];
  /** Why a declared client cannot be told: one sentence each. */
  failures: string[];
}

/**
 * Finds for each declared client the existing one it stands for: by the ID given for it, else the only one of its kind and name,
 * else the only one of those that has the same URLs.
 *
 * @param existing clients of the calling user
 * @param ids client IDs by logical name, which decide
 */
export function planAdoption(
  declared: readonly DeclaredClient[],
  existing: readonly OAuthClient[],
  managed: readonly ManagedClient[],
  ids: Readonly<Record<string, string>> = {},
): AdoptionPlan {
  const plan: AdoptionPlan = { adoptions: [], managed: [], missing: [], failures: [] };
  const taken = new Set([...managed.map(({ clientId }) => clientId), ...Object.values(ids)]);
  const names = new Set(declared.map(({ logicalName }) => logicalName));
  for (const name of Object.keys(ids)) {
    if (!names.has(name)) plan.failures.push(`${name}: the manifest declares no such client: check --id`);
  }
  for (const client of declared) {
    const { logicalName, kind, inputs } = client;
    const id = ids[logicalName];
    const own = managed.find((one) => one.logicalName === logicalName && one.kind === kind);
    if (own !== undefined) {
      if (id === undefined || id === own.clientId) plan.managed.push(logicalName);
      else plan.failures.push(`${logicalName}: the stack manages ${own.clientId} under this name: check --id`);
      continue;
    }
    const given = existing.find((one) => one.id === id);
    if (id !== undefined && given?.kind !== kind) {
      plan.failures.push(`${logicalName}: the calling user has no ${kind} client with ID ${id}: check --id`);
      continue;
    }
    const alike = existing.filter((one) => one.kind === kind && one.name === inputs.name && !taken.has(one.id));
    const twins = alike.filter(
      (one) =>
        Object.keys(differenceAtCarto(KINDS[kind], inputsOf(KINDS[kind], one, {}), checked(client))).length === 0,
    );
    const [found] = given ? [given] : twins.length === 1 ? twins : alike;
    if (found === undefined) plan.missing.push(logicalName);
    else if (given === undefined && alike.length > 1 && twins.length !== 1) {
      const candidates = alike.map((one) => one.id).join(", ");
      plan.failures.push(
        `${logicalName}: several clients could be it, ${candidates}: say which with --id ${logicalName}=ID`,
      );
    } else {
      taken.add(found.id);
      plan.adoptions.push({ declared: client, client: found });
    }
  }
  return plan;
}

/** One entry of the file that `pulumi import --file` reads. Holds the client secret in plain: for a private file only. */
export interface ImportEntry {
  type: string;
  name: string;
  id: string;
  /** A name of the file's table. Unset: the default provider. */
  provider?: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** How the engine marks a secret in plain JSON. */
const SECRET_MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/**
 * @param adoption its client with secret: what CARTO lists has none
 * @throws TypeError When the secret is missing.
 */
export function importEntry({ declared, client }: Adoption, provider: string | undefined): ImportEntry {
  const { clientSecret } = client;
  if (clientSecret === undefined) throw new TypeError(`OAuth client ${client.id}: read it with its secret first.`);
  const { id, kind } = client;
  const inputs = inputsOf(KINDS[kind], client, localSettings(KINDS[kind], checked(declared)));
  const text = { __provider: providerText(KINDS[kind]) };
  return {
    type: resourceType(KINDS[kind]),
    name: declared.logicalName,
    id,
    ...(provider !== undefined && { provider }),
    inputs: { ...inputs, ...text },
    outputs: {
      ...inputs,
      ...text,
      ...pick(client, Object.keys(KINDS[kind].outputs)),
      clientSecret: { ...SECRET_MARK, plaintext: JSON.stringify(clientSecret) },
    },
  };
}

function checked({ kind, inputs }: Adoption["declared"]): Properties {
  return canonicalInputs(KINDS[kind], { ...inputs }, "standard");
}
