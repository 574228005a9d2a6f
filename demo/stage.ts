import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { resolveConfiguration } from "../carto/configuration.ts";
import { Tenant } from "../carto/tenant.ts";
import { type Emulator, startEmulator } from "../emulator/index.ts";
import { findOrInstallEngine } from "../engine/index.ts";
import { type Operation, Pulumi, type PulumiRun } from "./pulumi.ts";
import { type DeployedClient, deployedClients, deployedToken } from "./state.ts";
import type { Transcript } from "./transcript.ts";

/** The stack of the demo. */
export const STACK = "demo";

/** The repository, whose root is the Pulumi project. */
export const PROJECT = join(import.meta.dirname, "..");
const DIRECTORY = join(PROJECT, ".pulumi-carto", "demo");
/** The manifest as the demo changes it; the project's own stays as it is. */
export const MANIFEST = join(DIRECTORY, "clients.yaml");
const EVENT_LOG = join(DIRECTORY, "events.jsonl");

/** The demo's emulated CARTO, real engine, and stack of the project's manifest. */
export class Stage {
  readonly engineBin: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly emulator: Emulator;
  readonly tenant: Tenant;
  readonly pulumi: Pulumi;
  /** Everything that `pulumi` has printed. */
  readonly seen: string[] = [];
  #declared = "";
  #stopped: Promise<void> | undefined;

  private constructor(engine: { pulumi: string; bin: string }, emulator: Emulator) {
    this.engineBin = engine.bin;
    this.emulator = emulator;
    this.environment = {
      ...process.env,
      ...emulator.env,
      PATH: `${engine.bin}:${process.env.PATH}`,
      PULUMI_BACKEND_URL: `file://${join(DIRECTORY, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "demo",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DEBUG_COMMANDS: "true", // offers --event-log
    };
    const { environment } = this;
    this.pulumi = new Pulumi({ cli: engine.pulumi, directory: PROJECT, environment, eventLog: EVENT_LOG });
    this.tenant = new Tenant(resolveConfiguration(() => undefined, environment));
  }

  static async set(tell: Transcript, signal: AbortSignal): Promise<Stage> {
    const engine = await findOrInstallEngine({ log: (line) => tell.line(line), signal });
    const stage = new Stage(engine, await startEmulator());
    tell.line(`Pulumi ${engine.version}, an emulated CARTO at ${stage.emulator.url}`);
    return stage;
  }

  async initializeStack(): Promise<void> {
    await rm(DIRECTORY, { recursive: true, force: true });
    await mkdir(join(DIRECTORY, "backend"), { recursive: true });
    const manifest = parseDocument(await readFile(join(PROJECT, "clients.yaml"), "utf8"));
    manifest.setIn(["environments", STACK], {});
    this.#declared = manifest.toString();
    await this.declare(this.#declared);
    await rm(join(PROJECT, `Pulumi.${STACK}.yaml`), { force: true });
    this.succeed(await this.pulumi.run("stack", "init", STACK));
    this.succeed(await this.pulumi.run("config", "set", "manifest", MANIFEST, "--stack", STACK));
  }

  /** The project's manifest, with an environment for the demo. */
  get declared(): string {
    return this.#declared;
  }

  /** Declares a manifest that stays: from now on it is the one that is changed. */
  adopt(manifest: string): Promise<void> {
    this.#declared = manifest;
    return this.declare(manifest);
  }

  /** Writes the manifest that the stack is made from. */
  declare(manifest: string): Promise<void> {
    return writeFile(MANIFEST, manifest);
  }

  /** @throws Error When the command failed. */
  succeed<Run extends PulumiRun>(run: Run): Run {
    this.seen.push(run.output);
    if (run.code !== 0) throw new Error(`pulumi failed:\n${run.output}`);
    return run;
  }

  async up(): Promise<Operation[]> {
    return this.succeed(await this.pulumi.operate("up", "--yes", "--stack", STACK)).operations;
  }

  clients(): Promise<DeployedClient[]> {
    return deployedClients(this.pulumi, STACK);
  }

  /** The stack's API Access Token: its value is never to be printed. */
  token(): Promise<{ id: string; token: string }> {
    return deployedToken(this.pulumi, STACK);
  }

  events(): Promise<string> {
    return readFile(EVENT_LOG, "utf8");
  }

  /** A second call does nothing more. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await this.pulumi.interrupt();
    await this.tenant.close();
    await this.emulator.close();
    // Without the emulator the stack is of no use.
    await rm(DIRECTORY, { recursive: true, force: true });
    await rm(join(PROJECT, `Pulumi.${STACK}.yaml`), { force: true });
  }
}

/** What an operation changed, e.g. `update delivery-map`. */
export function changed(operations: readonly Operation[]): string[] {
  return operations.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`);
}
