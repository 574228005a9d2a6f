import type * as pulumi from "@pulumi/pulumi";
import { type OAuthClientArgs, OAuthClientResource } from "./oauth-client.ts";

/** What an M2M OAuth client takes. */
export interface M2mOAuthClientArgs extends OAuthClientArgs {}

/**
 * A CARTO OAuth client for a service without a human user. Its tokens have the permissions of the client's owner.
 *
 * @see CARTO user manual, "M2M OAuth Clients": plan Enterprise Large or above
 */
export class M2mOAuthClient extends OAuthClientResource {
  constructor(name: string, args: M2mOAuthClientArgs, options?: pulumi.CustomResourceOptions) {
    super("m2m", [], name, args, options);
  }

  /**
   * Looks up an existing client of the calling user, without managing it.
   *
   * @param id its client ID
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): M2mOAuthClient {
    return new M2mOAuthClient(name, undefined as unknown as M2mOAuthClientArgs, { ...options, id });
  }
}
