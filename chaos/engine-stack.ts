import { type PulumiWorkspace, pulumiWorkspace } from "../harness/pulumi-workspace.ts";
import type { Killer } from "./killer.ts";
import { killAll, processesIn } from "./processes.ts";
import { upAfterKill } from "./recovery.ts";
import type { Declaration, Kill } from "./schedule.ts";
import type { Stack, StateClient } from "./stack.ts";
import { yamlProgram } from "./yaml-program.ts";

const PROGRAM = `
import { readFileSync } from "node:fs";
import { ApiAccessToken, Application, M2mOAuthClient, SpaOAuthClient } from "pulumi-carto";
const classes = { spa: SpaOAuthClient, m2m: M2mOAuthClient, "api-access-token": ApiAccessToken, application: Application };
for (const [name, { kind, was, ...args }] of Object.entries(JSON.parse(readFileSync("clients.json", "utf8")))) {
  new classes[kind](name, args, was ? { aliases: [{ name: was }] } : {});
}
`;

/** The files of a project that declares these clients. */
type Program = (declared: Declaration) => Record<string, string>;

const javaScriptProgram: Program = (declared) => ({ "index.js": PROGRAM, "clients.json": JSON.stringify(declared) });

/** A stack of the real engine, which a program declares. */
export class EngineStack implements Stack {
  readonly #workspace: PulumiWorkspace;
  readonly #killer: Killer;
  readonly #program: Program;

  private constructor(workspace: PulumiWorkspace, killer: Killer, program: Program) {
    this.#workspace = workspace;
    this.#killer = killer;
    this.#program = program;
  }

  /** In JavaScript, on the dynamic provider. */
  static async create(env: Record<string, string>, killer: Killer): Promise<EngineStack> {
    const workspace = await pulumiWorkspace({ files: javaScriptProgram({}), main: "index.js", env });
    return new EngineStack(workspace, killer, javaScriptProgram);
  }

  /** In YAML, on the plugin as built. */
  static async createOnPlugin(env: Record<string, string>, killer: Killer): Promise<EngineStack> {
    const workspace = await pulumiWorkspace({ files: yamlProgram({}), env, language: "yaml", plugin: true });
    return new EngineStack(workspace, killer, yamlProgram);
  }

  async operate(operation: "up" | "destroy", declared: Declaration, kill: Kill | undefined) {
    await this.#declare(declared);
    const running = this.#pulumi(operation);
    const [{ code }, killed] = await this.#killer.during(kill, running, () => killAll(this.#targets(kill)));
    return { killed, succeeded: code === 0 };
  }

  async recover(declared: Declaration, refresh: boolean): Promise<void> {
    await this.#declare(declared);
    await upAfterKill(this.#workspace, () => this.#pulumi("up", ...(refresh ? ["--refresh"] : [])));
    killAll(processesIn(this.#workspace.directory)); // only now: what outlives a killed engine must do no harm
  }

  clients(): Promise<StateClient[]> {
    return stateClients(this.#workspace);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    killAll(processesIn(this.#workspace.directory));
    await this.#workspace[Symbol.asyncDispose]();
  }

  #pulumi(command: string, ...flags: string[]) {
    return this.#workspace.run("pulumi", [
      command,
      "--non-interactive",
      "--color",
      "never",
      "--yes",
      "--skip-preview",
      ...flags,
    ]);
  }

  #declare(declared: Declaration): Promise<void> {
    return this.#workspace.write(this.#program(declared));
  }

  #targets(kill: Kill | undefined) {
    const processes = processesIn(this.#workspace.directory);
    const providers = processes.filter(({ command }) => /dynamic-provider|plugin\/main\.js/.test(command));
    const engines = processes.filter(({ command }) => /^\S*pulumi (up|destroy) /.test(command));
    return [...(kill?.target === "provider" ? [] : engines), ...(kill?.target === "engine" ? [] : providers)];
  }
}

/** The clients in the state of the real engine. */
export async function stateClients(workspace: PulumiWorkspace): Promise<StateClient[]> {
  const resources = await workspace.resources("--show-secrets");
  return resources
    .filter(({ type }) => /^(pulumi-nodejs:dynamic\/carto|carto:index):/.test(type))
    .map(({ urn, id = "", outputs }) => {
      const secret = outputs?.clientSecret?.plaintext ?? outputs?.token?.plaintext;
      return { logicalName: urn.split("::").at(-1) ?? "", clientId: id, clientSecret: secret && JSON.parse(secret) };
    });
}
