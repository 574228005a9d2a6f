import { outsideText } from "../kinds/visible-text.ts";

/**
 * Why something could not be done, stable across releases: switch on it, never on the message.
 *
 * - `not_configured`, `invalid_configuration`: what the user has to set, before any call
 * - `untrusted_host`: a credential would have gone to a host that nobody outside the manifest trusts; nothing was sent
 * - `unreachable`: the request was never sent; `connection_lost`, `timeout`: sent, but no answer came
 * - `unauthorized`, `forbidden`, `plan_required`: CARTO refused the caller
 * - `not_found`, `not_owner`: the client is gone, or belongs to another user
 * - `invalid_request`, `conflict`, `rate_limited`, `unavailable`: CARTO refused the request
 * - `unexpected_answer`: the answer breaks the assumed contract
 * - `create_unconfirmed`: no answer came to a create; the client may exist
 * - `engine_gone`: the engine that wanted the call was killed; nothing was sent
 * - `protected`: deletion protection, or the client the provider logs in with
 * - `defect`: a bug of this package; the message says where
 */
export type CartoErrorCode =
  | "not_configured"
  | "invalid_configuration"
  | "untrusted_host"
  | "unreachable"
  | "connection_lost"
  | "timeout"
  | "unauthorized"
  | "forbidden"
  | "plan_required"
  | "not_found"
  | "not_owner"
  | "invalid_request"
  | "conflict"
  | "rate_limited"
  | "unavailable"
  | "unexpected_answer"
  | "create_unconfirmed"
  | "engine_gone"
  | "protected"
  | "defect";

/**
 * The one error of this package. Its message says: subject, what is wrong, what to do; it never holds a secret, a
 * header, a body or a query string.
 */
export class CartoError extends Error {
  override readonly name = "CartoError";
  readonly code: CartoErrorCode;
  /** HTTP status of the answer that caused it; absent when there was none. */
  readonly status?: number;
  /** Only with `conflict`: the client that the idempotency key created. */
  readonly clientId?: string;
  /** Whether the request may have been carried out all the same: an answer to it was lost, or could not be read. */
  readonly unconfirmed: boolean;

  constructor(
    code: CartoErrorCode,
    message: string,
    details: { status?: number; clientId?: string; unconfirmed?: boolean; cause?: unknown } = {},
  ) {
    super(outsideText(message), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    if (details.status !== undefined) this.status = details.status;
    if (details.clientId !== undefined) this.clientId = details.clientId;
    this.unconfirmed = details.unconfirmed ?? false;
  }
}
