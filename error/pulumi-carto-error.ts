import type { ErrorCode } from "./error-code.ts";

/**
 * The base class of every error of this package: expected, so that its message says all there is to say. Subject first, what is wrong, what
 * to do; never a secret, a header, a body or a query string. Anything else that is thrown is a defect.
 */
export abstract class PulumiCartoError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
