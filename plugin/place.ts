import { createHash } from "node:crypto";

/**
 * Random text in the inputs of the provider's own resource in the state, made once: which distinguishes the resources of this stack from
 * those of every other stack. The engine writes that resource before the first one that the provider creates.
 */
export const IDENTITY = "__identity";

/**
 * A resource's place, from which the `Idempotency-Key` of its create is made: a function of the identity and of the URN without stack and
 * project, so that the create of an interrupted `up` finds its resource again.
 *
 * @returns 16 characters, 96 bits: it is in the state of every resource
 */
export function placeOf(identity: string, urn: string): string {
  const place = urn.split("::").slice(2).join("::");
  return createHash("sha256")
    .update(JSON.stringify([identity, place]))
    .digest("base64url")
    .slice(0, 16);
}

/** Name of the stack in a URN. */
export function stackOf(urn: string): string {
  return urn.split("::", 1)[0]?.split(":")[2] ?? "";
}

/** Name of the project in a URN. */
export function projectOf(urn: string): string {
  return urn.split("::")[1] ?? "";
}

/** Type of the resource in a URN, without those of its parents. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** Logical name of the resource in a URN. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
