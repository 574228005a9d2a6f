import type { LocalSettings } from "../kinds/settings.ts";

/** A client in the stack's state, as far as this process has been told. */
export interface KnownClient extends LocalSettings {
  name?: string;
  /** Undefined where the engine decided to replace it without asking for a diff. */
  id?: string;
}

/** What becomes of a checked resource: the key of its create, and the client it is to replace. */
export interface Choice {
  idempotencyKey: string;
  replaces?: KnownClient;
}

/**
 * What this process has learnt of the clients in the state, put together from the engine's calls, each of which tells a
 * part: Check has the key, Diff the client ID, and a second Check without olds says that the client is to be replaced.
 *
 * From that follows each create's `Idempotency-Key`, so that an interrupted create finds its client again and a
 * replacement never finds the client it replaces. The declared key is made from the resource's place in the stack; the
 * n-th replacement appends `.n`, the same text however often the engine is killed in between.
 */
export class KnownClients {
  readonly #byDeclaredKey = new Map<string, Known>();
  readonly #byKey = new Map<string, Known>();
  readonly #staying = new Set<string>();
  readonly #adopted = new Set<string>();

  /**
   * At Check.
   *
   * @param declared key that the program declares
   * @param olds checked inputs in the state; undefined where the engine passes none: the resource is to be created,
   * anew if this process has seen it with inputs before
   */
  choose(declared: string, olds: (KnownClient & { __key?: string }) | undefined): Choice {
    if (olds) {
      const known = { key: olds.__key ?? declared, client: olds };
      this.#byDeclaredKey.set(declared, known);
      this.#byKey.set(known.key, known);
      return { idempotencyKey: known.key };
    }
    const known = this.#byDeclaredKey.get(declared);
    if (!known) return { idempotencyKey: declared };
    if (known.client.id !== undefined) this.#staying.delete(known.client.id);
    return { idempotencyKey: successor(known.key), replaces: known.client };
  }

  /** At Diff: the client stays, unless a second Check follows. Without a Check before, the engine is only wondering. */
  stays(key: string | undefined, client: KnownClient & { id: string }): void {
    const known = this.#byKey.get(key ?? "");
    if (!known) return;
    known.client = client;
    this.#staying.add(client.id);
  }

  /** At Create: CARTO answered with a client that was there. */
  adopt(clientId: string): void {
    this.#adopted.add(clientId);
  }

  /** Whether a resource that stays has this client. */
  isStaying(clientId: string): boolean {
    return this.#staying.has(clientId);
  }

  /** Whether a resource that stays, or was just created, has this client. */
  isInUse(clientId: string): boolean {
    return this.#adopted.has(clientId) || this.#staying.has(clientId);
  }
}

interface Known {
  key: string;
  client: KnownClient;
}

/** Whether the key belongs to a client that replaced another. */
export function isSuccessor(key: string): boolean {
  return key.includes(".");
}

function successor(key: string): string {
  const [declared, generation = "0"] = key.split(".");
  return `${declared}.${Number(generation) + 1}`;
}
