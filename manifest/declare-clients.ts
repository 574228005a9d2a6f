import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { operatorTrust } from "../carto/configuration.ts";
import { CartoProvider, fromManifest } from "../sdk/carto-provider.ts";
import { declareResource, type Resource } from "../sdk/resources.ts";
import type { Environment } from "./environment.ts";
import { formatFailure } from "./failure.ts";
import { readManifest } from "./read-manifest.ts";

/** How a manifest is declared; every member has a default. */
export interface DeclareClientsOptions {
  /** Unset: the environment of the stack; in a file without environments the clients as they are. */
  environment?: string;
  /**
   * Values of `${NAME}`. Unset: for what the manifest declares under `variables`, those of the environment. `${stack}` is always the
   * name of the stack.
   */
  variables?: Readonly<Record<string, string | undefined>>;
  /** Unset: for an environment with `tenant` a {@link CartoProvider} named `carto`, otherwise the stack's default provider. */
  provider?: CartoProvider;
  /** Of every client, e.g. a component. Unset: the stack. */
  parent?: pulumi.Resource;
}

/** The resources by logical name. */
export type DeclaredResources = Record<string, Resource>;

/**
 * Declares the clients of a manifest in a Pulumi program: one resource per client.
 *
 * @param manifest path of `clients.yaml`, absolute or from the program's working directory, or its file URL
 * @throws pulumi.RunError When the manifest has failures: with all of them, each with file, line and column.
 */
export function declareClients(manifest: string | URL, options: DeclareClientsOptions = {}): DeclaredResources {
  const path = manifest instanceof URL ? fileURLToPath(manifest) : manifest;
  const { environments, failures } = readEnvironments(path, options);
  const [environment] = environments;
  if (environment === undefined) {
    const lines = failures.map(formatFailure).join("\n");
    throw new pulumi.RunError(`${path} cannot be deployed, mend ${failures.length} first:\n${lines}`);
  }
  return declareEnvironment(environment, options);
}

/**
 * As {@link declareClients}, of an environment that was read before.
 *
 * @param options `outputs` false: only IDs, secrets and what is declared are ever read of the resources
 */
export function declareEnvironment(
  environment: Environment,
  options: Pick<DeclareClientsOptions, "provider" | "parent"> & { outputs?: boolean } = {},
): DeclaredResources {
  const provider =
    options.provider ?? (environment.tenant && new CartoProvider("carto", fromManifest(environment.tenant)));
  const resourceOptions = {
    ...(provider && { provider }),
    ...(options.parent && { parent: options.parent }),
  };
  const resources = environment.clients.map(({ logicalName, kind, inputs, aliases = [] }) => {
    const renamed = aliases.length > 0 && { aliases: aliases.map((name) => ({ name })) };
    const own = { ...resourceOptions, ...renamed };
    return [logicalName, declareResource(kind, logicalName, inputs, own, options.outputs ?? true)];
  });
  return Object.fromEntries(resources);
}

function readEnvironments(path: string, options: DeclareClientsOptions) {
  const { manifest, failures } = readManifest(readFileSync(path, "utf8"), {
    file: isAbsolute(path) ? (path.split(/[\\/]/).at(-1) ?? path) : path,
    ...(options.variables === undefined ? { environmentVariables: process.env } : { variables: options.variables }),
    stack: pulumi.getStack(),
    trustIn: () => operatorTrust((setting) => new pulumi.Config("carto").get(setting), process.env),
    ...(options.environment !== undefined && { environments: [options.environment] }),
  });
  return { environments: manifest?.environments ?? [], failures };
}
