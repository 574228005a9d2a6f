import { AUDIENCE } from "../api/access.ts";

/** A second audience that tokens may be asked for, so that one can be refused by CARTO's APIs. */
export const OTHER_AUDIENCE = "emulator-other-api";

/** Every audience that a token can be requested for. */
export const AUDIENCES: readonly string[] = [AUDIENCE, OTHER_AUDIENCE];

/** Every scope that is granted. */
export const SCOPES = ["openid", "profile", "email", "offline_access"];

// oidc-provider requires resource indicators to be URIs; Auth0's audiences need not be.
const RESOURCE_PREFIX = "urn:audience:";

/** The resource indicator of an Auth0 audience. */
export function resourceOf(audience: string): string {
  return RESOURCE_PREFIX + encodeURIComponent(audience);
}

/** Whether tokens may be asked for this audience. */
export function isKnownAudience(audience: string): boolean {
  return AUDIENCES.includes(audience);
}
