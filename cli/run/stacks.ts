import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Configuration } from "../../carto/configuration.ts";
import { CartoError } from "../../carto/errors.ts";
import { Deployment } from "../../deployment/deployment.ts";
import { DeploymentError } from "../../deployment/deployment-error.ts";
import { EngineError } from "../../engine/index.ts";
import type { Environment } from "../../manifest/environment.ts";
import { formatFailure } from "../../manifest/failure.ts";
import { openEngine } from "../context/engine.ts";
import { manifestVariables, readEnvironment, variablesOf } from "../context/environment.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { readManifestFile } from "../context/manifest-file.ts";
import { configurationOf } from "../context/tenant.ts";
import { interruptible } from "./interruption.ts";

/** Which environments a command is about. */
export interface StackOptions {
  env?: string[];
  /** A stack by name; works without a manifest, too. */
  stack?: string;
  var?: Record<string, string>;
}

/** An environment with the way to CARTO and to its state. */
export interface ChosenStack {
  environment: Environment;
  /** @throws CartoError When the settings cannot be used. */
  configuration(): Configuration;
  /** @param create whether the stack is made where it is missing */
  open(create: boolean): Promise<Deployment>;
}

/**
 * The environments that the options name.
 *
 * @returns undefined when the manifest has failures: they are printed
 */
export async function chooseStacks(file: string, options: StackOptions): Promise<ChosenStack[] | undefined> {
  const variables = { ...readEnvironment().variables, ...options.var };
  const { env, stack } = options;
  let project = "pulumi-carto";
  let environments: Environment[];
  if (isWithout(file, options)) {
    environments = [{ name: stack ?? "default", stack: stack ?? "default", clients: [] }];
  } else {
    const choice = { ...(env && { environments: env }), ...(stack !== undefined && { stack }) };
    const { manifest, failures } = await readManifestFile(file, { ...manifestVariables(options), ...choice });
    if (manifest === undefined) {
      process.stderr.write(`${failures.map(formatFailure).join("\n")}\n${file}: nothing was begun\n`);
      return undefined;
    }
    ({ project, environments } = manifest);
  }
  return environments.map((environment) => {
    const own = variablesOf(environment.name, variables);
    return {
      environment,
      configuration: () => configurationOf(environment, { ...variables, ...own }),
      open: async (create) => {
        const engine = await openEngine((line) => process.stderr.write(`${line}\n`), new AbortController().signal);
        const settingsDirectory = dirname(resolve(file));
        return Deployment.open({ project, environment, engine, variables: own, settingsDirectory, create });
      },
    };
  });
}

/** A stack by name needs no manifest. */
function isWithout(file: string, { env }: StackOptions): boolean {
  return env === undefined && !existsSync(file);
}

/** Runs a command over the chosen environments; what goes wrong is told in one line. */
export async function withStacks(
  command: string,
  file: string,
  options: StackOptions,
  work: (stacks: ChosenStack[]) => Promise<ExitCode>,
): Promise<ExitCode> {
  const stacks = await chooseStacks(file, options);
  if (stacks === undefined) return EXIT.invalid;
  return interruptible(async ({ signal }) => {
    try {
      return await work(stacks);
    } catch (error) {
      const told = error instanceof CartoError || error instanceof DeploymentError || error instanceof EngineError;
      if (!told && !signal.aborted) throw error;
      const nowhere = error instanceof DeploymentError && error.code === "no_stack" && isWithout(file, options);
      const hint = nowhere ? `. There is no ${file} either: name a manifest, or a stack with --stack` : "";
      process.stderr.write(`${command}: ${(error as Error).message}${hint}\n`);
      return EXIT.failed;
    }
  });
}
