import type * as pulumi from "@pulumi/pulumi";
import type { ApiAccessTokenInputs } from "../kinds/api-access-token/api-access-token.ts";
import type { ApplicationInputs } from "../kinds/application/application.ts";
import { KINDS, type KindId } from "../kinds/index.ts";
import type { M2mInputs, SpaInputs } from "../kinds/oauth-client/oauth-client.ts";
import { type Args, type CartoResource, resourceOf } from "./carto-resource.ts";

/** What a SPA OAuth client takes. */
export interface SpaOAuthClientArgs extends Args<SpaInputs> {}

/**
 * A CARTO OAuth client for a browser app that logs end users in.
 *
 * Its URLs are checked at preview, all at once.
 *
 * @see CARTO user manual, "SPA OAuth Clients"
 */
export class SpaOAuthClient extends resourceOf(KINDS.spa) {}

/** What an M2M OAuth client takes. */
export interface M2mOAuthClientArgs extends Args<M2mInputs> {}

/**
 * A CARTO OAuth client for a service without a human user. Its tokens have the permissions of the client's owner.
 *
 * @see CARTO user manual, "M2M OAuth Clients": plan Enterprise Large or above
 */
export class M2mOAuthClient extends resourceOf(KINDS.m2m) {}

/** What an API Access Token takes. */
export interface ApiAccessTokenArgs extends Args<ApiAccessTokenInputs> {}

/**
 * A CARTO API Access Token: a narrow credential that a server or a page may hold. What is in a page is public, so its grants, APIs and
 * referers are what protects the data.
 *
 * Its ID is a fingerprint of the token, never the token itself.
 *
 * @see CARTO for developers, "API Access Tokens"; docs/tokens.md
 */
export class ApiAccessToken extends resourceOf(KINDS["api-access-token"]) {}

/** What an application takes. */
export interface ApplicationArgs extends Args<ApplicationInputs> {}

/**
 * A CARTO application: what people see in the Workspace. An OAuth client logs them in; `SpaApplication` declares both from one URL.
 *
 * Assumed: CARTO publishes no REST API for applications. docs/applications-api.yaml is the contract that this speaks.
 *
 * @see CARTO user manual, "Applications" and "Managing Applications"
 */
export class Application extends resourceOf(KINDS.application) {}

/** The class of each kind. */
const RESOURCES = {
  spa: SpaOAuthClient,
  m2m: M2mOAuthClient,
  "api-access-token": ApiAccessToken,
  application: Application,
} satisfies Record<KindId, unknown>;

/** A resource of any kind. */
export type Resource = InstanceType<(typeof RESOURCES)[KindId]>;

/**
 * Declares a resource of a kind that is known at run time only.
 *
 * @param inputs of that kind; they are checked like any others
 * @param outputs false: no outputs are read other than the ID, the secrets and what is declared, and so no others are made: they are most of what a
 * program with many resources takes
 */
export function declareResource(
  kind: KindId,
  name: string,
  inputs: object,
  options: pulumi.CustomResourceOptions,
  outputs: boolean,
): Resource {
  const Resource = RESOURCES[kind] as unknown as new (
    name: string,
    args: object,
    options: pulumi.CustomResourceOptions,
    outputs: boolean,
  ) => CartoResource & Resource;
  return new Resource(name, inputs, options, outputs);
}
