/** A record that cannot be kept. Nothing is written then. */
export class AuditError extends Error {
  override readonly name = "AuditError";
  /** `broken_record`: the file does not end with a whole record, so that the chain could not go on. */
  readonly code: "broken_record";

  constructor(code: "broken_record", message: string) {
    super(message);
    this.code = code;
  }
}
