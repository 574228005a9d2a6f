import { z } from "zod";
import type { CartoErrorCode } from "../error/error-code.ts";
import { CartoError } from "./errors.ts";
import type { Refused } from "./rest-api.ts";
import { serverText } from "./server-text.ts";

/** What a status of a refusal means; each API says more of some. */
const CODE_OF_STATUS: Readonly<Record<number, CartoErrorCode>> = {
  400: "invalid_request",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
};

/** The error code for a status of a refusal; `unexpected_answer` if the assumed contract does not have it. */
function codeOf(status: number): CartoErrorCode {
  return CODE_OF_STATUS[status] ?? "unexpected_answer";
}

const COMMON: Partial<Record<CartoErrorCode, string>> = {
  unauthorized:
    'the access token was refused (401). Check that it has not expired and that its audience is "carto-cloud-native-api".',
  forbidden: "the calling user may not do this (403). Use the credentials of an Editor or above.",
  conflict: "the idempotency key was used for another declaration (409). Run `pulumi up` again.",
};

const UNQUOTED = "not shown, as inputs are secret";

const WireIssues = z.object({ issues: z.array(z.object({ path: z.string(), message: z.string() })) });

/** How one API's refusals are put into words. */
export interface RefusalTexts {
  /** What a 404 means that names no resource. */
  noApi(apiUrl: string): string;
  /** By code, where the API differs from the others. */
  words: Partial<Record<CartoErrorCode, string>>;
  /** The property that the user wrote for a path of the API. */
  propertyOf(path: string): string;
}

/** What one refusal says in addition. */
export interface RefusalDetails {
  /** Unset: {@link codeOf} the status. */
  code?: CartoErrorCode;
  /** ID of the resource that the idempotency key created before. */
  existingId?: string | undefined;
  /** What the server says about it, as {@link serverText} cleaned it. */
  said?: string | undefined;
  /** What follows a reason, by its path. */
  hint?(path: string): string;
}

/** The error that a refusal is: what it means, and what to do about it. */
export function refusalError(
  { subject, answer: { status, body, unconfirmed }, apiUrl, onCollection, secrets }: Refused,
  { noApi, words, propertyOf }: RefusalTexts,
  { code = codeOf(status), existingId, said, hint = () => "" }: RefusalDetails = {},
): CartoError {
  const description = said === undefined ? "" : ` The server says: ${said}`;
  if (status === 404 && onCollection) {
    const unquoted = `${subject}: ${noApi(apiUrl)}`;
    return new CartoError("unexpected_answer", `${unquoted}${description}`, { status, unquoted });
  }
  const wire = WireIssues.safeParse(body);
  const issues = (wire.success ? wire.data.issues : []).map(({ path, message }) => ({
    property: propertyOf(serverText(path, secrets) ?? ""),
    reason: `${serverText(message, secrets) ?? "refused"}${hint(path)}`,
  }));
  const text = (reasons: string[]) => `${subject}: ${refusalText(code, status, words, reasons)}`;
  const hidden = said === undefined ? "" : ` What the server says is ${UNQUOTED}.`;
  return new CartoError(code, text(issues.map(({ property, reason }) => `${property}: ${reason}`)) + description, {
    status,
    unconfirmed,
    unquoted: text(issues.map(({ property }) => `${property}: ${UNQUOTED}`)) + hidden,
    ...(existingId !== undefined && { existingId }),
  });
}

/**
 * What a refusal means, and what to do about it.
 *
 * @param words what an API says differently from the others, or alone
 * @param reasons what CARTO names as wrong, by the properties that the user wrote
 */
function refusalText(
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
