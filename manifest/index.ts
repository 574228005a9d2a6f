/* `pulumi-carto/manifest`: what programs may import of manifests. */
export {
  type DeclareClientsOptions,
  type DeclaredResources,
  declareClients,
  declareEnvironment,
} from "./declare-clients.ts";
export type { DeclaredClient, Environment, RefusedClient, RefusedEnvironment, TenantSettings } from "./environment.ts";
export { formatFailure, type Location, type ManifestFailure, type ManifestFinding } from "./failure.ts";
export {
  type Manifest,
  type ManifestResult,
  type ReadManifestOptions,
  type RefusedManifest,
  readManifest,
} from "./read-manifest.ts";
