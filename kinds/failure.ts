/**
 * A rule broken by an input. Data, not an exception: all failures of an input are found at once.
 */
export interface Failure {
  /** Path of the input, e.g. `allowedCallbackUrls[2]`. */
  property: string;
  /** One sentence: quotes the value, names CARTO's rule where there is one, says what to write instead. */
  reason: string;
  /** Rule id, a row of docs/rules.md. */
  rule: string;
}

/** Advice: not wrong, but worth a reviewer's eye. */
export interface Finding extends Failure {
  /** The URL or origin it is about, as declared; absent where it is about the whole client. */
  url?: string;
  /** The reason of the `allow` entry that exempts it; absent: not exempted. */
  exemption?: string;
}

/**
 * A failure or a finding as every face shows it: `allowedCallbackUrls[2]: … (rule)`.
 *
 * @param hidden whether the reason could quote a value that the program keeps secret. Unset: false
 */
export function failureText({ property, reason, rule }: Failure, hidden = false): string {
  return `${property === "" ? "" : `${property}: `}${reasonText({ reason, rule }, hidden)}`;
}

/** The same where the engine names the input. */
export function reasonText({ reason, rule }: Pick<Failure, "reason" | "rule">, hidden = false): string {
  return `${hidden ? HIDDEN_REASON : reason} (${rule})`;
}

/** Stands for a reason that could quote a value which the program keeps secret. */
export const HIDDEN_REASON = "breaks a rule; values are not shown, as inputs are secret";
