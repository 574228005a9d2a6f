import type { Failure } from "../kinds/failure.ts";

/** A resource's properties as the engine sends and takes them: plain JSON, secrets unwrapped. */
export type Properties = Record<string, unknown>;

/** What a diff says. */
export interface Diff {
  changes: boolean;
  /** Properties whose change replaces the resource. Unset: none. */
  replaces?: string[];
  /** What changes, by path, e.g. `allowedCallbackUrls[1]`. Unset: the engine finds out itself. */
  detailed?: Readonly<Record<string, PathChange>>;
}

/** What happens to one path. */
export interface PathChange {
  kind: "add" | "delete" | "update";
  /** It replaces the resource. */
  replaces: boolean;
}

/** What the engine keeps of a resource. */
export interface Resource {
  id: string;
  outputs: Properties;
}

/**
 * The operations that the engine calls on a provider, independent of its face: one object for each of the engine's connections, of which it
 * makes one for each provider of the program.
 *
 * A method throws what went wrong. An error with `id`, `properties` and `reasons` means that the resource exists, but is
 * not as declared: the engine keeps it.
 */
export interface ProviderCore {
  /** @param settings the arguments of an explicit provider, or the whole stack configuration */
  configure(settings: Readonly<Properties>): Promise<void>;
  /** @param olds checked inputs in the state; empty where there are none */
  check(urn: string, olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: Failure[] }>;
  /** @param olds outputs in the state */
  diff(urn: string, id: string, olds: Properties, news: Properties): Promise<Diff>;
  create(urn: string, inputs: Properties): Promise<Resource>;
  /**
   * @param state outputs in the state; empty for a resource that is looked up
   * @param inputs inputs in the state, or of the lookup
   * @returns undefined when the resource does not exist; `inputs` where they are other than those in the state
   */
  read(
    urn: string,
    id: string,
    state: Properties,
    inputs: Properties,
  ): Promise<(Resource & { inputs?: Properties }) | undefined>;
  update(urn: string, id: string, olds: Properties, news: Properties): Promise<{ outputs: Properties }>;
  delete(urn: string, id: string, state: Properties): Promise<void>;
  /** The engine's connection has ended. */
  close(): Promise<void>;
  /** Unset: a dynamic provider, of which the engine asks nothing else. */
  plugin?: PluginCalls;
}

/** What the engine asks of plugins only. A plugin gets secrets in the engine's mark, and marks what is secret itself. */
export interface PluginCalls {
  /** The package, as JSON. */
  schema(): string;
  /**
   * The provider's own inputs: explicit arguments, or the stack configuration of the plugin's namespace.
   *
   * @param olds inputs in the state; empty where there are none
   */
  checkConfig(
    urn: string,
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: Pick<Failure, "property" | "reason">[] }>;
  /** What a preview knows of the outputs that an update would give. Makes no call. */
  preview(urn: string, inputs: Properties, olds?: Properties): Properties;
  /** Calls a function of the package. */
  invoke(token: string, args: Properties): Promise<Properties>;
}
