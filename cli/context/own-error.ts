import { AuditError } from "../../audit/audit-error.ts";
import { CartoError } from "../../carto/errors.ts";
import { DeploymentError } from "../../deployment/deployment-error.ts";
import { EngineError } from "../../engine/errors.ts";
import { defectText } from "../../kinds/defect-text.ts";

/** What the command itself refuses: a message for the user, who can mend it. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly code: "interrupted";

  constructor(code: "interrupted", message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Whether the message says all there is to say: an error of one of the rooms, or of the operating system (a file that
 * cannot be written). Anything else is a defect of this package, and not the user's mistake.
 */
export function isOwnError(error: unknown): error is Error & { code: string } {
  if (!(error instanceof Error)) return false;
  const own = [CartoError, DeploymentError, EngineError, AuditError, CommandError];
  return own.some((kind) => error instanceof kind) || ("syscall" in error && "code" in error);
}

/** How an error is told: one line for our own, kind and place for a defect. */
export function errorText(error: unknown): string {
  if (isOwnError(error)) return error.message;
  return defectText(error);
}
