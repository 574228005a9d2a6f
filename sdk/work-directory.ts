import { createHash } from "node:crypto";
import { realpathSync, rmSync } from "node:fs";
import { appendFile, mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

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
  type?: string;
  state?: { salt?: string; url?: string; encryptedkey?: string };
}

/**
 * A directory of its own for each run of an inline program: the engine writes settings there and starts the dynamic provider in it,
 * which must find this package and Pulumi. Links make that so wherever they are installed, read-only included.
 */
export class WorkDirectory implements AsyncDisposable {
  readonly path: string;
  readonly #settings: string;
  readonly #remove: () => void;

  private constructor(path: string, { project, stackName, pulumiHome }: WorkDirectoryOptions) {
    this.path = path;
    this.#settings = join(path, `Pulumi.${stackName}.yaml`);
    const selection = selectionFile(path, project, pulumiHome || join(homedir(), ".pulumi"));
    // A second Ctrl-C ends the process where it stands.
    this.#remove = () => {
      rmSync(path, { recursive: true, force: true });
      rmSync(selection, { force: true });
    };
    process.once("exit", this.#remove);
  }

  static async create(options: WorkDirectoryOptions): Promise<WorkDirectory> {
    const { settingsDirectory, stackName, secretsProvider } = options;
    const directory = new WorkDirectory(realpathSync(await mkdtemp(join(tmpdir(), "pulumi-carto-"))), options);
    const modules = join(directory.path, "node_modules");
    await mkdir(join(modules, "@pulumi"), { recursive: true });
    for (const name of ["pulumi-carto", "@pulumi/pulumi"]) {
      // "junction" is what Windows lets everyone make; elsewhere it means nothing.
      await symlink(dirname(require.resolve(`${name}/package.json`)), join(modules, name), "junction");
    }
    const own = settingsDirectory && (await readIfThere(join(settingsDirectory, `Pulumi.${stackName}.yaml`)));
    const text = own ?? (secretsProvider && `secretsprovider: ${JSON.stringify(secretsProvider)}\n`);
    if (text) await writeFile(directory.#settings, text);
    return directory;
  }

  /**
   * Lets the engine encrypt with the key that the state has. Otherwise each run makes one of its own, and none can read what
   * another wrote into a plan. Settings that have a key keep it.
   */
  async keepKey({ type, state = {} }: StateSecrets): Promise<void> {
    const text = (await readIfThere(this.#settings)) ?? "";
    if (/^(encryptionsalt|encryptedkey)\s*:/m.test(text)) return;
    const provider = /^secretsprovider\s*:\s*["']?([^\s"']+)/m.exec(text)?.[1];
    const lines: string[] = [];
    if (type === "passphrase" && state.salt !== undefined && (provider ?? "passphrase") === "passphrase") {
      lines.push(`encryptionsalt: ${JSON.stringify(state.salt)}`);
    } else if (type === "cloud" && state.encryptedkey !== undefined && (provider ?? state.url) === state.url) {
      if (provider === undefined) lines.push(`secretsprovider: ${JSON.stringify(state.url)}`);
      lines.push(`encryptedkey: ${JSON.stringify(state.encryptedkey)}`);
    }
    if (lines.length > 0) await appendFile(this.#settings, `\n${lines.join("\n")}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off("exit", this.#remove);
    this.#remove();
  }
}

/** Where the CLI notes, for each directory, the stack that was chosen in it. @see `workspace.New` of Pulumi */
function selectionFile(directory: string, project: string, pulumiHome: string): string {
  const hash = createHash("sha1").update(join(directory, "Pulumi.yaml")).digest("hex");
  return join(pulumiHome, "workspaces", `${project}-${hash}-workspace.json`);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
