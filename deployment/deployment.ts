import "./lean-sdk.ts";
import {
  CommandError,
  LocalWorkspace,
  PulumiCommand,
  Stack,
  StackAlreadyExistsError,
} from "@pulumi/pulumi/automation/index.js";
import { type AttachedProvider, attachProvider } from "../host/attached-provider.ts";
import { declareGradually } from "../manifest/declare-clients.ts";
import type { Environment } from "../manifest/environment.ts";
import { stackIdentity } from "../sdk/stack-identity.ts";
import { type Adoption, type ImportEntry, importEntry } from "./adoption.ts";
import { type CheckpointChoice, checkpointsOfDestroy, checkpointsOfUp, countSteps, FEW_STEPS } from "./checkpoints.ts";
import { openCliWorkspace } from "./cli-workspace.ts";
import { deliverAll } from "./deliveries.ts";
import { DeploymentError, explain } from "./deployment-error.ts";
import type { DeploymentOptions, Operation, RunOptions } from "./deployment-options.ts";
import { importEntries } from "./import-entries.ts";
import { movedEntry } from "./move.ts";
import { findStackWith, type OtherStacks, readOtherStacks } from "./other-stacks.ts";
import { StackAccess } from "./stack-access.ts";
import { currentStack, lastPart } from "./stack-name.ts";
import { stackOutputs } from "./stack-outputs.ts";
import { exportState, type ManagedResource, runCli } from "./stack-state.ts";
import type { WorkDirectory } from "./work-directory.ts";

/** `PulumiCommand.get` would start the CLI once more, for the version that is known. */
const KnownCommand = PulumiCommand as unknown as new (command: string, version: string) => PulumiCommand;

/** By then the engine was started, and takes longer than this to call: nothing else is to be done here. */
const ENGINE_IS_STARTING_MS = 100;

/** One environment, opened on the engine: its stack, and the program that declares its clients, run in this process. */
export class Deployment extends StackAccess implements AsyncDisposable {
  protected readonly workspace: LocalWorkspace;
  readonly #stack: Stack;
  readonly #directory: WorkDirectory;
  readonly #provider: AttachedProvider | undefined;
  protected readonly project: string;
  readonly #environment: Environment;
  readonly #options: DeploymentOptions;
  /** Previous name of the stack, which it still has: `up` renames it at its end. Undefined: it is not to be renamed. */
  readonly movedFrom: string | undefined;

  private constructor(
    workspace: LocalWorkspace,
    stack: Stack,
    opened: { directory: WorkDirectory; provider: AttachedProvider | undefined },
    options: DeploymentOptions,
  ) {
    super();
    this.workspace = workspace;
    this.#stack = stack;
    this.#directory = opened.directory;
    this.#provider = opened.provider;
    this.project = options.project;
    this.#environment = { ...options.environment, stack: stack.name };
    this.movedFrom = stack.name === options.environment.stack ? undefined : stack.name;
    this.#options = options;
  }

  /** Makes all ready. Only a `moved` environment starts the CLI: whether there is a backend and a stack shows when they are needed. */
  static async open(options: DeploymentOptions): Promise<Deployment> {
    const { environment, engine, settingsDirectory } = options;
    const { secretsProvider } = environment;
    let stackName = environment.stack;
    const { directory, ...cli } = await openCliWorkspace(options);
    const provider = options.providerProcess
      ? undefined
      : await attachProvider({ ...process.env, ...options.variables }, () => exportState(cli, stackName));
    const workspace = await LocalWorkspace.create({
      program: async () => {
        const resources = await declareGradually(environment, { outputs: false });
        const { settingsDirectory: directory, onDelivered } = options;
        await deliverAll(environment, resources, {
          ...(directory && { directory }),
          ...(onDelivered && { onDelivered }),
        });
        return stackOutputs(environment, resources);
      },
      workDir: cli.workDir,
      pulumiCommand: new KnownCommand(engine.pulumi, engine.version),
      envVars: { ...cli.envVars, ...provider?.variables },
      ...(secretsProvider !== undefined && { secretsProvider }),
    });
    stackName = await currentStack(cli, environment, settingsDirectory).catch(async (error) => {
      await Promise.all([provider?.[Symbol.asyncDispose](), directory[Symbol.asyncDispose]()]);
      throw error;
    });
    await directory.nameSettings(lastPart(stackName));
    // Every command names the stack. To ask for it first would start the CLI once more, and after each run it would be
    // started up to three times for what nobody here reads.
    workspace.selectStack = async () => {};
    const stack = await Stack.select(stackName, workspace);
    stack.outputs = async () => ({});
    stack.info = async () => undefined;
    return new Deployment(workspace, stack, { directory, provider }, options);
  }

