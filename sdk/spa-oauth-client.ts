import type * as pulumi from "@pulumi/pulumi";
import { URL_LISTS } from "../kinds/url/lists.ts";
import { type OAuthClientArgs, OAuthClientResource } from "./oauth-client.ts";

type Urls = pulumi.Input<pulumi.Input<string>[] | undefined>;

/** What a SPA OAuth client takes. */
export interface SpaOAuthClientArgs extends OAuthClientArgs {
  /**
   * Where end users log in, e.g. `https://my-custom-carto-app.com/`: an absolute http or https URL without wildcard. A
   * change updates in place, and with it every list that is not set.
   */
  applicationLoginUrl: pulumi.Input<string>;
  /** Where CARTO may send the user after login. Unset: the login URL. `[]`: nowhere. A change updates in place. */
  allowedCallbackUrls?: Urls;
  /**
   * Where CARTO may send the user after logout; **the first is the default**. Unset: the login URL. `[]`: nowhere. A
   * change updates in place.
   */
  allowedLogoutUrls?: Urls;
  /** Origins an authorization request may come from. Unset: the login URL's. `[]`: none. A change updates in place. */
  allowedWebOrigins?: Urls;
  /**
   * Origins (CORS) whose JavaScript may call CARTO's APIs with this client. Unset: the login URL's. `[]`: none. A change
   * updates in place.
   */
  allowedOrigins?: Urls;
}

/**
 * A CARTO OAuth client for a browser app whose end users log in.
 *
 * Its URLs are checked at preview, all at once.
 *
 * @see CARTO user manual, "SPA OAuth Clients"
 */
export class SpaOAuthClient extends OAuthClientResource {
  declare public readonly applicationLoginUrl: pulumi.Output<string>;
  declare public readonly allowedCallbackUrls: pulumi.Output<string[]>;
  declare public readonly allowedLogoutUrls: pulumi.Output<string[]>;
  declare public readonly allowedWebOrigins: pulumi.Output<string[]>;
  declare public readonly allowedOrigins: pulumi.Output<string[]>;

  constructor(name: string, args: SpaOAuthClientArgs, options?: pulumi.CustomResourceOptions) {
    super("spa", ["applicationLoginUrl", ...URL_LISTS], name, args, options);
  }

  /**
   * Looks up an existing client of the calling user, without managing it.
   *
   * @param id its client ID
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): SpaOAuthClient {
    return new SpaOAuthClient(name, undefined as unknown as SpaOAuthClientArgs, { ...options, id });
  }
}
