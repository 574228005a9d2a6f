import { CartoError } from "../carto/errors.ts";
import { PulumiCartoError } from "../error/pulumi-carto-error.ts";
import type { ClientState } from "./client-state.ts";

/**
 * The client exists, but differs from its declaration, or may differ. The engine keeps it in this state, and updates it in the next `up`
 * even if the declaration does not change.
 */
export class InitializationError extends PulumiCartoError<"initialization_failed"> {
  override readonly name = "InitializationError";
  readonly id: string;
  readonly properties: ClientState;
  readonly reasons: string[];

  /** @param state what was there before the change that failed */
  constructor(state: ClientState, cause: unknown) {
    const unconfirmed = mayBeDone(cause);
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = unconfirmed
      ? `${reason} Whether the change was made is not known: the next \`up\` sends the whole declaration.`
      : reason;
    super("initialization_failed", message, { cause });
    this.id = state.id;
    this.properties = unconfirmed ? { ...state, __unconfirmed: true } : state;
    this.reasons = [message];
  }
}

/** Whether what failed may have been carried out anyway. */
export function mayBeDone(error: unknown): error is CartoError {
  return error instanceof CartoError && error.unconfirmed;
}
