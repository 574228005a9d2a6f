import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  CommandError,
  type EngineEvent,
  LocalWorkspace,
  type LocalWorkspaceOptions,
  type PulumiCommand,
  type Stack,
  StackAlreadyExistsError,
  type StackSummary,
} from "@pulumi/pulumi/automation/index.js";
import { type Adoption, importEntry, type ManagedClient } from "./adoption.ts";
import { clientType } from "./client-resource.ts";
import { DeploymentError, explain } from "./deployment-error.ts";
import { declareEnvironment } from "./manifest/declare-clients.ts";
import type { Environment } from "./manifest/environment.ts";
import { type StateSecrets, WorkDirectory } from "./work-directory.ts";

export type Operation = "preview" | "up" | "refresh" | "destroy";

export interface DeploymentOptions {
  /** Pulumi project name. */
  project: string;
  environment: Environment;
  /** The engine, from `PulumiCommand.get` or `PulumiCommand.install`. */
  engine: PulumiCommand;
  /** Added to the environment of the engine and of all it starts: backend, passphrase, `CARTO_*` credentials. */
  variables?: Readonly<Record<string, string>>;
  /** Where a `Pulumi.<stack>.yaml` is read from, if there is one. Unset: nowhere. It is never written. */
  settingsDirectory?: string;
  /** Whether a stack that does not exist is made. Unset: false. */
  create?: boolean;
}

export interface RunOptions {
  /** Asks CARTO first what changed there. `preview` and `up` only. Unset: false. */
  refresh?: boolean;
  /** Path that `preview` writes its plan to. Unset: none is written. */
  savePlan?: string;
  /** Only says what `destroy` or `refresh` would do. Unset: false. */
  previewOnly?: boolean;
  /** Path of the plan that `up` keeps to: it fails rather than do anything else. Unset: free. */
  plan?: string;
  /** As they come. Diagnostics of severity `debug` may hold secrets: never show those. */
  onEvent?: (event: EngineEvent) => void;
  /** Ends the run; what was done is recorded in the state. */
  signal?: AbortSignal;
}

/** One environment on the engine: its stack, and the program that declares its clients, run in this process. */
export class Deployment implements AsyncDisposable {
  readonly #stack: Stack;
  readonly #directory: WorkDirectory;
  readonly #project: string;
  readonly #environment: Environment;

  private constructor(stack: Stack, directory: WorkDirectory, { project, environment }: DeploymentOptions) {
    this.#stack = stack;
    this.#project = project;
    this.#environment = environment;
    this.#directory = directory;
  }

  /** @throws DeploymentError When the backend, the stack or its secrets cannot be opened. */
  static async open(options: DeploymentOptions): Promise<Deployment> {
    const { project, environment, engine } = options;
    const { stack: stackName, backend, secretsProvider } = environment;
    const lastName = stackName.split("/").at(-1) ?? stackName;
    const pulumiHome = options.variables?.PULUMI_HOME ?? process.env.PULUMI_HOME;
    const { settingsDirectory } = options;
    const directory = await WorkDirectory.create({
      ...{ project, stackName: lastName, settingsDirectory, secretsProvider, pulumiHome },
    });
    const program = async () => {
      const resources = Object.entries(declareEnvironment(environment));
      return { clientIds: Object.fromEntries(resources.map(([name, { clientId }]) => [name, clientId])) };
    };
    const workspace: LocalWorkspaceOptions = {
      workDir: directory.path,
      pulumiCommand: engine,
      envVars: {
        PULUMI_SKIP_UPDATE_CHECK: "true",
        ...options.variables,
        // Not in the project's settings: the common PULUMI_BACKEND_URL would win, and a password would stand in a file.
        ...(backend !== undefined && { PULUMI_BACKEND_URL: backend }),
      },
      projectSettings: { name: project, runtime: "nodejs" },
      ...(secretsProvider !== undefined && { secretsProvider }),
    };
    try {
      const stack = await openStack({ stackName, projectName: project, program }, workspace, options.create ?? false);
      // After each run the Automation API would start the CLI again, up to three times, for what nobody here reads.
      stack.outputs = async () => ({});
      stack.info = async () => undefined;
      return new Deployment(stack, directory, options);
    } catch (error) {
      await directory[Symbol.asyncDispose]();
      throw error instanceof CommandError ? explain(error.message, error) : error;
    }
  }

