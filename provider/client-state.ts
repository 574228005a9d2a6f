import type { StoredResource } from "../carto/resource-api.ts";
import { type CheckedInputs, inputsOf, pick, secretOutputs } from "../kinds/inputs.ts";
import type { Kind, Properties } from "../kinds/kind.ts";

/** A client's outputs, as the engine keeps them. */
export interface ClientOutputs extends CheckedInputs {
  ownerId: string;
  /** Unset if CARTO does not say, like the next one. */
  createdAt?: string;
  updatedAt?: string;
  /** Whether a change was sent whose outcome is not known: the next update sends the whole declaration. */
  __unconfirmed?: true;
}

/** A client as it is in the state: its outputs, and the resource's ID. */
export interface ClientState extends ClientOutputs {
  id: string;
}

/**
 * What the state keeps of a client.
 *
 * @param stored as CARTO has it, or as the state has it
 * @param before inputs or state, for what CARTO does not keep: the order of lists and the provider's own settings
 */
export function stateOf(kind: Kind, stored: StoredResource, before: Properties): ClientState {
  const { id, ownerId, name } = stored;
  const outputs = { ...pick(stored, Object.keys(kind.outputs)), ...pick(before, ["__secrets"]) };
  return { ...inputsOf(kind, stored, before), ...outputs, ...{ id, name, ownerId } };
}

/** The outputs of a kind that are secret, as the state has them: CARTO may not repeat them. */
export function secretsOf(kind: Kind, state: object): Properties {
  return pick(state, secretOutputs(kind));
}

/** What of a resource is known: a list may leave out what the state has, such as a secret. */
export function defined<T extends object>(stored: T): T {
  return Object.fromEntries(Object.entries(stored).filter(([, value]) => value !== undefined)) as T;
}
