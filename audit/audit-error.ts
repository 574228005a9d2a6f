import { PulumiCartoError } from "../error/pulumi-carto-error.ts";

/** A record that cannot be kept; nothing is written then. `broken_record`: the file does not end with a whole record. */
export class AuditError extends PulumiCartoError<"broken_record"> {
  override readonly name = "AuditError";
}
