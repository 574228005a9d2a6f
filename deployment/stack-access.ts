import { type Credentials, credentialsOf } from "./credentials.ts";
import { DeploymentError, NO_PASSPHRASE } from "./deployment-error.ts";
import { holdResource, releaseResource, welcomeResource } from "./move.ts";
import { hasPassphrase, needsPassphrase } from "./passphrase.ts";
import { readLock, type StackLock } from "./stack-lock.ts";
import { readPlace, type StackPlace } from "./stack-place.ts";
import {
  type CliWorkspace,
  exportState,
  type ManagedClient,
  type ManagedResource,
  managedClients,
  runCli,
  type State,
} from "./stack-state.ts";

/** Operations on the state of a stack that use only the Pulumi CLI: no program is run, no provider is asked. */
export abstract class StackAccess {
  protected abstract readonly workspace: CliWorkspace;
  /** Pulumi project name. */
  protected abstract readonly project: string;

  /** Works on the stack, which may have to be made first. @throws DeploymentError When the work fails. */
  protected abstract onStack<Result>(work: (stack: { name: string }) => Promise<Result>): Promise<Result>;

  /**
   * The state of the stack.
   *
   * @throws DeploymentError When the backend or the stack cannot be opened.
   */
  state(showSecrets = false): Promise<State> {
    return this.onStack(({ name }) => exportState(this.workspace, name, showSecrets));
  }

  /**
   * The clients that the stack manages.
   *
   * @throws DeploymentError When the backend or the stack cannot be opened.
   */
  async clients(): Promise<ManagedClient[]> {
    return managedClients(await this.state());
  }

  /**
   * What the clients of the stack log in with.
   *
   * @param showSecrets whether secrets are read, which takes the stack's passphrase or key
   * @throws DeploymentError When the backend or the stack cannot be opened, or its secrets cannot be decrypted.
   */
  async credentials(showSecrets: boolean): Promise<Credentials[]> {
    return credentialsOf(await this.state(showSecrets));
  }

  /**
   * Who holds the lock of the stack. Takes the lock for a moment, where it is free, and changes nothing.
   *
   * @throws DeploymentError When the backend or the stack cannot be opened.
   */
  async lock(): Promise<StackLock> {
    return this.onStack(({ name }) => readLock(this.workspace, name, this.project));
  }

  /**
   * Removes the lock of the stack, whatever its holder.
   *
   * @throws DeploymentError When the backend or the stack cannot be opened, or refuses.
   */
  async cancel(): Promise<void> {
    await this.onStack(({ name }) => runCli(this.workspace, ["cancel", "--yes", "--stack", name]));
  }

  /**
   * Where the state is.
   *
   * @throws DeploymentError When there is no backend.
   */
  async place(): Promise<StackPlace> {
    return this.onStack(({ name }) => readPlace(this.workspace, name, this.project));
  }

  /**
   * Whether the secrets of the stack need a passphrase, which is given then. Only looks for one: a wrong one is found by the engine.
   *
   * @param secretsProvider of the environment
   * @throws DeploymentError `passphrase` When there is none. Otherwise when the backend cannot be opened.
   */
  async usesPassphrase(secretsProvider: string | undefined): Promise<boolean> {
    const { envVars, workDir } = this.workspace;
    const variables = { ...process.env, ...envVars };
    // Without the variable it is the backend that the user is logged in to.
    const backend = variables.PULUMI_BACKEND_URL || (await this.place()).backend;
    if (!needsPassphrase(backend, secretsProvider)) return false;
    if (await hasPassphrase(variables, workDir)) return true;
    const state = await this.state().catch((error: unknown) => {
      if (!(error instanceof DeploymentError && error.code === "no_stack")) throw error;
    });
    // It may be encrypted with something else since `pulumi stack change-secrets-provider`.
    const { type = "passphrase" } = state?.secrets_providers ?? {};
    if (type === "passphrase") throw new DeploymentError("passphrase", NO_PASSPHRASE);
    return false;
  }

  /** The first step of a move: see {@link holdResource}. */
  hold(resource: ManagedResource): Promise<void> {
    return this.onStack(({ name }) => holdResource(this.workspace, name, resource));
  }

  /** See {@link welcomeResource}. */
  welcome(resource: ManagedResource): Promise<void> {
    return this.onStack(({ name }) => welcomeResource(this.workspace, name, resource));
  }

  /** The last step of a move: see {@link releaseResource}. */
  release(resource: ManagedResource): Promise<void> {
    return this.onStack(({ name }) => releaseResource(this.workspace, name, resource));
  }
}
