import { PulumiCartoError } from "../error/pulumi-carto-error.ts";

/** An audit record cannot be kept; nothing is written. `broken_record`: the file does not end with a whole record. */
export class AuditError extends PulumiCartoError<"broken_record"> {
  override readonly name = "AuditError";
}
