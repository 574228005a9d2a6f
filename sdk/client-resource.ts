import { KINDS, type KindId } from "../kinds/index.ts";

/** What the engine calls the resources of this kind. */
export function clientType(kind: KindId): string {
  return `pulumi-nodejs:dynamic/carto:${KINDS[kind].className}`;
}

/**
 * The `__provider` of every client of this kind: one constant line of JavaScript whose exports have the handler. Nothing is
 * captured and nothing goes stale in the state. It stands there twice for each client, and so it is short.
 */
export function providerText(kind: KindId): string {
  return `module.exports=require("pulumi-carto/${kind}")`;
}
