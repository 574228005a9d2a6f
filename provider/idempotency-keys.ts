/**
 * Chooses the `Idempotency-Key` of each create, so that an interrupted one finds its client again and a replacement
 * never finds the client it replaces.
 *
 * The declared key is made from the resource's place in the stack. The n-th replacement appends `.n`: the same text
 * however often the engine is killed in between, as it is derived from the inputs in the state.
 */
export class IdempotencyKeys {
  readonly #inState = new Map<string, string>();

  /**
   * @param declared key that the program declares
   * @param olds checked inputs in the state; undefined where the engine passes none: the resource is to be created,
   * anew if this process has seen it with inputs before
   */
  choose(declared: string, olds: Record<string, unknown> | undefined): string {
    if (olds) {
      const key = typeof olds.idempotencyKey === "string" ? olds.idempotencyKey : declared;
      this.#inState.set(declared, key);
      return key;
    }
    const replaced = this.#inState.get(declared);
    return replaced === undefined ? declared : successor(replaced);
  }
}

/** Whether the key belongs to a client that replaced another. */
export function isSuccessor(key: string): boolean {
  return key.includes(".");
}

function successor(key: string): string {
  const [declared, generation = "0"] = key.split(".");
  return `${declared}.${Number(generation) + 1}`;
}
