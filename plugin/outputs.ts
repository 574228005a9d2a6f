import { markSecret } from "../host/messages.ts";
import type { Properties } from "../host/provider-core.ts";
import type { Kind } from "../kinds/kind.ts";
import { idName } from "../kinds/resource-type.ts";
import { UNKNOWN } from "../kinds/unknown.ts";
import { seal } from "./secret-properties.ts";

/**
 * Outputs as the engine receives them: with the resource's ID under CARTO's name for it, and marks on what is secret.
 *
 * @param secrets names of inputs that are secret. Unset: none
 */
export function markedOutputs(
  kind: Kind,
  id: string,
  outputs: Properties,
  secrets: ReadonlySet<string> = new Set(),
): Properties {
  const name = idName(kind);
  const own = name === "id" ? outputs : { ...outputs, [name]: id };
  const made = Object.keys(kind.outputs).filter((output) => secrets.has(kind.outputs[output]?.from ?? ""));
  return seal(own, new Set([...secrets, ...secretNames(kind), ...made]));
}

/** What a preview knows: of a new resource what is declared, of another one also what CARTO set before. */
export function previewedOutputs(kind: Kind, inputs: Properties, olds?: Properties): Properties {
  if (olds) return { ...olds, ...(lacksId(kind, olds) && { [idName(kind)]: UNKNOWN }), ...inputs };
  const secret = secretNames(kind);
  const unknown = Object.keys(kind.outputs).map((name) => [
    name,
    secret.includes(name) ? markSecret(UNKNOWN) : UNKNOWN,
  ]);
  return { ...Object.fromEntries(unknown), ...inputs };
}

/** Whether outputs are without the resource's ID under CARTO's name for it. */
export function lacksId(kind: Kind, outputs: Properties): boolean {
  const name = idName(kind);
  return name !== "id" && outputs[name] === undefined;
}

function secretNames({ outputs }: Kind): string[] {
  return Object.keys(outputs).filter((name) => outputs[name]?.secret);
}
