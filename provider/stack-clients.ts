import type { Engine, StackState } from "./engine.ts";

/** A client in the stack's state. */
export interface HeldClient {
  id: string;
  /** Name of the resource. */
  logicalName: string;
  name: string | undefined;
  /** See `declaredKey`; absent in states of 0.1.0 until the next `up`. */
  place: string | undefined;
  deletionProtection: boolean;
  /** Marked by `pulumi state taint`: the next `up` replaces it. */
  tainted: boolean;
  /** It was replaced, and is still to be deleted. */
  doomed: boolean;
}

/** The clients in the stack's state when this run started, or later: read once, and only when a create is in doubt. */
export class StackClients {
  readonly #engine: Engine;
  #clients: Promise<HeldClient[]> | undefined;
  /** `organization/project/stack`. Unset: the one that is selected. */
  stack: string | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** @throws Error When the state cannot be read. */
  list(): Promise<HeldClient[]> {
    this.#clients ??= this.#engine.readState(this.stack).then(heldClients);
    return this.#clients;
  }
}

function heldClients({ resources = [] }: StackState): HeldClient[] {
  const moved = resources.flatMap(({ urn, inputs }) =>
    urn.endsWith("::pulumi-carto") ? movedAway(inputs?.input) : [],
  );
  const held = resources
    .filter(({ external }) => !external) // only looked up
    .flatMap(({ urn, id, delete: doomed, taint, inputs, outputs }) => {
      if (id === undefined) return [];
      const { name } = outputs ?? {};
      return {
        id,
        logicalName: urn.split("::").slice(3).join("::"),
        name: typeof name === "string" ? name : undefined, // may be a secret
        place: typeof inputs?.__key === "string" ? inputs.__key : undefined,
        deletionProtection: outputs?.deletionProtection === true,
        tainted: taint === true,
        doomed: doomed === true,
      };
    });
  return [...held, ...moved];
}

/** Clients that another stack has: no create of this one may take them over. @see `move.ts` of the deployment */
function movedAway(input: unknown): HeldClient[] {
  const ids: unknown = typeof input === "object" && input !== null ? Reflect.get(input, "moved") : undefined;
  if (!Array.isArray(ids)) return [];
  const away = { logicalName: "", name: undefined, place: undefined, deletionProtection: false, tainted: false };
  return ids.map((id) => ({ ...away, id: String(id), doomed: false }));
}
