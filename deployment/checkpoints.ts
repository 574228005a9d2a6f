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

const ADVICE = "`--checkpoints every` writes it at each step";

/**
 * For an `up`. A run that is killed before it has written the state is made good by the next one, which finds every
 * client again by its idempotency key: so keys must be honoured.
 *
 * @param wanted as the user says. Unset: once for more creates and deletes than {@link FEW_STEPS}
 */
export function checkpointsOfUp(
  wanted: Checkpoints | undefined,
  { creates, deletes, idempotencyKeys }: { creates: number; deletes: number; idempotencyKeys: boolean },
): CheckpointChoice {
  if (wanted === "every") return { checkpoints: "every" };
  if (!idempotencyKeys) {
    if (wanted === undefined) return { checkpoints: "every" };
    return { checkpoints: "every", note: "the state is written at each step: carto:idempotencyKeys is false" };
  }
  if (wanted === undefined && creates + deletes <= FEW_STEPS.up) return { checkpoints: "every" };
  return { checkpoints: "once", note: `the state is written once, at the end (${creates} to create; ${ADVICE})` };
}

/**
 * For a `destroy`: deleting what is gone already is no error, so the next one makes good one that is killed.
 *
 * @param deletes clients that are expected to be deleted
 */
export function checkpointsOfDestroy(wanted: Checkpoints | undefined, deletes: number): CheckpointChoice {
  if (wanted === "every" || (wanted === undefined && deletes <= FEW_STEPS.destroy)) return { checkpoints: "every" };
  return { checkpoints: "once", note: `the state is written once, at the end (${ADVICE})` };
}

/** How many clients an `up` creates and deletes, by their names; replacements are not foreseen. */
export function countSteps(
  declared: readonly Pick<DeclaredClient, "logicalName" | "kind">[],
  state: State,
): { creates: number; deletes: number } {
  const named = ({ logicalName, kind }: Pick<DeclaredClient, "logicalName" | "kind">) => `${kind} ${logicalName}`;
  const managed = new Set(managedClients(state).map(named));
  const creates = declared.filter((client) => !managed.has(named(client))).length;
  return { creates, deletes: managed.size - (declared.length - creates) };
}
