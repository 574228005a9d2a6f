import type { Failure } from "./failure.ts";
import type { SharedRuleId } from "./shared-rules.ts";
import { UNKNOWN } from "./unknown.ts";
import { quote } from "./url/quote.ts";

/** Reads values from inputs of any shape by the rules of a kind, skips unknown values, and collects failures. */
export class InputReader<Rules extends string = SharedRuleId> {
  readonly failures: Failure[] = [];
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly isUnknown: (value: unknown) => boolean;
  readonly #read = new Set<string>();

  constructor(inputs: Readonly<Record<string, unknown>>, isUnknown: (value: unknown) => boolean) {
    this.inputs = inputs;
    this.isUnknown = isUnknown;
  }

  /** Whether a rule looked at a property already. */
  hasRead(property: string): boolean {
    return this.#read.has(property);
  }

  fail(property: string, rule: Rules | SharedRuleId, reason: string): void {
    this.failures.push({ property, reason, rule });
  }

  failType(property: string, value: unknown, expected: string): void {
    this.fail(property, "type", `${property} is ${quote(value)}: write ${expected}.`);
  }

  /** The value of a property that is there, known and of its type. */
  read<T>(property: string, expected: string, is: (value: unknown) => value is T): T | undefined {
    this.#read.add(property);
    const value = this.inputs[property];
    if (value === undefined || this.isUnknown(value)) return undefined;
    // Written out, the engine would take it for a value that is not known yet.
    if (is(value) && value !== UNKNOWN) return value;
    this.failType(property, value, expected);
    return undefined;
  }

  /** As `read`, for a text that may not be missing. */
  readRequired(property: string, example: string): string | undefined {
    const value = this.inputs[property];
    if (value !== undefined && value !== null)
      return this.read(property, `a string, for example "${example}"`, isString);
    this.#read.add(property);
    this.fail(property, "required", `${property} is required, for example "${example}".`);
    return undefined;
  }
}

/** Whether a value is text. */
export const isString = (value: unknown): value is string => typeof value === "string";

/** Whether a value is true or false. */
export const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";

/** Whether a value is a list. */
export const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** Whether a value is an object, and no list. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