  /**
   * @throws DeploymentError When the run does not reach its end. `locked`: nothing was begun. Otherwise what was done is in
   * the state, and running again goes on from there.
   */
  async run(operation: Operation, options: RunOptions = {}): Promise<void> {
    const { onEvent, signal, refresh, savePlan, plan, previewOnly } = options;
    const common = { color: "never" as const, ...(onEvent && { onEvent }), ...(signal && { signal }) };
    try {
      if (savePlan !== undefined || plan !== undefined) {
        const { secrets_providers: secrets } = await this.#state();
        if (secrets !== undefined) await this.#directory.keepKey(secrets);
      }
      if (operation === "preview") {
        await this.#stack.preview({
          ...common,
          ...(refresh && { refresh }),
          ...(savePlan !== undefined && { plan: savePlan }),
        });
      } else if (operation === "up") {
        await this.#stack.up({ ...common, ...(refresh && { refresh }), ...(plan !== undefined && { plan }) });
      } else if (operation === "destroy") {
        await this.#stack.destroy({ ...common, ...(previewOnly && { previewOnly }) });
      } else {
        await this.#stack.refresh({ ...common, ...(previewOnly && { previewOnly }) });
      }
    } catch (error) {
      if (signal?.aborted) {
        throw new DeploymentError("interrupted", "interrupted: what was done is recorded", { cause: error });
      }
      throw error instanceof CommandError ? explain(error.message, error) : error;
    }
  }

  /** The clients that the stack manages. */
  async clients(): Promise<ManagedClient[]> {
    return managedClients(await this.#state());
  }

  /**
   * What the other stacks of the backend manage. Nothing is decrypted.
   *
   * @param limit how many stacks are read at most; those without resources are not counted
   */
  async otherStacks(limit: number): Promise<OtherStacks> {
    const { workspace, name: own } = this.#stack;
    const qualified = (name: string) => (name.includes("/") ? name : `organization/${this.#project}/${name}`);
    let all: StackSummary[];
    try {
      all = await workspace.listStacks({ all: true });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { read: [], unread: [`their list (${explain(error.message, error).message})`], managed: new Map() };
    }
    const others = all.filter(({ name, resourceCount, current }) => {
      return !current && qualified(name) !== qualified(own) && resourceCount !== 0;
    });
    const found: OtherStacks = { read: [], unread: others.slice(limit).map(({ name }) => name), managed: new Map() };
    for (const { name } of others.slice(0, limit)) {
      try {
        for (const { clientId } of managedClients(await this.#state(name))) found.managed.set(clientId, name);
        found.read.push(name);
      } catch (error) {
        if (!(error instanceof DeploymentError)) throw error;
        found.unread.push(name);
      }
    }
    return found;
  }

  /** The state with its secrets encrypted as they are. The Automation API's own export wants the passphrase, too. */
  async #state(stack: string = this.#stack.name): Promise<State> {
    const { pulumiCommand, workDir, envVars } = this.#stack.workspace;
    const options = { cwd: workDir, env: { ...process.env, ...envVars }, maxBuffer: Number.POSITIVE_INFINITY };
    const args = ["stack", "export", "--stack", stack, "--non-interactive"];
    const { stdout } = await promisify(execFile)(pulumiCommand.command, args, options).catch((error) => {
      throw explain(String(error.stderr), error);
    });
    return (JSON.parse(stdout) as { deployment?: State }).deployment ?? {};
  }

  /**
   * Takes existing clients under management. The secrets pass through a file in the system's directory for temporary files.
   *
   * @param adoptions clients with their secrets
   * @throws DeploymentError When the engine refuses; nothing is imported then.
   */
  async import(adoptions: readonly Adoption[]): Promise<void> {
    const { tenant, stack } = this.#environment;
    const stackName = stack.split("/").at(-1);
    const provider = tenant && `urn:pulumi:${stackName}::${this.#project}::pulumi:providers:pulumi-nodejs::carto`;
    try {
      // An explicit provider must be in the state before a resource can name it.
      if (provider !== undefined) await this.#stack.up({ target: [provider], color: "never" });
      await this.#stack.import({
        resources: adoptions.map((adoption) => importEntry(adoption, provider && "carto")),
        ...(provider !== undefined && { nameTable: { carto: provider } }),
        protect: false,
        generateCode: false,
        color: "never",
      });
    } catch (error) {
      throw error instanceof CommandError ? explain(error.message, error) : error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#directory[Symbol.asyncDispose]();
  }
}

/** What stacks of the same backend manage. */
export interface OtherStacks {
  /** Names of the stacks that were looked at. */
  read: string[];
  /** Names of those that were not: beyond the limit, or not readable; why, where not even a list was to be had. */
  unread: string[];
  /** Stacks' names by the client IDs that they manage. */
  managed: Map<string, string>;
}

/** What is read of an exported state. */
interface State {
  resources?: StateResource[];
  secrets_providers?: StateSecrets;
}

/** What is read of a resource in an exported state. */
interface StateResource {
  urn: string;
  type: string;
  id?: string;
  /** Only looked up, not managed. */
  external?: boolean;
  /** Replaced, and still to be deleted. */
  delete?: boolean;
}

function managedClients({ resources = [] }: State): ManagedClient[] {
  return resources.flatMap(({ urn, type, id, external, delete: doomed }) => {
    const kind = (["spa", "m2m"] as const).find((one) => clientType(one) === type);
    if (kind === undefined || id === undefined || external || doomed) return [];
    return [{ kind, clientId: id, logicalName: urn.split("::").slice(3).join("::") }];
  });
}

type Program = Parameters<typeof LocalWorkspace.createStack>[0] & { program: () => Promise<Record<string, unknown>> };

async function openStack(program: Program, workspace: LocalWorkspaceOptions, create: boolean): Promise<Stack> {
  if (!create) return LocalWorkspace.selectStack(program, workspace);
  try {
    return await LocalWorkspace.createOrSelectStack(program, workspace);
  } catch (error) {
    // Another pipeline made it between the question and the creation.
    if (error instanceof StackAlreadyExistsError) return LocalWorkspace.selectStack(program, workspace);
    throw error;
  }
}
