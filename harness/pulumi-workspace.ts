import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findEngine, findMissingLanguages, type Language } from "../engine/index.ts";

const REPOSITORY = fileURLToPath(new URL("../", import.meta.url));
const EVENT_LOGGERS = ["preview", "up", "refresh", "destroy", "import"];

/** What a project and its stack are made from. */
export interface PulumiWorkspaceOptions {
  /**
   * Files of the project by relative path. `Pulumi.yaml` and `package.json` are written unless given; a lone string is
   * the program.
   */
  files: string | Record<string, string>;
  /** Program file. Unset: `index.ts`. */
  main?: string;
  /** Module system of `.js` and `.ts` files. Unset: `"module"`. */
  type?: "module" | "commonjs";
  /** Stack configuration by key, e.g. `{ "carto:policy": "production" }`. Unset: none. */
  config?: Record<string, string>;
  /** Secret stack configuration by key. Unset: none. */
  secrets?: Record<string, string>;
  /** Added to the environment of every command. */
  env?: Record<string, string>;
  /** Directories that come first on the `PATH` of every command. Unset: none. */
  path?: string[];
  /** Language of the program where it is none of Node.js: the engine has to have its host. */
  language?: Language;
  /** Whether the engine finds the plugin `carto` of this repository, as built. Unset: it does not. */
  plugin?: boolean;
}

/** How a run of `pulumi` ended. */
export interface PulumiResult {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Engine events of preview, up, refresh, destroy and import; none for other commands. */
  events: EngineEvent[];
}

/** One line of `--event-log`: only one of the many members is there. */
export interface EngineEvent {
  sequence: number;
  timestamp: number;
  // biome-ignore lint/suspicious/noExplicitAny: the engine's own format, asserted by the tests that read it
  [kind: string]: any;
}

/** A resource as `pulumi stack export` shows it. */
export interface ExportedResource {
  urn: string;
  type: string;
  id?: string;
  custom: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: inputs are JSON
  inputs?: Record<string, any>;
  // biome-ignore lint/suspicious/noExplicitAny: outputs are JSON
  outputs?: Record<string, any>;
  // biome-ignore lint/suspicious/noExplicitAny: members that a test asks for
  [member: string]: any;
}

/**
 * A Pulumi project with a stack `test` on a separate file backend, inside the repository so that `pulumi-carto` and `@pulumi/pulumi`
 * resolve as they do for a user. Disposing it ends what still runs and removes every file.
 *
 * @throws Error When there is no engine (`npm run engine` gets one) or the stack cannot be made.
 */
export async function pulumiWorkspace(options: PulumiWorkspaceOptions): Promise<PulumiWorkspace> {
  const engine = await findEngine();
  if (!engine) throw new Error("There is no Pulumi engine: run `npm run engine` first");
  const missing = options.language ? findMissingLanguages(engine, [options.language]) : [];
  if (missing.length > 0) {
    throw new Error(
      `The engine has no language host for ${missing}: run \`npm run engine -- --languages ${missing}\` first`,
    );
  }
  const root = join(REPOSITORY, ".pulumi-carto", "test");
  await mkdir(root, { recursive: true });
  const directory = await mkdtemp(join(root, "w-"));
  const workspace = new PulumiWorkspace(directory, [...(options.path ?? []), engine.bin], options.env ?? {});
  try {
    const main = options.main ?? "index.ts";
    await workspace.write({
      "Pulumi.yaml": `name: test\nruntime: nodejs\nmain: ${main}\n`,
      "package.json": JSON.stringify({ type: options.type ?? "module" }),
      ...(typeof options.files === "string" ? { [main]: options.files } : options.files),
    });
    await mkdir(join(directory, "backend"));
    if (options.plugin) await workspace.placePlugin();
    await workspace.succeed("stack", "init", "test");
    for (const [key, value] of Object.entries(options.config ?? {})) await workspace.setConfig(key, value);
    for (const [key, value] of Object.entries(options.secrets ?? {})) await workspace.setConfig(key, value, "--secret");
    return workspace;
  } catch (error) {
    await workspace[Symbol.asyncDispose]();
    throw error;
  }
}

/** A Pulumi project with a backend of its own. */
export class PulumiWorkspace implements AsyncDisposable {
  /** Directory of the project, and working directory of its commands. */
  readonly directory: string;
  /** Environment of its commands: for the Automation API, or a `pulumi-carto` child. */
  readonly env: Record<string, string>;
  readonly #running = new Set<ChildProcess>();
  #logs = 0;

