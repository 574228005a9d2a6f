import { isFingerprint } from "../kinds/api-access-token/fingerprint.ts";
import type { ExistingResource } from "../kinds/existing.ts";
import { KINDS } from "../kinds/index.ts";
import { canonicalInputs, differenceAtCarto, inputsOf, localSettings, pick, secretOutputs } from "../kinds/inputs.ts";
import type { Properties } from "../kinds/kind.ts";
import { dynamicType } from "../kinds/resource-type.ts";
import { SECRET_MARK, SPECIAL_KEY } from "../kinds/secret-mark.ts";
import type { DeclaredClient } from "../manifest/environment.ts";
import { providerText } from "../sdk/resource-type.ts";
import type { ManagedClient } from "./stack-state.ts";

/** An existing resource, and the declaration that will manage it. */
export interface Adoption {
  declared: Pick<DeclaredClient, "logicalName" | "kind"> & { inputs: object };
  client: ExistingResource;
}

/** What an import would do. */
export interface AdoptionPlan {
  adoptions: Adoption[];
  /** Logical names of declared clients that the stack manages already. */
  managed: string[];
  /** Logical names of declared clients that do not exist: `up` creates them. */
  missing: string[];
  /** Why a declared client cannot be matched: one sentence each. */
  failures: string[];
}

/**
 * Finds for each declared resource the existing one it corresponds to: by the ID given for it, else the only one of its kind and name,
 * else the only one of those that has the same properties.
 *
 * @param existing resources of the calling user
 * @param ids IDs by logical name, which decide
 */
export function planAdoption(
  declared: readonly DeclaredClient[],
  existing: readonly ExistingResource[],
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
    const { logicalName, kind } = client;
    const id = ids[logicalName];
    const known = [logicalName, ...(client.aliases ?? [])];
    const own = managed.find((one) => known.includes(one.logicalName) && one.kind === kind);
    if (own !== undefined) {
      if (id === undefined || id === own.clientId) plan.managed.push(logicalName);
      else plan.failures.push(`${logicalName}: the stack manages ${own.clientId} under this name: check --id`);
      continue;
    }
    if (id !== undefined && kind === "api-access-token" && !isFingerprint(id)) {
      // It may be the token itself: never repeat it.
      const problem = "the ID of an API Access Token is its fingerprint, sha256- and 24 hexadecimal digits";
      plan.failures.push(`${logicalName}: ${problem}; for the token itself use --token-file`);
      continue;
    }
    const given = existing.find((one) => one.id === id);
    if (id !== undefined && given?.kind !== kind) {
      plan.failures.push(`${logicalName}: the calling user has no ${KINDS[kind].title} with ID ${id}: check --id`);
      continue;
    }
    const found = given ? [given] : candidatesFor(client, existing, taken);
    const [one, ...others] = found;
    if (one === undefined) plan.missing.push(logicalName);
    else if (one.id === "") {
      const problem = "CARTO's listing does not contain the token itself";
      plan.failures.push(`${logicalName}: ${problem}: give it with --token-file ${logicalName}=FILE`);
    } else if (others.length > 0) {
      const candidates = found.map((candidate) => candidate.id).join(", ");
      const problem = `several resources match, ${candidates}: choose one with --id ${logicalName}=ID`;
      plan.failures.push(`${logicalName}: ${problem}`);
    } else {
      taken.add(one.id);
      plan.adoptions.push({ declared: client, client: one });
    }
  }
  return plan;
}

/** Those of the kind and name, or the only one of them that is like the declaration. */
function candidatesFor(
  client: DeclaredClient,
  existing: readonly ExistingResource[],
  taken: ReadonlySet<string>,
): ExistingResource[] {
  const kind = KINDS[client.kind];
  const alike = existing.filter(
    (one) => one.kind === client.kind && one.name === client.inputs.name && !taken.has(one.id),
  );
  const twins = alike.filter(
    (one) => Object.keys(differenceAtCarto(kind, inputsOf(kind, one, {}), checked(client))).length === 0,
  );
  return twins.length === 1 ? twins : alike;
}

/** One entry of the file that `pulumi import --file` reads. Holds secrets in plain: for a private file only. */
export interface ImportEntry {
  type: string;
  name: string;
  id: string;
  /** A name of the file's table. Unset: the default provider. */
  provider?: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/**
 * @param adoption its client with secret: what CARTO lists may have none
 * @throws TypeError When a secret is missing.
 */
export function importEntry({ declared, client }: Adoption): ImportEntry {
  const { id, kind } = client;
  const names = secretOutputs(KINDS[kind]);
  const secrets = Object.entries(pick(client, names));
  if (secrets.length < names.length) throw new TypeError(`${KINDS[kind].noun} ${id}: read it with its secret first.`);
  const inputs = inputsOf(KINDS[kind], client, localSettings(KINDS[kind], checked(declared)));
  const text = { __provider: providerText(KINDS[kind]) };
  return {
    type: dynamicType(KINDS[kind]),
    name: declared.logicalName,
    id,
    inputs: { ...inputs, ...text },
    outputs: {
      ...inputs,
      ...text,
      ...pick(client, Object.keys(KINDS[kind].outputs)),
      ...Object.fromEntries(secrets.map(([name, value]) => [name, secret(value)])),
    },
  };
}

function secret(value: unknown): object {
  return { [SPECIAL_KEY]: SECRET_MARK, plaintext: JSON.stringify(value) };
}

function checked({ kind, inputs }: Adoption["declared"]): Properties {
  return canonicalInputs(KINDS[kind], { ...inputs }, "standard");
}
