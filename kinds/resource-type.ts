import type { Kind } from "./kind.ts";

/** The engine's type of a resource that a program declares through the dynamic provider. */
export function dynamicType({ className }: Pick<Kind, "className">): string {
  return `pulumi-nodejs:dynamic/carto:${className}`;
}

/** What the engine calls the resources of a kind that the plugin `carto` provides. */
export function pluginType({ className }: Pick<Kind, "className">): string {
  return `carto:index:${className}`;
}

/** The function of the plugin that looks up a resource of a kind. */
export function lookupFunction({ className }: Pick<Kind, "className">): string {
  return `carto:index:get${className}`;
}

/** The function of the plugin that does nothing: the engine starts the plugin for it. */
export const START_FUNCTION = "carto:index:start";

/** The name of the output that is the resource's ID; `id` where CARTO has no name for it. */
export function idName({ outputs }: Pick<Kind, "outputs">): string {
  return Object.keys(outputs).find((name) => outputs[name]?.id) ?? "id";
}
