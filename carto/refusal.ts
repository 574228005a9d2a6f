import type { CartoErrorCode } from "../error/error-code.ts";

/** What a status of a refusal means; each API says more of some. */
const CODE_OF_STATUS: Readonly<Record<number, CartoErrorCode>> = {
  400: "invalid_request",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
};

/** The code of a refusal by its status; `unexpected_answer`: the assumed contract does not have it. */
export function codeOf(status: number): CartoErrorCode {
  return CODE_OF_STATUS[status] ?? "unexpected_answer";
}

const COMMON: Partial<Record<CartoErrorCode, string>> = {
  unauthorized:
    'the access token was refused (401). Check that it has not expired and that its audience is "carto-cloud-native-api".',
  forbidden: "the calling user may not do this (403). Use the credentials of an Editor or above.",
  conflict: "the idempotency key was used for another declaration (409). Run `pulumi up` again.",
};

/**
 * What a refusal means, and what to do about it.
 *
 * @param words what an API says differently from the others, or alone
 * @param reasons what CARTO names as wrong, by the properties that the user wrote
 */
export function refusalText(
  code: CartoErrorCode,
  status: number,
  words: Partial<Record<CartoErrorCode, string>>,
  reasons: readonly string[],
): string {
  if (code === "invalid_request") {
    return `CARTO refused the request (400)${reasons.length ? `: ${reasons.join("; ")}` : ""}. Correct the declaration.`;
  }
  return words[code] ?? COMMON[code] ?? `CARTO answered ${status}, which the assumed contract does not define.`;
}
