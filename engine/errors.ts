import { PulumiCartoError } from "../error/pulumi-carto-error.ts";
import { formatVersion, OLDEST_ENGINE } from "./version.ts";

/** No engine was found, and none could be installed. The message says why each way failed. */
export class EngineError extends PulumiCartoError<"engine_missing"> {
  override readonly name = "EngineError";
  /** One line for each way, in the order they were tried. */
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(
      "engine_missing",
      [
        "No Pulumi engine was found, and neither way to get one worked.",
        ...reasons,
        `Install Pulumi ${formatVersion(OLDEST_ENGINE)} or newer (https://www.pulumi.com/docs/install/) or Go 1.26 ` +
          "(https://go.dev/doc/install), make sure that it is on PATH, and try again.",
      ].join("\n"),
    );
    this.reasons = reasons;
  }
}

/** A language host is missing and could not be built. */
export class LanguageHostError extends PulumiCartoError<"language_host_missing"> {
  override readonly name = "LanguageHostError";

  constructor(languages: readonly string[], reason: string, cause: unknown) {
    super(
      "language_host_missing",
      `The engine runs no ${languages.join(", ")} programs, and the language hosts could not be built: ${reason}\n` +
        "Install Pulumi (https://www.pulumi.com/docs/install/), which has them all, or Go 1.26 (https://go.dev/doc/install), and try again.",
      { cause },
    );
  }
}
