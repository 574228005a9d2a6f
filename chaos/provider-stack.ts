import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readCheckpoint } from "./checkpoint.ts";
import type { Killer } from "./killer.ts";
import { killAll, processesIn } from "./processes.ts";
import type { Declaration, Kill } from "./schedule.ts";
import type { Stack, StateClient } from "./stack.ts";

/** Starting Node is most of what a run costs. */
const COMPILE_CACHE = join(tmpdir(), "pulumi-carto-chaos-compiled");
const PROGRAM = fileURLToPath(new URL("engine-process.ts", import.meta.url));

/** Runs the real provider in one process, and a stand-in for the engine in another: many runs in little time. */
export class ProviderStack implements Stack {
  readonly #directory: string;
  readonly #environment: Record<string, string>;
  readonly #killer: Killer;

  private constructor(directory: string, environment: Record<string, string>, killer: Killer) {
    this.#directory = directory;
    this.#environment = environment;
    this.#killer = killer;
  }

  static async create(environment: Record<string, string>, killer: Killer): Promise<ProviderStack> {
    return new ProviderStack(await mkdtemp(join(tmpdir(), "pulumi-carto-chaos-")), environment, killer);
  }

  async operate(operation: "up" | "destroy", declared: Declaration, kill: Kill | undefined) {
    const { engine, provider, ended } = await this.#start(operation, declared);
    const targets = () => [
      ...(kill?.target === "provider" ? [] : [{ pid: engine.pid ?? 0 }]),
      ...(kill?.target === "engine" ? [] : provider()),
    ];
    const [{ code }, killed] = await this.#killer.during(kill, ended, () => killAll(targets()));
    return { killed, succeeded: code === 0 };
  }

  async recover(declared: Declaration, refresh: boolean): Promise<void> {
    const { code, output } = await (await this.#start(refresh ? "refresh-up" : "up", declared)).ended;
    if (code !== 0) throw new Error(`the provider alone failed:\n${output}`);
  }

  async clients(): Promise<StateClient[]> {
    return readCheckpoint(this.#directory).resources.map(({ logicalName, id, outs }) => ({
      logicalName,
      clientId: id,
      clientSecret: outs.clientSecret ?? outs.token,
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    killAll(processesIn(this.#directory));
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #start(operation: string, declared: Declaration) {
    await writeFile(join(this.#directory, "clients.json"), JSON.stringify(declared));
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: this.#directory,
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...this.#environment,
    };
    const engine = spawn(process.execPath, [PROGRAM, operation, this.#directory], {
      ...{ env, cwd: this.#directory, stdio: ["ignore", "pipe", "pipe"] },
    });
    let [pid, output] = ["", ""];
    engine.stdout.setEncoding("utf8").on("data", (text: string) => {
      pid += text;
    });
    engine.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    // Not "close": a provider that outlives its engine holds the pipes.
    const ended = once(engine, "exit").then(([code]) => ({ code: code, output }));
    return { engine, ended, provider: () => (pid === "" ? [] : [{ pid: Number(pid) }]) };
  }
}
