import { type ChildProcess, spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";

/** How a run of `pulumi` ended. */
export interface PulumiRun {
  code: number;
  /** Standard output and error, as they came. */
  output: string;
}

/** What a run did, or would do, to one resource. */
export interface Operation {
  op: string;
  /** Logical name of the resource. */
  name: string;
  type: string;
}

/** A line of `--event-log`: of all events only what the demo looks at. */
interface EngineEvent {
  resourcePreEvent?: { metadata: { op: string; urn: string; type: string } };
}

/** Runs `pulumi` in one project with one backend, a process at a time. */
export class Pulumi {
  readonly #cli: string;
  readonly #directory: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #eventLog: string;
  #running: ChildProcess | undefined;

  constructor(options: { cli: string; directory: string; environment: NodeJS.ProcessEnv; eventLog: string }) {
    this.#cli = options.cli;
    this.#directory = options.directory;
    this.#environment = options.environment;
    this.#eventLog = options.eventLog;
  }

  /** Never throws for an exit code: some of the demo's commands have to fail. */
  run(...args: string[]): Promise<PulumiRun> {
    return new Promise((resolve, reject) => {
      // A process group of its own: Ctrl-C in the terminal reaches the demo alone, which passes it on once.
      const child = spawn(this.#cli, [...args, "--non-interactive"], {
        cwd: this.#directory,
        env: this.#environment,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      this.#running = child;
      let output = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
      child.on("error", reject);
      child.on("close", (code) => {
        this.#running = undefined;
        resolve({ code: code ?? 1, output });
      });
    });
  }

  /** Runs an update or preview and tells which resources it was about, without the stack itself. */
  async operate(...args: string[]): Promise<PulumiRun & { operations: Operation[] }> {
    await rm(this.#eventLog, { force: true });
    const run = await this.run(...args, "--event-log", this.#eventLog);
    const lines = (await readFile(this.#eventLog, "utf8").catch(() => "")).split("\n").filter(Boolean);
    const operations = lines
      .map((line): EngineEvent => JSON.parse(line))
      .map(({ resourcePreEvent }) => resourcePreEvent?.metadata)
      .filter((metadata) => metadata?.type.startsWith("pulumi-nodejs:dynamic/carto:"))
      .map((metadata) => ({
        op: metadata?.op ?? "",
        name: metadata?.urn.split("::").at(-1) ?? "",
        type: metadata?.type.split(":").at(-1) ?? "",
      }));
    return { ...run, operations };
  }

  /** Asks a running `pulumi` to stop, and waits until it and its plugins have. */
  async interrupt(): Promise<void> {
    const child = this.#running;
    if (!child?.pid) return;
    const group = -child.pid;
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGINT");
    const lastResort = setTimeout(() => process.kill(group, "SIGKILL"), 15_000);
    await ended;
    clearTimeout(lastResort);
  }
}
