import type { LocalSettings } from "../kinds/settings.ts";

/** A client in the stack's state, as far as it is known. */
export interface KnownClient extends LocalSettings {
  name?: string;
  id?: string;
}

/**
 * What this run has learned about the clients in the state from the engine's calls, each of which reveals only part: Check has the
 * resource's place, Diff the client ID, and a second Check without olds says that the client is replaced.
 */
export class KnownClients {
  readonly #checked = new Set<string>();
  readonly #byPlace = new Map<string, KnownClient & { id: string }>();
  readonly #held = new Set<string>();
  readonly #staying = new Set<string>();
  readonly #adopted = new Map<string, string>();

  /**
   * At Check.
   *
   * @param exists whether the engine passed olds; otherwise the resource is to be created, anew if it was seen before
   * @returns the client that is replaced
   */
  checked(place: string, exists: boolean): (KnownClient & { id: string }) | undefined {
    if (exists) {
      this.#checked.add(place);
      return undefined;
    }
    const replaced = this.#byPlace.get(place);
    if (replaced) this.#staying.delete(replaced.id);
    return replaced;
  }

  /** At Diff: the client stays, unless a second Check follows. Without a Check before, the engine is only wondering. */
  compared(place: string, client: KnownClient & { id: string }): void {
    this.#held.add(client.id);
    if (!this.#checked.has(place)) return;
    this.#byPlace.set(place, client);
    this.#staying.add(client.id);
  }

  /**
   * At Create: the client is the resource's from now on.
   *
   * @param name that the resource declares
   */
  created(id: string, name: string): void {
    this.#adopted.set(id, name);
  }

  /** The name of the resource that was given this client in this run. */
  createdAs(id: string): string | undefined {
    return this.#adopted.get(id);
  }

  /** Whether the client is in the state, or another create of this run was given it. */
  isHeld(id: string): boolean {
    return this.#held.has(id) || this.#adopted.has(id);
  }

  /** Whether a resource that is not replaced has this client. */
  isStaying(id: string): boolean {
    return this.#staying.has(id);
  }

  /** Whether a resource that is not replaced, or was created in this run, has this client. */
  isInUse(id: string): boolean {
    return this.#adopted.has(id) || this.#staying.has(id);
  }
}
