import type { CommandErrorCode } from "../../error/error-code.ts";
import { PulumiCartoError } from "../../error/pulumi-carto-error.ts";
import { defectText } from "../../kinds/defect-text.ts";
import { inCommandWords } from "./command-words.ts";

/** What the command itself refuses: a message for the user, who can mend it. */
export class CommandError extends PulumiCartoError<CommandErrorCode> {
  override readonly name = "CommandError";
}

/**
 * The error whose message is sufficient for the user: one of this package, or one of the operating system (a file that cannot be written)
 * as one of the command's. Undefined: a defect of this package, and not the user's mistake.
 */
export function ownError(error: unknown): PulumiCartoError | undefined {
  if (error instanceof PulumiCartoError) return error;
  const isSystemError = error instanceof Error && "syscall" in error && "code" in error;
  return isSystemError ? new CommandError("system", error.message, { cause: error }) : undefined;
}

/**
 * What to print of an error: the message of one of our own, kind and place of a defect.
 *
 * @param place the manifest and the stack that it is about. Unset: any
 */
export function errorText(error: unknown, place?: { file: string; stack: string }): string {
  const own = ownError(error);
  return own ? inCommandWords(own.message, place) : defectText(error);
}
