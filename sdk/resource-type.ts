import type { Kind } from "../kinds/kind.ts";

/**
 * The `__provider` of all resources of a kind: one constant line of JavaScript whose exports have the handler. Nothing is captured and
 * nothing goes stale in the state. It is there twice for each resource, so it is short.
 */
export function providerText({ id }: Pick<Kind, "id">): string {
  return `module.exports=require("pulumi-carto/${id}")`;
}
