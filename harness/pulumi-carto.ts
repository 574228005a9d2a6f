import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findEngine } from "../engine/index.ts";

const MAIN = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

/** How a run of the command ended. */
export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A directory in which `pulumi-carto`, as built, runs as a separate process with a separate file backend. */
export class PulumiCarto implements AsyncDisposable {
  readonly directory: string;
  readonly env: Record<string, string>;
  readonly #running = new Set<ChildProcess>();

  private constructor(directory: string, env: Record<string, string>) {
    this.directory = directory;
    this.env = env;
  }

  /** @param env added to a bare environment; a developer's own settings are not seen */
  static async create(env: Record<string, string> = {}): Promise<PulumiCarto> {
    const directory = await mkdtemp(join(tmpdir(), "pulumi-carto-test-"));
    await mkdir(join(directory, "backend"));
    const engine = await findEngine();
    if (engine === undefined) throw new Error("There is no Pulumi engine: run `npm run engine` first");
    return new PulumiCarto(directory, {
      PATH: [engine.bin, dirname(process.execPath), process.env.PATH ?? ""].join(delimiter),
      HOME: directory,
      PULUMI_HOME: join(directory, ".pulumi-home"),
      PULUMI_BACKEND_URL: `file://${join(directory, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      NO_COLOR: "1",
      ...env,
    });
  }

  /** Writes files by name. */
  async write(files: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(files)) await writeFile(join(this.directory, name), text);
  }

  /** For a shell, which must not outlive it: it would have an exit code of its own after Ctrl-C. */
  commandLine(args: string): string {
    return `exec '${process.execPath}' '${MAIN}' ${args}`;
  }

  /**
   * Starts the command and leaves it running.
   *
   * @param input what it finds at stdin; unset: nothing is open there
   */
  start(
    args: string[],
    env: Record<string, string | undefined> = {},
    input?: string,
  ): { child: ChildProcess; done: Promise<CommandResult> } {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.directory,
      env: { ...this.env, ...env },
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    child.stdin?.end(input);
    this.#running.add(child);
    const result: CommandResult = { code: null, stdout: "", stderr: "" };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      result.stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      result.stderr += text;
    });
    const done = once(child, "close").then(([code]) => {
      this.#running.delete(child);
      return { ...result, code: code };
    });
    return { child, done };
  }

  run(args: string[], env: Record<string, string | undefined> = {}): Promise<CommandResult> {
    return this.start(args, env).done;
  }

  /** Every byte in the directory, backend and plans included, as text: where a test looks for secrets. */
  async storedText(): Promise<string> {
    const entries = await readdir(this.directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = [...this.#running].map((child) => once(child, "close"));
    for (const child of this.#running) child.kill("SIGKILL");
    await Promise.all(closed);
    await rm(this.directory, { recursive: true, force: true });
  }
}