  /**
   * @throws DeploymentError When the run does not reach its end. `locked`: nothing was started. Otherwise what was done is in
   * the state, and running again goes on from there.
   */
  async run(operation: Operation, options: RunOptions = {}): Promise<void> {
    const { onEvent, signal, refresh, savePlan, plan, previewOnly } = options;
    const common = { color: "never" as const, ...(onEvent && { onEvent }), ...(signal && { signal }) };
    try {
      if (savePlan !== undefined || plan !== undefined) {
        await this.#directory.keepKey(async () => (await this.state()).secrets_providers);
      }
      const { checkpoints, note } = await this.#chooseCheckpoints(operation, options);
      if (note !== undefined) options.onNote?.(note);
      this.workspace.envVars.PULUMI_SKIP_CHECKPOINTS = String(checkpoints === "once");
      signal?.throwIfAborted(); // the Automation API hears of an abort only while the engine runs
      if (operation !== "preview") setTimeout(() => this.#provider?.prepare(), ENGINE_IS_STARTING_MS).unref();
      await this.onStack(async (stack): Promise<unknown> => {
        switch (operation) {
          case "preview":
            return stack.preview({
              ...common,
              ...(refresh && { refresh }),
              ...(savePlan !== undefined && { plan: savePlan }),
            });
          case "up":
            return stack.up({ ...common, ...(refresh && { refresh }), ...(plan !== undefined && { plan }) });
          case "destroy":
            return stack.destroy({ ...common, ...(previewOnly && { previewOnly }) });
          case "refresh":
            // What an interrupted run began to create, the next `up` finds by its key: the engine need not remember it.
            return stack.refresh({ ...common, clearPendingCreates: !previewOnly, ...(previewOnly && { previewOnly }) });
        }
      });
      // At the end: a plan and a state of the previous name fit each other, and a run that is killed before begins again there.
      if (operation === "up" && this.movedFrom !== undefined) {
        await runCli(this.workspace, ["stack", "rename", this.#options.environment.stack, "--stack", this.movedFrom]);
      }
    } catch (error) {
      if (!signal?.aborted) throw error;
      throw new DeploymentError("interrupted", "interrupted: what was done is recorded", { cause: error });
    }
  }

  /**
   * What the other stacks of the backend manage. Nothing is decrypted.
   *
   * @param limit how many stacks are read at most; those without resources are not counted
   * @throws DeploymentError When the backend or the stack cannot be opened.
   */
  async otherStacks(limit: number): Promise<OtherStacks> {
    // The list may name the own stack by an organization that ours leaves to the login, but it tells which is selected.
    await this.onStack(({ name }) => LocalWorkspace.prototype.selectStack.call(this.workspace, name)).catch((error) => {
      // What does not exist is not in the list either.
      if (!(error instanceof DeploymentError && error.code === "no_stack")) throw error;
    });
    return readOtherStacks(this.workspace, { project: this.project, stack: this.#stack.name }, limit);
  }

  /** A stack of the same project that manages clients of all these names, other than those named: see {@link findStackWith}. */
  stackWith(clients: Environment["clients"], except: readonly string[]): Promise<string | undefined> {
    return findStackWith(this.workspace, clients, except);
  }

  /** Takes a client of another stack under management, as that stack has it. */
  receive(resource: ManagedResource): Promise<void> {
    return this.#importEntries([movedEntry(resource)]);
  }

  /**
   * Takes existing clients under management. The secrets pass through a file in the system's directory for temporary files.
   *
   * @param adoptions clients with their secrets
   * @throws DeploymentError When the engine refuses; nothing is imported then.
   */
  import(adoptions: readonly Adoption[]): Promise<void> {
    return this.#importEntries(adoptions.map((adoption) => importEntry(adoption)));
  }

  #importEntries(entries: readonly ImportEntry[]): Promise<void> {
    return importEntries(entries, this.#environment, this.project, (work) => this.onStack(work));
  }

  /** Where the state is to be written once, it holds the stack's identity afterwards, without which nothing would be found again. */
  async #chooseCheckpoints(operation: Operation, options: RunOptions): Promise<CheckpointChoice> {
    const { checkpoints: wanted, previewOnly, plan, signal } = options;
    const { clients } = this.#environment;
    if (operation === "destroy" && !previewOnly) return checkpointsOfDestroy(wanted, clients.length);
    // A small manifest is not worth a look at the state.
    const looked = wanted === "once" || (wanted === undefined && clients.length > FEW_STEPS.up);
    if (operation !== "up" || !looked) return { checkpoints: "every" };
    const state = options.state ?? (await this.state());
    const choice = checkpointsOfUp(wanted, countSteps(clients, state), await this.#honoursKeys());
    const identity = `urn:pulumi:${lastPart(this.#stack.name)}::${this.project}::pulumi:index:Stash::pulumi-carto`;
    if (choice.checkpoints === "every" || state.resources?.some(({ urn }) => urn === identity)) return choice;
    // The plan creates the identity itself.
    if (plan !== undefined) return { checkpoints: "every" };
    signal?.throwIfAborted();
    const program = async () => {
      stackIdentity();
    };
    await this.onStack((stack) => stack.up({ program, target: [identity], color: "never", ...(signal && { signal }) }));
    return choice;
  }

  async #honoursKeys(): Promise<boolean> {
    const settings = await this.workspace.stackSettings(lastPart(this.#stack.name)).catch(() => undefined); // there is none
    return String(settings?.config?.["carto:idempotencyKeys"] ?? true) !== "false";
  }

  /** Where the stack is missing and may be made, makes it and works again. */
  protected async onStack<Result>(work: (stack: Stack) => Promise<Result>): Promise<Result> {
    try {
      return await work(this.#stack);
    } catch (error) {
      const failure = explained(error);
      if (!(this.#options.create && failure instanceof DeploymentError && failure.code === "no_stack")) throw failure;
    }
    try {
      await this.workspace.createStack(this.#stack.name).catch((error) => {
        if (!(error instanceof StackAlreadyExistsError)) throw error; // otherwise another pipeline was quicker
      });
      return await work(this.#stack);
    } catch (error) {
      throw explained(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#provider?.[Symbol.asyncDispose]();
    await this.#directory[Symbol.asyncDispose]();
  }
}

function explained(error: unknown): unknown {
  return error instanceof CommandError ? explain(error.message, error) : error;
}
