import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Environment } from "../manifest/environment.ts";
import type { DeploymentOptions } from "./deployment.ts";

/**
 * A backend of its own in a temporary directory: what `up` would do for a stack that does not exist can be asked there,
 * and nothing is written to the real one.
 */
export class TemporaryBackend implements AsyncDisposable {
  readonly #directory: string;
  readonly #remove: () => void;

  private constructor(directory: string) {
    this.#directory = directory;
    // A second Ctrl-C ends the process where it stands.
    this.#remove = () => rmSync(directory, { recursive: true, force: true });
    process.once("exit", this.#remove);
  }

  static async create(): Promise<TemporaryBackend> {
    return new TemporaryBackend(await mkdtemp(join(tmpdir(), "pulumi-carto-preview-")));
  }

  /** The same deployment on this backend, its stack created when it is needed. */
  host(options: DeploymentOptions): DeploymentOptions {
    const { secretsProvider: _, ...environment } = options.environment;
    return {
      ...options,
      environment: {
        ...environment,
        // A file backend knows no organizations.
        stack: environment.stack.split("/").at(-1) ?? environment.stack,
        backend: pathToFileURL(this.#directory).href,
      },
      variables: needsPassphrase(options)
        ? { ...options.variables }
        : { ...options.variables, PULUMI_CONFIG_PASSPHRASE: randomUUID() },
      create: true,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off("exit", this.#remove);
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** Whether `up` would ask for a passphrase: the preview then asks for it, too, rather than pass where `up` must fail. */
function needsPassphrase({ environment, variables }: DeploymentOptions): boolean {
  const backend = backendOf(environment, variables);
  const cloud = backend === undefined || backend === "" || /^https?:/.test(backend);
  return !cloud && environment.secretsProvider === undefined;
}

function backendOf(environment: Environment, variables: DeploymentOptions["variables"]): string | undefined {
  return environment.backend ?? variables?.PULUMI_BACKEND_URL ?? process.env.PULUMI_BACKEND_URL;
}
