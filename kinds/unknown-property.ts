import type { Kind } from "./kind.ts";
import { nearestName } from "./nearest-name.ts";

type Named = Pick<Kind, "title" | "properties" | "outputs">;

/**
 * The message for a property that a kind does not have: completes a sentence that begins with its quoted name.
 *
 * @param relatives kinds that it is easily confused with
 */
export function explainUnknown(kind: Named, relatives: readonly Named[], name: string): string {
  if (Object.hasOwn(kind.outputs, name)) return "is an output, which CARTO sets: remove it.";
  const known = Object.keys(kind.properties);
  const candidates: Kind["properties"] = Object.assign({}, kind.properties, ...relatives.map((one) => one.properties));
  const near = nearestName(name, Object.keys(candidates), candidates);
  if (near === undefined) return `is not a property: the properties are ${known.join(", ")}.`;
  if (known.includes(near)) return `is not a property: write "${near}".`;
  const owner = relatives.find(({ properties }) => Object.hasOwn(properties, near));
  return `is a property of ${owner?.title}s, but this is an ${kind.title}: remove it.`;
}
