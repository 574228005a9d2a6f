import { type ExemptionForm, type Exemptions, readExemptions } from "./exemptions.ts";
import { type InputReader, isBoolean, isString } from "./input-reader.ts";
import type { Kind } from "./kind.ts";
import { isPolicy, type Policy } from "./policy.ts";
import { explainUnknown } from "./unknown-property.ts";
import { quote } from "./url/quote.ts";

type Named = Pick<Kind, "title" | "properties" | "outputs">;

/**
 * Reads the provider's own settings, which every kind has, and reports properties that the kind does not have.
 *
 * @param relatives kinds that it is easily confused with
 * @returns `policy` is absent where it is not declared, not known yet, or wrong
 */
export function readSettings<Rules extends string>(
  reader: InputReader<Rules>,
  kind: Named,
  form: ExemptionForm,
  relatives: readonly Named[] = [],
): { policy?: Policy; exemptions: Exemptions } {
  if (Object.hasOwn(kind.properties, "rotationTrigger")) {
    reader.read("rotationTrigger", 'a string, for example "2027-01"', isString);
  }
  readPlainValues(reader, kind);
  const policy = reader.read("policy", '"standard" or "production"', isPolicy);
  const exemptions = readExemptions(reader, form);
  for (const [key, value] of Object.entries(reader.inputs)) {
    // Pulumi and the provider itself keep values next to the inputs, whose names begin with `__`.
    if (Object.hasOwn(kind.properties, key) || key.startsWith("__") || value === undefined) continue;
    reader.fail(key, "unknown-property", `${quote(key)} ${explainUnknown(kind, relatives, key)}`);
  }
  return { ...(policy && { policy }), exemptions };
}

/** The types of texts, booleans and choices for which the kind has no specific rule. */
function readPlainValues<Rules extends string>(reader: InputReader<Rules>, { properties }: Named): void {
  for (const [name, { shape }] of Object.entries(properties)) {
    if (reader.hasRead(name) || name === "policy") continue;
    if (shape.of === "text") reader.read(name, "a string", isString);
    if (shape.of === "boolean") reader.read(name, "true or false", isBoolean);
  }
}

/** Reads the name that every kind has. */
export function readName<Rules extends string>(
  reader: InputReader<Rules | "name">,
  example: string,
  longest: number,
): void {
  const name = reader.readRequired("name", example);
  if (name === undefined) return;
  const length = [...name].length;
  if (/[<>]/.test(name)) {
    reader.fail("name", "name", `${quote(name)} contains "<" or ">": remove them.`);
  } else if (length === 0 || length > longest) {
    reader.fail("name", "name", `${quote(name)} is ${length} characters long: write 1 to ${longest}.`);
  }
}
