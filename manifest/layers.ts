import { type Entries, entriesOf } from "./document.ts";
import type { Path } from "./failure.ts";

/** Properties of a resource as one part of the document has them, and where that part is. */
export type Layer = readonly [properties: unknown, path: Path];

/** Properties, and the path that each was written at. */
export interface Written {
  inputs: Entries;
  writtenAt: Map<string, Path>;
}

/** Merges defaults, declaration and override: a later one replaces single properties, and `null` takes one away. */
export function layOver(layers: readonly Layer[]): Written {
  const writtenAt = new Map<string, Path>();
  const inputs: Entries = {};
  for (const [layer, path] of layers) {
    for (const [property, value] of Object.entries(entriesOf(layer))) {
      if (property === "kind") continue;
      if (value === null) delete inputs[property];
      else inputs[property] = value;
      writtenAt.set(property, [...path, property]);
    }
  }
  return { inputs, writtenAt };
}
