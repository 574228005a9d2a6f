import { CartoError } from "../carto/errors.ts";
import type { Properties } from "../kinds/kind.ts";

/** Shorter values are hidden only where they are quoted: they may be a part of any word. */
const DISTINCT_LENGTH = 4;

/**
 * The secret values that this run has seen, so that no message quotes them. The engine hands secrets over unwrapped: which inputs are
 * secret, the program says in `__secrets`, and the state keeps it for runs without a program.
 */
export class SecretValues {
  readonly #values = new Set<string>();

  /**
   * @param props inputs or outputs
   * @returns whether any of them is secret
   */
  learn(props: Properties): boolean {
    const { __secrets } = props;
    if (typeof __secrets !== "string") return false;
    for (const name of __secrets.split(",")) for (const text of textsIn(props[name])) this.#values.add(text);
    return true;
  }

  /** @param inputs of which any may be a secret that was learnt before */
  areIn(inputs: Properties): boolean {
    return textsIn(inputs).some((text) => this.#values.has(text));
  }

  /** The text without secret values. */
  hide(text: string): string {
    let shown = text;
    // Longer ones first: a shorter one may be a part of them.
    for (const value of [...this.#values].sort((a, b) => b.length - a.length)) {
      const escaped = JSON.stringify(value);
      shown = shown.replaceAll(escaped, '"(secret)"');
      if (value.length < DISTINCT_LENGTH) continue;
      shown = shown.replaceAll(escaped.slice(1, -1), "(secret)").replaceAll(value, "(secret)");
    }
    return shown;
  }

  /**
   * The error without secret values in what the engine shows of it.
   *
   * @param ofSecrets whether it is about a resource with secret inputs: CARTO's words may repeat them in part or otherwise written, so
   * that they are not shown at all
   */
  hideIn(error: Error, ofSecrets: boolean): Error {
    if (this.#values.size === 0) return error;
    const shown = (text: string) => this.hide(ofSecrets ? withoutQuotes(text, error) : text);
    const reasons = "reasons" in error && Array.isArray(error.reasons) ? error.reasons : undefined;
    if (reasons) Object.assign(error, { reasons: reasons.map((reason) => shown(String(reason))) });
    error.message = shown(error.message);
    return error;
  }
}

/** The text of an error, or of one that wraps it, without what it quotes of CARTO's answer. */
function withoutQuotes(text: string, error: Error): string {
  const { cause } = error;
  const { message, unquoted } = error instanceof CartoError ? error : { message: "", unquoted: undefined };
  const shown = unquoted === undefined ? text : text.replace(message, () => unquoted);
  return cause instanceof Error ? withoutQuotes(shown, cause) : shown;
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
