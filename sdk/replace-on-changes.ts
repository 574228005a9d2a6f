import * as pulumi from "@pulumi/pulumi";
import type { Kind } from "../kinds/kind.ts";
import { nearestName } from "../kinds/nearest-name.ts";

/**
 * The resource option `replaceOnChanges`, as `__replaceOn` of a resource. The engine goes by detailed diffs, which dynamic providers cannot
 * give: ours replaces by itself.
 *
 * @throws pulumi.RunError When a name is not a property that reaches CARTO: nothing would ever be replaced for it.
 */
export function replaceOnChanges(
  { properties }: Kind,
  title: string,
  { replaceOnChanges: names = [] }: pulumi.CustomResourceOptions,
): { __replaceOn?: string } {
  const known = Object.keys(properties).filter((name) => !properties[name]?.local);
  const unknown = names.find((name) => name !== "*" && !known.includes(name));
  if (unknown !== undefined) {
    const near = nearestName(unknown, known);
    throw new pulumi.RunError(
      `${title}: replaceOnChanges names ${JSON.stringify(unknown)}, which is not a property at CARTO. ` +
        `${near === undefined ? `Known: ${known.join(", ")}, "*"` : `Did you mean ${JSON.stringify(near)}?`}`,
    );
  }
  return names.length === 0 ? {} : { __replaceOn: names.join(",") };
}
