import type { LocalSettings } from "../settings.ts";
import type { UrlList } from "../url/lists.ts";

/**
 * The two kinds of OAuth client, as CARTO's UI names their properties.
 *
 * @see CARTO user manual, "SPA OAuth Clients" and "M2M OAuth Clients"
 */
export type ClientKind = "spa" | "m2m";

/** Inputs of an M2M OAuth client. */
export interface M2mInputs extends LocalSettings {
  /** Informative, not unique; 1-255 characters without `<` and `>`. A change updates in place. */
  name: string;
}

/** Inputs of a SPA OAuth client. */
export interface SpaInputs extends M2mInputs {
  /**
   * Where end users log in, e.g. `https://my-custom-carto-app.com/`: an absolute http or https URL without a wildcard. A change updates in
   * place, and with it every list that is not set.
   */
  applicationLoginUrl: string;
  /**
   * Where CARTO may send the user after login. Unset: the login URL. `[]`: nowhere. Order and duplicates mean nothing. A change updates
   * in place.
   */
  allowedCallbackUrls?: string[];
  /**
   * Where CARTO may send the user after logout; **the first is the default**, so its place counts. Unset: the login URL. `[]`: nowhere. A
   * change updates in place.
   */
  allowedLogoutUrls?: string[];
  /** Origins an authorization request may come from. Unset: the login URL's. `[]`: none. A change updates in place. */
  allowedWebOrigins?: string[];
  /**
   * Origins (CORS) whose JavaScript may call CARTO's APIs with this client. Unset: the login URL's. `[]`: none. A change updates in
   * place.
   */
  allowedOrigins?: string[];
}

/** What CARTO sets of an OAuth client. */
export interface OAuthClientOutputs {
  /** The resource's ID; the state holds it once. */
  clientId: string;
  /** Always a Pulumi secret. */
  clientSecret: string;
  /** `user_id` of the user whose credentials created the client, e.g. `auth0|5f…`: only that user sees it. */
  ownerId: string;
  /** RFC 3339 */
  createdAt: string;
  /** RFC 3339 */
  updatedAt: string;
}

/** What CARTO stores of either kind. */
interface Stored extends Omit<OAuthClientOutputs, "clientId" | "clientSecret"> {
  /** The client ID. */
  id: string;
  name: string;
  /** Absent in listings. */
  clientSecret?: string;
}

/** A SPA OAuth client as CARTO stores it: every URL spelled out. */
export type StoredSpaClient = Stored & { kind: "spa" } & SpaProperties;

/** An M2M OAuth client as CARTO stores it. */
export type StoredM2mClient = Stored & { kind: "m2m" };

/** An OAuth client as CARTO stores it. */
export type OAuthClient = StoredSpaClient | StoredM2mClient;

/** What CARTO stores of a SPA OAuth client besides its name: every URL spelled out. */
export type SpaProperties = { applicationLoginUrl: string } & Record<UrlList, string[]>;

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
