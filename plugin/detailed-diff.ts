import type { PathChange } from "../host/provider-core.ts";
import { differenceAtCarto } from "../kinds/inputs.ts";
import type { Kind, Properties } from "../kinds/kind.ts";
import { identity, type ListShape } from "../kinds/shape.ts";

/**
 * The differences, by path: of a list each element that is added or taken away, so that a reviewer sees which URL it is.
 *
 * @param current outputs in the state
 * @param declared checked inputs
 * @param replaces properties whose change replaces the resource
 */
export function detailedDiff(
  kind: Kind,
  current: Properties,
  declared: Properties,
  replaces: readonly string[] = [],
): Record<string, PathChange> {
  const atCarto = differenceAtCarto(kind, current, declared);
  const paths: Record<string, PathChange> = {};
  for (const [name, { shape, local, change }] of Object.entries(kind.properties)) {
    const [before, after] = [current[name], declared[name]];
    const replacing = replaces.includes(name);
    const differs =
      local || change === "replaces" ? JSON.stringify(before) !== JSON.stringify(after) : Object.hasOwn(atCarto, name);
    if (!differs && !replacing) continue;
    const elements =
      shape.of === "list" && Array.isArray(before) && Array.isArray(after) ? listDiff(shape, before, after) : {};
    if (Object.keys(elements).length === 0) paths[name] = { kind: kindOf(before, after), replaces: replacing };
    for (const [index, kind] of Object.entries(elements)) paths[`${name}[${index}]`] = { kind, replaces: replacing };
  }
  return paths;
}

function kindOf(before: unknown, after: unknown): PathChange["kind"] {
  if (before === undefined) return "add";
  return after === undefined ? "delete" : "update";
}

/** By index: of the old list where an element goes, of the new one where one comes, an update where both are the same. */
function listDiff(
  { element, order }: ListShape,
  before: readonly unknown[],
  after: readonly unknown[],
): Record<number, PathChange["kind"]> {
  const [old, now] = [before.map((one) => identity(element, one)), after.map((one) => identity(element, one))];
  const diff: Record<number, PathChange["kind"]> = {};
  for (const [index, value] of old.entries()) if (!now.includes(value)) diff[index] = "delete";
  for (const [index, value] of now.entries()) {
    if (!old.includes(value)) diff[index] = diff[index] === "delete" ? "update" : "add";
  }
  if (order === "first" && old[0] !== now[0]) diff[0] ??= "update";
  return diff;
}
