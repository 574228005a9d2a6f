/* `pulumi-carto`: what programs may import. */
export { CartoError } from "../carto/errors.ts";
export type { CartoErrorCode } from "../error/error-code.ts";
export type { Api, ApiAccessTokenInputs, Grant, TokenExemption } from "../kinds/api-access-token/api-access-token.ts";
export { adviseApiAccessToken, checkApiAccessToken } from "../kinds/api-access-token/check.ts";
export { matchesReferer } from "../kinds/api-access-token/referer.ts";
export type { ApplicationInputs, Sharing } from "../kinds/application/application.ts";
export { adviseApplication, checkApplication } from "../kinds/application/check.ts";
export type { Destination } from "../kinds/destination.ts";
export type { Failure, Finding } from "../kinds/failure.ts";
export type { CheckOptions } from "../kinds/kind.ts";
export {
  adviseM2mOAuthClient,
  adviseSpaOAuthClient,
  checkM2mOAuthClient,
  checkSpaOAuthClient,
} from "../kinds/oauth-client/check.ts";
export type { ClientKind, M2mInputs, SpaInputs } from "../kinds/oauth-client/oauth-client.ts";
export type { Policy } from "../kinds/policy.ts";
export type { Exemption } from "../kinds/settings.ts";
export type { UrlList } from "../kinds/url/lists.ts";
export { matchesUrl } from "../kinds/url/match.ts";
export { CartoProvider, type CartoProviderArgs } from "./carto-provider.ts";
export { type DeliverOptions, deliverCredentials } from "./deliver.ts";
export {
  ApiAccessToken,
  type ApiAccessTokenArgs,
  Application,
  type ApplicationArgs,
  M2mOAuthClient,
  type M2mOAuthClientArgs,
  SpaOAuthClient,
  type SpaOAuthClientArgs,
} from "./resources.ts";
export { RotatingOAuthClient, type RotatingOAuthClientArgs } from "./rotating-oauth-client.ts";
export { SpaApplication, type SpaApplicationArgs } from "./spa-application.ts";
