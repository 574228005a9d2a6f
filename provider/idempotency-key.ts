import { createHash } from "node:crypto";
import { UNKNOWN } from "../kinds/unknown.ts";

/** What a program declares as `__key`. */
export interface DeclaredKey {
  /** Of the resource in its stack: the same in every run, and no other resource's. Unknown before the stack has an identity. */
  place: string | undefined;
  /** `organization/project/stack`; undefined if the key does not say. */
  stack: string | undefined;
}

/** @see `declaredKey` of `sdk/` */
export function readDeclaredKey(declared: unknown): DeclaredKey {
  if (typeof declared !== "string") return { place: undefined, stack: undefined };
  if (declared === UNKNOWN) return { place: UNKNOWN, stack: undefined };
  const [place = "", ...stack] = declared.split("@");
  return { place, stack: stack.length > 0 ? stack.join("@") : undefined };
}

/**
 * The `Idempotency-Key` of a create: a function of the declaration alone, so that an interrupted create finds its client
 * again, and another rotation never does.
 *
 * @param replacing values of the properties whose change replaces the resource
 */
export function createKey(place: string, ...replacing: (string | undefined)[]): string {
  return replacing.every((value) => value === undefined) ? place : digest([place, ...replacing]);
}

/** The key to use instead where `key` leads to a client that another create must not have. */
export function furtherKey(key: string, clientId: string): string {
  return digest([key, clientId]);
}

/** 22 characters, 132 bits. */
function digest(parts: readonly (string | undefined)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22);
}
