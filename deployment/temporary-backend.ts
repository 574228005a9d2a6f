import { randomUUID } from "node:crypto";
import { pathToFileURL } from "node:url";
import type { DeploymentOptions } from "./deployment-options.ts";
import { needsPassphrase } from "./passphrase.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/**
 * A separate backend in a temporary directory: what `up` would do for a stack that does not exist can be asked there, and nothing is
 * written to the real one.
 */
export class TemporaryBackend implements AsyncDisposable {
  readonly #directory: string;
  readonly #remove: () => void;

  constructor() {
    const { path, remove } = temporaryDirectory("preview");
    this.#directory = path;
    this.#remove = remove;
  }

  /** The same deployment on this backend, its stack created when it is needed. */
  host(options: DeploymentOptions): DeploymentOptions {
    const { secretsProvider: _, movedFrom: __, ...environment } = options.environment;
    return {
      ...options,
      environment: {
        ...environment,
        // A file backend knows no organizations.
        stack: environment.stack.split("/").at(-1) ?? environment.stack,
        backend: pathToFileURL(this.#directory).href,
      },
      variables: asksForPassphrase(options)
        ? { ...options.variables }
        : { ...options.variables, PULUMI_CONFIG_PASSPHRASE: randomUUID() },
      create: true,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#remove();
  }
}

/** Whether `up` would ask for a passphrase: the preview then asks for it, too, rather than pass where `up` must fail. */
function asksForPassphrase({ environment, variables }: DeploymentOptions): boolean {
  const backend = environment.backend ?? variables?.PULUMI_BACKEND_URL ?? process.env.PULUMI_BACKEND_URL;
  return needsPassphrase(backend, environment.secretsProvider);
}
