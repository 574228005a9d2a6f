export {
  adviseM2mOAuthClient,
  adviseSpaOAuthClient,
  type CheckOptions,
  checkM2mOAuthClient,
  checkSpaOAuthClient,
} from "../provider/client-check.ts";
export { CartoError, type CartoErrorCode } from "../provider/errors.ts";
export type { Failure, Finding } from "../provider/failure.ts";
export type { ClientKind, Excuse, M2mInputs, Policy, SpaInputs, UrlList } from "../provider/oauth-client.ts";
export { matchesUrl } from "../provider/url-match.ts";
export { CartoProvider, type CartoProviderArgs } from "./carto-provider.ts";
export { M2mOAuthClient, type M2mOAuthClientArgs } from "./m2m-oauth-client.ts";
export { RotatingOAuthClient, type RotatingOAuthClientArgs } from "./rotating-oauth-client.ts";
export { SpaOAuthClient, type SpaOAuthClientArgs } from "./spa-oauth-client.ts";
