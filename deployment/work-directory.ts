import { rmSync } from "node:fs";
import { appendFile, mkdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { systemCode } from "../error/system-code.ts";
import { movableSettings } from "./contract-path.ts";
import { selectionSuffix, temporaryDirectory } from "./temporary-directory.ts";

const require = createRequire(import.meta.url);

/** What a work directory is made for. */
export interface WorkDirectoryOptions {
  /** Pulumi project name. */
  project: string;
  /** The last part of the stack's name. */
  stackName: string;
  /** Whose `Pulumi.<stack>.yaml` is taken over, if it is there. Unset: nobody's. */
  settingsDirectory?: string | undefined;
  /** Of a stack that has no such file. Unset: the engine's own choice. */
  secretsProvider?: string | undefined;
  /** Unset or empty: `~/.pulumi`. */
  pulumiHome?: string | undefined;
}

/** How the secrets in a stack's state are encrypted, as its `secrets_providers` says. */
export interface StateSecrets {
  /** For example `passphrase` or `cloud`. */
  type?: string;
  state?: { url?: string; encryptedkey?: string };
}

/**
 * A separate directory for each run of an inline program: the engine writes settings there and starts the dynamic provider in it, which
 * must find this package and Pulumi. Links make that so wherever they are installed, read-only included.
 */
export class WorkDirectory implements AsyncDisposable {
  readonly path: string;
  #settings: string;
  readonly #remove: () => void;

  private constructor({ project, stackName, pulumiHome }: WorkDirectoryOptions) {
    const home = pulumiHome || join(homedir(), ".pulumi");
    const { path, remove } = temporaryDirectory("work", (gone) =>
      rmSync(selectionFile(gone, project, home), { force: true }),
    );
    this.path = path;
    this.#settings = join(path, `Pulumi.${stackName}.yaml`);
    this.#remove = remove;
  }

  static async create(options: WorkDirectoryOptions): Promise<WorkDirectory> {
    const { settingsDirectory, stackName, secretsProvider } = options;
    const directory = new WorkDirectory(options);
    const modules = join(directory.path, "node_modules");
    await mkdir(join(modules, "@pulumi"), { recursive: true });
    for (const name of ["pulumi-carto", "@pulumi/pulumi"]) {
      // "junction" is what Windows lets everyone make; elsewhere it means nothing.
      await symlink(dirname(require.resolve(`${name}/package.json`)), join(modules, name), "junction");
    }
    await writeFile(join(directory.path, "Pulumi.yaml"), JSON.stringify({ name: options.project, runtime: "nodejs" }));
    const own = settingsDirectory && (await readIfThere(join(settingsDirectory, `Pulumi.${stackName}.yaml`)));
    const moved = own && settingsDirectory && (await movableSettings(own, settingsDirectory));
    const text = moved ?? (secretsProvider && `secretsprovider: ${JSON.stringify(secretsProvider)}\n`);
    if (text) await writeFile(directory.#settings, text);
    return directory;
  }

  /** Gives the settings the name that the engine looks for: of the stack that there is. */
  async nameSettings(stackName: string): Promise<void> {
    const path = join(this.path, `Pulumi.${stackName}.yaml`);
    if (path === this.#settings) return;
    await rename(this.#settings, path).catch((error) => {
      if (systemCode(error) !== "ENOENT") throw error;
    });
    this.#settings = path;
  }

  /**
   * Lets the engine encrypt with the key that the state has where the settings only name the secrets provider: there it
   * does not look at the state by itself, and no run could read what another wrote into a plan.
   */
  async keepKey(readSecrets: () => Promise<StateSecrets | undefined>): Promise<void> {
    const text = (await readIfThere(this.#settings)) ?? "";
    const provider = /^secretsprovider\s*:\s*["']?([^\s"']+)/m.exec(text)?.[1];
    if (provider === undefined || provider === "passphrase" || /^encryptedkey\s*:/m.test(text)) return;
    const { state } = (await readSecrets()) ?? {};
    if (state?.encryptedkey === undefined || state.url !== provider) return;
    await appendFile(this.#settings, `\nencryptedkey: ${JSON.stringify(state.encryptedkey)}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#remove();
  }
}

/** Where the CLI notes, for each directory, the stack that was chosen in it. */
function selectionFile(directory: string, project: string, pulumiHome: string): string {
  return join(pulumiHome, "workspaces", `${project}${selectionSuffix(directory)}`);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
