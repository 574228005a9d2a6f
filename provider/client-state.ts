import { type CheckedInputs, inputsOf, pick } from "../kinds/inputs.ts";
import type { Kind, Properties } from "../kinds/kind.ts";

/** A client's outputs, as the engine keeps them. */
export interface ClientOutputs extends CheckedInputs {
  ownerId: string;
  createdAt: string;
  updatedAt: string;
  /** Whether a change was sent whose outcome is not known: the next update sends the whole declaration. */
  __unconfirmed?: true;
}

/** A client in the state: its outputs, and the resource's ID. */
export interface ClientState extends ClientOutputs {
  id: string;
}

/**
 * What the state keeps of a client.
 *
 * @param stored as CARTO has it, or as the state has it
 * @param before inputs or state, for what CARTO does not keep: the order of lists and the provider's own settings
 */
export function stateOf(kind: Kind, stored: Stored, before: Properties): ClientState {
  const { id, ownerId, createdAt, updatedAt, name } = stored;
  return {
    ...inputsOf(kind, stored, before),
    ...pick(stored, Object.keys(kind.outputs)),
    ...{ id, name, ownerId, createdAt, updatedAt },
  };
}

/** What every kind has at CARTO. */
export type Stored = Pick<ClientState, "id" | "name" | "ownerId" | "createdAt" | "updatedAt"> & object;