  constructor(directory: string, path: readonly string[], env: Record<string, string>) {
    this.directory = directory;
    const inherited: Record<string, string> = {};
    for (const [name, value] of Object.entries(process.env)) {
      // A developer's own PULUMI_* and CARTO_* settings must not decide what a test sees.
      if (value !== undefined && !/^(PULUMI_|CARTO_)/.test(name)) inherited[name] = value;
    }
    this.env = {
      ...inherited,
      PATH: [...path, dirname(process.execPath), inherited.PATH ?? ""].join(delimiter),
      HOME: directory,
      PULUMI_HOME: join(directory, ".pulumi-home"),
      PULUMI_BACKEND_URL: `file://${join(directory, "backend")}`,
      PULUMI_STACK: "test",
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      // The CLI knows --event-log only then.
      PULUMI_DEBUG_COMMANDS: "true",
      NO_COLOR: "1",
      ...env,
    };
  }

  /** Writes files, by path relative to the project. */
  async write(files: Record<string, string>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.directory, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }

  /** Puts the plugin `carto` first on the `PATH` of the commands. */
  async placePlugin(): Promise<void> {
    const bin = join(this.directory, "plugin-bin");
    const executable = join(bin, "pulumi-resource-carto");
    const main = join(REPOSITORY, "dist/plugin/main.js");
    await this.write({ "plugin-bin/pulumi-resource-carto": `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n` });
    await chmod(executable, 0o755);
    this.env.PATH = [bin, this.env.PATH].join(delimiter);
  }

  async setConfig(key: string, value: string, ...flags: string[]): Promise<void> {
    await this.succeed("config", "set", ...flags, "--", key, value);
  }

  /** Runs `pulumi` without a terminal; up, refresh, destroy and import with `--yes`. */
  async pulumi(...args: string[]): Promise<PulumiResult> {
    const [command = ""] = args;
    const flags = ["--non-interactive", "--color", "never"];
    let log: string | undefined;
    if (EVENT_LOGGERS.includes(command)) {
      log = join(this.directory, `events-${this.#logs++}.json`);
      flags.push("--event-log", log, ...(command === "preview" ? [] : ["--yes"]));
      if (command === "up" || command === "destroy" || command === "refresh") flags.push("--skip-preview");
    }
    const result = await this.run("pulumi", [command, ...flags, ...args.slice(1)]);
    const lines = log ? await readFile(log, "utf8").catch(() => "") : "";
    const events = lines.split("\n").filter(Boolean);
    return { ...result, events: events.map((line): EngineEvent => JSON.parse(line)) };
  }

  /** As {@link pulumi}. @throws Error When the command fails, with all it printed. */
  async succeed(...args: string[]): Promise<PulumiResult> {
    const result = await this.pulumi(...args);
    if (result.code === 0) return result;
    throw new Error(`pulumi ${args.join(" ")} ended with ${result.code}:\n${result.stdout}\n${result.stderr}`);
  }

  /**
   * Runs any command in the project's directory and environment.
   *
   * @param onStart gets the process's id as soon as it runs
   */
  async run(command: string, args: string[], onStart?: (pid: number) => void): Promise<Omit<PulumiResult, "events">> {
    const child = spawn(command, args, {
      cwd: this.directory,
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#running.add(child);
    if (child.pid) onStart?.(child.pid);
    const [stdout, stderr]: [string[], string[]] = [[], []];
    child.stdout.setEncoding("utf8").on("data", (text: string) => stdout.push(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => stderr.push(text));
    try {
      const code: number | null = (await once(child, "close"))[0];
      return { code, stdout: stdout.join(""), stderr: stderr.join("") };
    } finally {
      this.#running.delete(child);
    }
  }

  /** The resources of the stack, secrets encrypted, in the engine's order; the stack itself and providers included. */
  async resources(...flags: string[]): Promise<ExportedResource[]> {
    const { stdout } = await this.succeed("stack", "export", ...flags);
    const state: { deployment: { resources?: ExportedResource[] } } = JSON.parse(stdout);
    return state.deployment.resources ?? [];
  }

  /** Values of the stack's outputs, secrets in plain. */
  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.succeed("stack", "output", "--json", "--show-secrets");
    return JSON.parse(stdout);
  }

  /** Every byte the backend and the event logs hold, as text: where a test looks for planted secrets. */
  async storedText(): Promise<string> {
    const entries = await readdir(this.directory, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => /\/(backend|\.pulumi-home)\/|\/events-\d+\.json$|\/Pulumi\.test\.yaml$/.test(path));
    return (await Promise.all(files.map((path) => readFile(path, "utf8")))).join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = [...this.#running].map((child) => once(child, "close"));
    for (const { pid } of this.#running) if (pid) process.kill(-pid, "SIGKILL");
    await Promise.all(closed);
    await rm(this.directory, { recursive: true, force: true });
  }
}
