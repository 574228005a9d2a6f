import { type Configuration, requireCredentials, resolveConfiguration } from "../carto/configuration.ts";
import { CartoError } from "../carto/errors.ts";
import { unknownSettings } from "../carto/settings.ts";
import type { Engine } from "./engine.ts";
import { KnownClients } from "./known-clients.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { SecretValues } from "./secret-values.ts";
import { StackClients } from "./stack-clients.ts";

/**
 * The engine's configure request: the arguments of an explicit provider, or the whole stack configuration. `rawConfig` has
 * them all, of other namespaces, too; it is internal to the SDK.
 */
export interface ConfigureRequest {
  config: { get(key: string): string | undefined; rawConfig?: Record<string, string>; projectName?: string };
}

/** What surrounds a connection, whoever serves it. */
export interface Surroundings {
  /** Variables that settings are read from where the engine passes none. */
  environment: NodeJS.ProcessEnv;
  engine: Engine;
  /** Shows the user a warning. `urn` is of the resource that it is about; unset: of none. */
  warn: (warning: string, urn?: string) => void;
}

/**
 * What serves one provider of one engine: the configuration, and what was learnt from its calls. The SDK's host has a process for each; the
 * host in the command's own process serves several.
 *
 * The lifecycle and all it needs are loaded by the first call that reaches CARTO: check and diff, all that most
 * previews need, start without them.
 */
export class Connection {
  readonly known = new KnownClients();
  readonly secrets = new SecretValues();
  readonly stackClients: StackClients;
  readonly #surroundings: Surroundings;
  readonly #warned = new Set<string>();
  #request: ConfigureRequest | undefined;
  #configuration: Configuration | undefined;
  #lifecycle: Promise<Lifecycle> | undefined;
  #credentialsMissed = false;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.stackClients = new StackClients(surroundings.engine);
  }

  /** Synchronous: the engine does not wait before the next call. */
  configure(request: ConfigureRequest): void {
    this.#request = request;
  }

  /** @throws CartoError `invalid_configuration` When a setting cannot be used, or does not exist. */
  configuration(): Configuration {
    this.#configuration ??= this.#configure();
    return this.#configuration;
  }

  lifecycle(): Promise<Lifecycle> {
    this.#lifecycle ??= this.#load();
    return this.#lifecycle;
  }

  /** What a preview can know will fail: said once, not for each of a thousand clients. */
  missCredentialsOnce(): void {
    if (this.#credentialsMissed) return;
    this.#credentialsMissed = true;
    requireCredentials(this.configuration());
  }

  /** Warns of the same thing once. */
  warn(warning: string): void {
    const shown = this.secrets.hide(warning);
    if (this.#warned.has(shown)) return;
    this.#warned.add(shown);
    this.#surroundings.warn(shown);
  }

  /** Ends what the connection keeps open at CARTO. */
  async close(): Promise<void> {
    await this.#lifecycle?.then(
      (lifecycle) => lifecycle.close(),
      () => {},
    );
  }

  #configure(): Configuration {
    const { rawConfig = {}, projectName = "" } = this.#request?.config ?? {};
    const unknown = unknownSettings(Object.keys(rawConfig), projectName);
    if (unknown.length > 0) {
      throw new CartoError("invalid_configuration", `The stack configuration cannot be used. ${unknown.join(" ")}`);
    }
    const setting = (name: string) => this.#request?.config.get(`carto:${name}`);
    return resolveConfiguration(setting, this.#surroundings.environment);
  }

  async #load(): Promise<Lifecycle> {
    const [{ Lifecycle }, { Tenant }] = await Promise.all([import("./lifecycle.ts"), import("../carto/tenant.ts")]);
    const { known, stackClients } = this;
    const { engine } = this.#surroundings;
    const tenant = new Tenant(this.configuration(), { isWanted: () => engine.isAlive() });
    return new Lifecycle({ tenant, engine, known, stackClients, warn: (warning) => this.warn(warning) });
  }
}
