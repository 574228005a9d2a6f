import type { CartoErrorCode } from "../error/error-code.ts";
import { PulumiCartoError } from "../error/pulumi-carto-error.ts";
import { outsideText } from "../kinds/visible-text.ts";

/** CARTO refused a call, could not be reached, or may not be called. */
export class CartoError extends PulumiCartoError<CartoErrorCode> {
  override readonly name = "CartoError";
  /** HTTP status of the answer that caused it; absent when there was none. */
  readonly status?: number;
  /** Only with `conflict`: the ID of the resource that the idempotency key created. */
  readonly existingId?: string;
  /** Whether the request may have been carried out: its answer was lost, or could not be read. */
  readonly unconfirmed: boolean;
  /** The message without what it quotes of CARTO's answer, which may repeat what was sent; absent when it quotes nothing. */
  readonly unquoted?: string;

  constructor(
    code: CartoErrorCode,
    message: string,
    details: { status?: number; existingId?: string; unconfirmed?: boolean; unquoted?: string; cause?: unknown } = {},
  ) {
    super(code, outsideText(message), details.cause === undefined ? undefined : { cause: details.cause });
    if (details.status !== undefined) this.status = details.status;
    if (details.unquoted !== undefined) this.unquoted = details.unquoted;
    if (details.existingId !== undefined) this.existingId = details.existingId;
    this.unconfirmed = details.unconfirmed ?? false;
  }
}
