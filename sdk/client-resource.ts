import type { ClientKind } from "../kinds/oauth-client/oauth-client.ts";

/** The class that declares clients of this kind. */
export function className(kind: ClientKind): "SpaOAuthClient" | "M2mOAuthClient" {
  return kind === "spa" ? "SpaOAuthClient" : "M2mOAuthClient";
}

/** What the engine calls the resources of this kind. */
export function clientType(kind: ClientKind): string {
  return `pulumi-nodejs:dynamic/carto:${className(kind)}`;
}

/**
 * The `__provider` of every client of this kind: one constant line of JavaScript whose exports have the handler. Nothing is
 * captured and nothing goes stale in the state. It stands there twice for each client, and so it is short.
 */
export function providerText(kind: ClientKind): string {
  return `module.exports=require("pulumi-carto/${kind}")`;
}
