import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Environment } from "../../manifest/environment.ts";
import type { ManifestFailure, ManifestFinding } from "../../manifest/failure.ts";
import { commandLine } from "./command-line.ts";
import { readManifestFile } from "./manifest-file.ts";
import { manifestVariables, readProcessSettings, variablesOf } from "./process-settings.ts";

/** How a user chooses environments: the same options with the same meaning for every command. */
export interface SelectionOptions {
  /** Names of environments of the manifest. */
  env?: string[];
  /** A stack: the environment that it belongs to, or the clients of a manifest without environments. */
  stack?: string;
  /** Values of the manifest's variables. */
  var?: Record<string, string>;
}

/** The chosen environments, and what is needed to open them. */
export interface Selection {
  file: string;
  /** Pulumi project name. */
  project: string;
  environments: Environment[];
  /** The stacks of all environments of the manifest. */
  stacks: string[];
  /** Advice on the clients. */
  findings: ManifestFinding[];
  /** Of the process, with `--var` over them. */
  variables: Readonly<Record<string, string | undefined>>;
  /** Where a `Pulumi.<stack>.yaml` is looked for: beside the manifest. */
  settingsDirectory: string;
  /** A whole command for one of the environments, e.g. `pulumi-carto cancel --env prod`. */
  commandLine(command: string, environment: Pick<Environment, "name" | "stack">): string;
  /** What one environment has instead of the common variables. */
  own(environment: Pick<Environment, "name">): Record<string, string>;
}

/** The chosen environments, or why none can be chosen. */
export type SelectionResult =
  | { selection: Selection; failures: []; comparable?: undefined }
  /** `comparable`: the manifest is refused, but sound enough to be compared with another. */
  | { selection?: undefined; failures: ManifestFailure[]; comparable: boolean };

/** What of the options contradicts itself, for a command that must be told what it works on; undefined: nothing. */
export function selectionProblem({ env, stack }: SelectionOptions): string | undefined {
  return (env === undefined) === (stack === undefined)
    ? "name environments with --env, or one stack with --stack"
    : undefined;
}

/** Whether the command works without a manifest: none is named that exists, and no environment of one. */
export function isWithoutManifest(file: string, { env }: SelectionOptions): boolean {
  return env === undefined && !existsSync(file);
}

/**
 * The one way from options to environments. Without `env` and `stack` these are all of the manifest.
 *
 * @param needsManifest false: where there is no file, the stack alone is an environment without clients
 */
export async function selectEnvironments(
  file: string,
  options: SelectionOptions,
  needsManifest = true,
): Promise<SelectionResult> {
  const variables = { ...readProcessSettings().variables, ...options.var };
  const common = {
    file,
    variables,
    settingsDirectory: dirname(resolve(file)),
    commandLine: (command: string, environment: Pick<Environment, "name" | "stack">) =>
      commandLine(command, file, options, environment),
    own: ({ name }: Pick<Environment, "name">) => variablesOf(name, variables),
  };
  const { env, stack } = options;
  if (!needsManifest && isWithoutManifest(file, options)) {
    const name = stack ?? "default";
    const environments = [
      { name, stack: name, clients: [], location: () => ({ line: 1, column: 1 }), text: () => undefined },
    ];
    return { failures: [], selection: { ...common, project: "pulumi-carto", environments, stacks: [], findings: [] } };
  }
  const { manifest, failures, refused } = await readManifestFile(file, {
    ...manifestVariables(options),
    ...(env && { environments: env }),
    ...(stack !== undefined && { stack }),
  });
  if (manifest === undefined) return { failures, comparable: refused !== undefined };
  return { failures: [], selection: { ...common, ...manifest } };
}
