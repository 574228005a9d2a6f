import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Killer } from "./killer.ts";
import { readCheckpoint } from "./provider-process.ts";
import type { Declaration, Kill } from "./schedule.ts";
import type { Stack, StateClient } from "./stack.ts";

const PROGRAM = fileURLToPath(new URL("provider-process.ts", import.meta.url));

/** The provider alone, each operation in a process of its own, with a file for a state: many runs in little time. */
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
    const { child, ended } = await this.#start(operation, declared);
    const [code] = await this.#killer.during(kill, ended, () => child.kill("SIGKILL"));
    return { killed: code === null, succeeded: code === 0 }; // null: it ended by the signal
  }

  async recover(declared: Declaration, refresh: boolean): Promise<void> {
    const { child, ended } = await this.#start(refresh ? "refresh-up" : "up", declared);
    let output = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    if ((await ended) !== 0) throw new Error(`the provider alone failed:\n${output}`);
  }

  async clients(): Promise<StateClient[]> {
    return readCheckpoint(this.#directory).map(({ logicalName, id, outs }) => ({
      logicalName,
      clientId: id,
      clientSecret: outs.clientSecret,
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #start(operation: string, declared: Declaration) {
    await writeFile(join(this.#directory, "clients.json"), JSON.stringify(declared));
    const env = { PATH: process.env.PATH ?? "", HOME: this.#directory, ...this.#environment };
    const child = spawn(process.execPath, [PROGRAM, operation, this.#directory], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr.resume();
    const ended = once(child, "close").then(([code]) => code as number | null);
    return { child, ended };
  }
}
