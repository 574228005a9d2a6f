import type { KindId } from "../kinds/index.ts";
import type { DeclaredClient } from "../manifest/environment.ts";
import { managedClients, type State } from "./stack-state.ts";

/** How often the engine writes the state during a run: at every step, or once at the end. */
export type Checkpoints = "every" | "once";

/** What is decided for a run. */
export interface CheckpointChoice {
  checkpoints: Checkpoints;
  /** For the user, in one line. Unset: there is nothing unusual. */
  note?: string;
}

/**
 * More creates and deletes than this are worth it: each writes the whole state twice. An `up` has to look at the state
 * first, and perhaps to write the stack's identity into it, which takes as long as these writes.
 */
export const FEW_STEPS = { up: 100, destroy: 20 };

/** Kinds whose creates are found again by a key. A killed run must leave no API Access Token behind whose value nobody knows. */
const FOUND_BY_KEY: readonly KindId[] = ["spa", "m2m", "application"];

const ADVICE = "`--checkpoints every` writes it at each step";

/** What an `up` is going to do. */
export interface Steps {
  creates: number;
  deletes: number;
  /** Whether every create can be found again by its idempotency key. */
  keyed: boolean;
}

/**
 * For an `up`. A run that is killed before it has written the state is made good by the next one, which finds
 * everything again by its idempotency key: so there must be keys, and they must be honoured.
 *
 * @param wanted as the user says. Unset: once for more creates and deletes than {@link FEW_STEPS}
 * @param idempotencyKeys whether the API honours keys
 */
export function checkpointsOfUp(
  wanted: Checkpoints | undefined,
  { creates, deletes, keyed }: Steps,
  idempotencyKeys: boolean,
): CheckpointChoice {
  if (wanted === "every") return { checkpoints: "every" };
  if (wanted === undefined && creates + deletes <= FEW_STEPS.up) return { checkpoints: "every" };
  if (idempotencyKeys && keyed) {
    return { checkpoints: "once", note: `the state is written once, at the end (${creates} to create; ${ADVICE})` };
  }
  if (wanted === undefined) return { checkpoints: "every" };
  const reason = keyed ? "carto:idempotencyKeys is false" : "API Access Tokens have no idempotency keys";
  return { checkpoints: "every", note: `the state is written at each step: ${reason}` };
}

/**
 * For a `destroy`: deleting what is already gone is not an error, so the next one makes good one that is killed.
 *
 * @param deletes clients that are expected to be deleted
 */
export function checkpointsOfDestroy(wanted: Checkpoints | undefined, deletes: number): CheckpointChoice {
  if (wanted === "every" || (wanted === undefined && deletes <= FEW_STEPS.destroy)) return { checkpoints: "every" };
  return { checkpoints: "once", note: `the state is written once, at the end (${ADVICE})` };
}

/** Counts by kind and name what an `up` creates and deletes; replacements are not foreseen. */
export function countSteps(
  declared: readonly Pick<DeclaredClient, "logicalName" | "kind" | "aliases">[],
  state: State,
): Steps {
  const named = ({ logicalName, kind }: Pick<DeclaredClient, "logicalName" | "kind">) => `${kind} ${logicalName}`;
  const managed = new Set(managedClients(state).map(named));
  const created = declared.filter(({ kind, logicalName, aliases = [] }) =>
    [logicalName, ...aliases].every((name) => !managed.has(named({ kind, logicalName: name }))),
  );
  return {
    creates: created.length,
    deletes: managed.size - (declared.length - created.length),
    keyed: created.every(({ kind }) => FOUND_BY_KEY.includes(kind)),
  };
}
