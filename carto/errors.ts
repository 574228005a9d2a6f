import type { CartoErrorCode } from "../error/error-code.ts";
import { PulumiCartoError } from "../error/pulumi-carto-error.ts";
import { outsideText } from "../kinds/visible-text.ts";

/** CARTO refused a call, or could not be reached, or must not be. */
export class CartoError extends PulumiCartoError<CartoErrorCode> {
  override readonly name = "CartoError";
  /** HTTP status of the answer that caused it; absent when there was none. */
  readonly status?: number;
  /** Only with `conflict`: the client that the idempotency key created. */
  readonly clientId?: string;
  /** Whether the request may have been carried out: its answer was lost, or could not be read. */
  readonly unconfirmed: boolean;

  constructor(
    code: CartoErrorCode,
    message: string,
    details: { status?: number; clientId?: string; unconfirmed?: boolean; cause?: unknown } = {},
  ) {
    super(code, outsideText(message), details.cause === undefined ? undefined : { cause: details.cause });
    if (details.status !== undefined) this.status = details.status;
    if (details.clientId !== undefined) this.clientId = details.clientId;
    this.unconfirmed = details.unconfirmed ?? false;
  }
}
