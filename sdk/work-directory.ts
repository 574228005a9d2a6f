import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/**
 * A directory of its own for each run of an inline program: the engine writes settings there and starts the dynamic provider in it,
 * which must find this package and Pulumi. Links make that so wherever they are installed, read-only included.
 */
export class WorkDirectory implements AsyncDisposable {
  readonly path: string;
  readonly #remove: () => void;

  private constructor(path: string) {
    this.path = path;
    // A second Ctrl-C ends the process where it stands.
    this.#remove = () => rmSync(path, { recursive: true, force: true });
    process.once("exit", this.#remove);
  }

  /**
   * @param stackName the last part of the stack's name
   * @param settingsDirectory whose `Pulumi.<stack>.yaml` is taken over, if it is there
   * @param secretsProvider of a stack that has no such file
   */
  static async create(
    stackName: string,
    settingsDirectory: string | undefined,
    secretsProvider: string | undefined,
  ): Promise<WorkDirectory> {
    const directory = new WorkDirectory(await mkdtemp(join(tmpdir(), "pulumi-carto-")));
    const modules = join(directory.path, "node_modules");
    await mkdir(join(modules, "@pulumi"), { recursive: true });
    for (const name of ["pulumi-carto", "@pulumi/pulumi"]) {
      // "junction" is what Windows lets everyone make; elsewhere it means nothing.
      await symlink(dirname(require.resolve(`${name}/package.json`)), join(modules, name), "junction");
    }
    const settings = `Pulumi.${stackName}.yaml`;
    const own = settingsDirectory && (await readIfThere(join(settingsDirectory, settings)));
    const text = own ?? (secretsProvider && `secretsprovider: ${JSON.stringify(secretsProvider)}\n`);
    if (text) await writeFile(join(directory.path, settings), text);
    return directory;
  }

  [Symbol.asyncDispose](): Promise<void> {
    process.off("exit", this.#remove);
    return rm(this.path, { recursive: true, force: true });
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
