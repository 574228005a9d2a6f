import type { UrlList } from "../url/lists.ts";

/**
 * The two kinds of OAuth client, as CARTO's UI names their properties.
 *
 * @see CARTO user manual, "SPA OAuth Clients" and "M2M OAuth Clients"
 */
export type ClientKind = "spa" | "m2m";

/** Excuses one finding of one client under the production policy. */
export interface Excuse {
  /** Rule id, e.g. `"wildcard"`. See docs/rules.md. */
  rule: string;
  /** The URL or origin the finding is about, exactly as declared. */
  url: string;
  /** Why it is right here. Required: an auditor reads it. */
  reason: string;
}

/** `"production"` refuses what `"standard"` only advises against. See docs/rules.md. */
export type Policy = "standard" | "production";

/** What both kinds share. None of these reaches CARTO except `name`. */
interface CommonInputs {
  /** Informative, not unique; 1-255 characters without `<` and `>`. A change updates in place. */
  name: string;
  /** Unset: `false`, under the production policy `true`. While true, delete and replace fail. */
  deletionProtection?: boolean;
  /** Any text; a change replaces the client: new client ID, new secret. Unset: never rotated. */
  rotationTrigger?: string;
  /** Unset: the provider's `carto:policy`, else `"standard"`. */
  policy?: Policy;
  /** Findings excused under the production policy. Unset: none. */
  allow?: Excuse[];
}

/** Inputs of an M2M OAuth client. */
export interface M2mInputs extends CommonInputs {}

/** Inputs of a SPA OAuth client. */
export interface SpaInputs extends CommonInputs {
  /** Where end users log in, e.g. `https://my-custom-carto-app.com/`. No wildcard. A change updates in place. */
  applicationLoginUrl: string;
  /** Unset: the login URL. `[]`: none. Order and duplicates mean nothing. */
  allowedCallbackUrls?: string[];
  /** Unset: the login URL. `[]`: none. The first is the default target, so its place counts. */
  allowedLogoutUrls?: string[];
  /** Unset: the origin of the login URL. `[]`: none. */
  allowedWebOrigins?: string[];
  /** Unset: the origin of the login URL. `[]`: none. */
  allowedOrigins?: string[];
}

/** An OAuth client as CARTO stores it. */
export interface OAuthClient {
  kind: ClientKind;
  clientId: string;
  name: string;
  /** SPA only, like the four lists. */
  urls?: SpaUrls;
  /** `user_id` of the creator, e.g. `auth0|5f…`. */
  ownerId: string;
  /** RFC 3339 */
  createdAt: string;
  /** RFC 3339 */
  updatedAt: string;
  /** Absent in listings. */
  clientSecret?: string;
}

export type SpaUrls = { applicationLoginUrl: string } & Record<UrlList, string[]>;

/**
 * What CARTO's "Use default logout/callback URLs and origins" derives from a login URL.
 *
 * @param applicationLoginUrl an absolute URL
 * @throws TypeError When the URL does not parse: check it first.
 */
export function defaultUrls(applicationLoginUrl: string): Record<UrlList, string[]> {
  const { origin } = new URL(applicationLoginUrl);
  return {
    allowedCallbackUrls: [applicationLoginUrl],
    allowedLogoutUrls: [applicationLoginUrl],
    allowedWebOrigins: [origin],
    allowedOrigins: [origin],
  };
}
