import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { operatorTrust } from "../carto/configuration.ts";
import { CartoProvider, fromManifest } from "../sdk/carto-provider.ts";
import { inspect } from "../sdk/inspect.ts";
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
    throw new pulumi.RunError(
      `${path} cannot be deployed, ${failures.length === 1 ? "1 problem" : `${failures.length} problems`} to fix first:\n${lines}`,
    );
  }
  return declareEnvironment(environment, options);
}

type DeclareEnvironmentOptions = Pick<DeclareClientsOptions, "provider" | "parent"> & { outputs?: boolean };

/**
 * As {@link declareClients}, of an environment that was read before.
 *
 * @param options `outputs` false: only IDs, secrets and what is declared are ever read of the resources
 */
export function declareEnvironment(
  environment: Environment,
  options: DeclareEnvironmentOptions = {},
): DeclaredResources {
  const declare = declarer(environment, options);
  return Object.fromEntries(environment.clients.map((client) => [client.logicalName, declare(client)]));
}

/** How many declarations wait for the engine at a time. It takes them one by one, and each needs memory until then. */
const IN_FLIGHT = 64;

/** As {@link declareEnvironment}, a few at a time. No client of a manifest refers to another one, so none waits for one that is not declared yet. */
export async function declareGradually(
  environment: Environment,
  options: DeclareEnvironmentOptions = {},
): Promise<DeclaredResources> {
  const declare = declarer(environment, options);
  const resources: DeclaredResources = {};
  const remaining = environment.clients.values();
  const declareInTurn = async () => {
    for (const client of remaining) {
      const resource = declare(client);
      resources[client.logicalName] = resource;
      await inspect(resource.urn)
        .promise.call(resource.urn)
        .catch(() => {}); // the engine reports it, and the others are declared
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, declareInTurn));
  return resources;
}

function declarer(
  { tenant }: Environment,
  { provider = tenant && new CartoProvider("carto", fromManifest(tenant)), parent, outputs }: DeclareEnvironmentOptions,
): (client: Environment["clients"][number]) => Resource {
  const common = { ...(provider && { provider }), ...(parent && { parent }) };
  return ({ logicalName, kind, inputs, aliases = [] }) => {
    const renamed = aliases.length > 0 && { aliases: aliases.map((name) => ({ name })) };
    return declareResource(kind, logicalName, inputs, { ...common, ...renamed }, outputs ?? true);
  };
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
