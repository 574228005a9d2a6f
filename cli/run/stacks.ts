import type { Configuration } from "../../carto/configuration.ts";
import { Deployment } from "../../deployment/deployment.ts";
import { CANCEL } from "../../deployment/deployment-error.ts";
import type { Engine } from "../../engine/index.ts";
import type { Environment } from "../../manifest/environment.ts";
import { formatFailure } from "../../manifest/failure.ts";
import { openEngine } from "../context/engine.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { printJson } from "../context/json.ts";
import { errorText, ownError } from "../context/own-error.ts";
import { isWithoutManifest, type SelectionOptions, selectEnvironments } from "../context/selection.ts";
import { configurationOf } from "../context/tenant.ts";
import { stackSettings } from "../context/trust.ts";
import { interruptible } from "./interruption.ts";

/** An environment with the way to CARTO and to its state. */
export interface ChosenStack {
  environment: Environment;
  /** @throws CartoError When the settings cannot be used. */
  configuration(): Configuration;
  /** A whole command for the environment, e.g. `pulumi-carto cancel --env prod`. */
  commandLine(command: string): string;
  /** Names of the variables that the environment has of its own, e.g. `PULUMI_CONFIG_PASSPHRASE`, the engine's only. */
  variables: string[];
  /** @throws EngineError When there is none and none can be got. */
  engine(): Promise<Engine>;
  /** @param create whether the stack is made where it is missing */
  open(create: boolean): Promise<Deployment>;
}

/** How a command over stacks prints: with `json`, one line on stdout also when it fails. */
interface StackOptions extends SelectionOptions {
  json?: boolean;
}

/**
 * The environments that the options select.
 *
 * @returns undefined when the manifest has failures: they are printed
 */
export async function chooseStacks(
  command: string,
  file: string,
  options: StackOptions,
): Promise<ChosenStack[] | undefined> {
  const { selection, failures } = await selectEnvironments(file, options, false);
  if (selection === undefined) {
    if (options.json) printJson(command, false, { failures });
    process.stderr.write(`${failures.map(formatFailure).join("\n")}\n${file}: nothing was started\n`);
    return undefined;
  }
  const { project, environments, variables, settingsDirectory } = selection;
  return environments.map((environment) => {
    const own = selection.own(environment);
    const engine = () => openEngine((line) => process.stderr.write(`${line}\n`), new AbortController().signal);
    return {
      environment,
      engine,
      commandLine: (command) => selection.commandLine(command, environment),
      variables: Object.keys(own).filter((name) => name.startsWith("PULUMI_")),
      configuration: () =>
        configurationOf(environment, { ...variables, ...own }, stackSettings(file, environment.stack)),
      open: async (create) => {
        const opened = await engine();
        return Deployment.open({ project, environment, engine: opened, variables: own, settingsDirectory, create });
      },
    };
  });
}

/** Runs a command over the chosen environments; errors are printed in one line. */
export async function withStacks(
  command: string,
  file: string,
  options: StackOptions,
  work: (stacks: ChosenStack[]) => Promise<ExitCode>,
): Promise<ExitCode> {
  const stacks = await chooseStacks(command, file, options);
  if (stacks === undefined) return EXIT.invalid;
  return interruptible(async ({ signal }) => {
    try {
      return await work(stacks);
    } catch (error) {
      const own = ownError(error);
      if (!own && !signal.aborted) throw error;
      const nowhere = own?.code === "no_stack" && isWithoutManifest(file, options);
      const hint = nowhere ? `. There is no ${file} either: name a manifest, or a stack with --stack` : "";
      const [one] = stacks;
      const place = stacks.length === 1 && one ? { file, stack: one.environment.stack } : undefined;
      const unlock = one?.commandLine("cancel") ?? CANCEL;
      const message = `${errorText(error, place).replace(CANCEL, () => `\`${unlock}\``)}${hint}`;
      if (options.json) printJson(command, false, { error: { code: own?.code ?? "interrupted", message } });
      process.stderr.write(`${command}: ${message}\n`);
      return EXIT.failed;
    }
  });
}
