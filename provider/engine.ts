/** What the provider needs from the engine that the engine's protocol does not offer. */
export interface Engine {
  /**
   * Whether it still runs. A killed engine leaves its providers behind: what they would send then could undo what a new
   * run has done since.
   */
  isAlive(): boolean;
  /** Whether it was asked to replace resources that have not changed, as `up --replace` does. */
  replacesOnRequest(): boolean;
  /** Inputs that a new resource has in the plan that is carried out, as by `up --plan FILE`; undefined: there is none. */
  plannedInputs(urn: string): Record<string, unknown> | undefined;
  /**
   * The stack's state, secrets encrypted: `deployment` of what `pulumi stack export` prints.
   *
   * @param stack `organization/project/stack`; undefined: the one that is selected
   * @throws Error When it cannot be read.
   */
  readState(stack: string | undefined): Promise<StackState>;
}

/** What is read of a stack's state. */
export interface StackState {
  resources?: StateResource[];
}

/** What is read of a resource in a state. */
export interface StateResource {
  urn: string;
  id?: string;
  /** Only looked up, not managed. */
  external?: boolean;
  /** Replaced, and still to be deleted. */
  delete?: boolean;
  /** Marked by `pulumi state taint`. */
  taint?: boolean;
  /**
   * `input`: of the stack's identity, which notes the clients that were moved to another stack. `__identity`: of the plugin's provider
   * resource.
   */
  inputs?: { __key?: unknown; input?: unknown; __identity?: unknown };
  outputs?: { name?: unknown; deletionProtection?: unknown };
}
