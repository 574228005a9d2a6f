import { apiAccessToken } from "./api-access-token/index.ts";
import { application } from "./application/index.ts";
import type { ExposureRow } from "./exposure-row.ts";
import type { KindOf } from "./kind.ts";
import { m2m, spa } from "./oauth-client/index.ts";
import type { Rule } from "./rule.ts";

/** Every kind of resource, by its ID. A new kind is its folder and its line here. */
export const KINDS = { spa, m2m, "api-access-token": apiAccessToken, application };

/** ID of a kind, as in `kind: spa`. */
export type KindId = keyof typeof KINDS;

/** What may be declared of a kind. */
export type InputsOf<Id extends KindId> = (typeof KINDS)[Id] extends KindOf<infer Inputs, infer _> ? Inputs : never;

/** All IDs, in the order of the table. */
export const KIND_IDS = Object.keys(KINDS) as [KindId, ...KindId[]];

/** A value for each kind. */
export function byKind<Value>(make: (kind: KindId) => Value): Record<KindId, Value> {
  return Object.fromEntries(KIND_IDS.map((kind) => [kind, make(kind)])) as Record<KindId, Value>;
}

/** Whether a value is the ID of a kind. */
export function isKindId(value: unknown): value is KindId {
  return typeof value === "string" && Object.hasOwn(KINDS, value);
}

/** The rules of all kinds, each once. */
export const RULES: readonly Rule[] = [
  ...new Map(KIND_IDS.flatMap((kind) => KINDS[kind].rules).map((rule) => [rule.id, rule])).values(),
];

/** The exposures of all kinds, by rule ID. */
export const EXPOSURES: Readonly<Record<string, ExposureRow>> = Object.assign(
  {},
  ...KIND_IDS.map((kind) => KINDS[kind].exposures),
);
