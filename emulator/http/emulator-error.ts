import type { EmulatorErrorCode } from "../../error/error-code.ts";
import { PulumiCartoError } from "../../error/pulumi-carto-error.ts";

/** An emulator could not be started with its options: `code` says which of them, the message why. */
export class EmulatorError extends PulumiCartoError<EmulatorErrorCode> {
  override readonly name = "EmulatorError";
}
