import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { type PulumiWorkspace, pulumiWorkspace } from "../harness/pulumi-workspace.ts";
import { stateClients } from "./engine-stack.ts";
import type { Killer } from "./killer.ts";
import { killAll, processesIn } from "./processes.ts";
import { upAfterKill } from "./recovery.ts";
import type { Declaration, Kill } from "./schedule.ts";
import type { Stack, StateClient } from "./stack.ts";

const MAIN = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

/** A stack of the real engine that `pulumi-carto`, as built, runs from a manifest, and whose state is written once at the end. */
export class CommandStack implements Stack {
  readonly #workspace: PulumiWorkspace;
  readonly #killer: Killer;

  private constructor(workspace: PulumiWorkspace, killer: Killer) {
    this.#workspace = workspace;
    this.#killer = killer;
  }

  static async create(environment: Record<string, string>, killer: Killer): Promise<CommandStack> {
    const workspace = await pulumiWorkspace({ files: { "clients.yaml": "" }, env: environment });
    // The engine works in a temporary directory of the command: this way it is found below the workspace.
    await workspace.write({ "tmp/.keep": "" });
    workspace.env.TMPDIR = `${workspace.directory}/tmp`;
    return new CommandStack(workspace, killer);
  }

  async operate(operation: "up" | "destroy", declared: Declaration, kill: Kill | undefined) {
    await this.#declare(declared);
    const running = this.#command(operation);
    const [{ code }, killed] = await this.#killer.during(kill, running, () => killAll(this.#targets(kill)));
    return { killed, succeeded: code === 0 };
  }

  async recover(declared: Declaration, refresh: boolean): Promise<void> {
    await this.#declare(declared);
    await upAfterKill(
      this.#workspace,
      () => this.#command("up", ...(refresh ? ["--refresh"] : [])),
      () => killAll(this.#targets(undefined)), // an engine that has lost its command ends by itself, but not at once
    );
  }

  clients(): Promise<StateClient[]> {
    return stateClients(this.#workspace);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    killAll(processesIn(this.#workspace.directory));
    await this.#workspace[Symbol.asyncDispose]();
  }

  #command(command: "up" | "destroy", ...flags: string[]) {
    const common = ["--stack", "test", "--yes", "--checkpoints", "once"];
    return this.#workspace.run(process.execPath, [MAIN, command, ...common, ...flags, "clients.yaml"]);
  }

  #declare(clients: Declaration): Promise<void> {
    return this.#workspace.write({ "clients.yaml": stringify({ version: 1, project: "test", clients }) });
  }

  /** The command serves the provider itself. */
  #targets(kill: Kill | undefined) {
    const processes = processesIn(this.#workspace.directory);
    const commands = processes.filter(({ command }) => command.includes(MAIN));
    const engines = processes.filter(({ command }) => /^\S*pulumi (up|destroy) /.test(command));
    return [...(kill?.target === "provider" ? [] : engines), ...(kill?.target === "engine" ? [] : commands)];
  }
}
