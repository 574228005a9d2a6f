import type { CartoErrorCode } from "../error/error-code.ts";

/**
 * What a refusal of the credentials API means, and what to do about it.
 *
 * @param reasons what CARTO names as wrong, by the properties that the user wrote
 */
export function refusalText(code: CartoErrorCode, status: number, reasons: readonly string[]): string {
  switch (code) {
    case "invalid_request":
      return `CARTO refused the request (400)${reasons.length ? `: ${reasons.join("; ")}` : ""}. Correct the declaration.`;
    case "unauthorized":
      return 'the access token was refused (401). Check that it has not expired and that its audience is "carto-cloud-native-api".';
    case "plan_required":
      return "the organization's plan does not include M2M OAuth clients (403). CARTO offers them from Enterprise Large on.";
    case "forbidden":
      return "the calling user may not do this (403). Use the credentials of an Editor or above.";
    case "not_found":
      return "the calling user has no such client (404). It was deleted, or belongs to another user. After a deletion run `pulumi refresh`.";
    case "conflict":
      return "the idempotency key was used for another declaration (409). Run `pulumi up` again; if it stays, look for the client with `pulumi-carto unmanaged`.";
    default:
      return `CARTO answered ${status}, which the assumed contract does not know.`;
  }
}
