import { instantIdentity } from "./date-time.ts";
import { urlIdentity } from "./url/same.ts";

/**
 * The shape of a value. Check, comparison, manifest, JSON Schema and plugin schema are made from it, so it says no more than all of them
 * can.
 */
export type Shape = TextShape | BooleanShape | ChoiceShape | ListShape | RecordShape;

/** A text. */
export interface TextShape {
  of: "text";
  /**
   * What the text is, where it is more than any text; it says which spellings are the same. `"source"`: what a grant reads, where space
   * at either end means nothing; `"date-time"`: RFC 3339.
   */
  format?: "url" | "origin" | "source" | "date-time";
  /** In characters. */
  minLength?: number;
  maxLength?: number;
}

/** True or false. */
export interface BooleanShape {
  of: "boolean";
}

/** One of several texts, or a record. */
export interface ChoiceShape {
  of: "choice";
  choices: readonly [string, ...string[]];
  /** Unset: a text only. */
  otherwise?: RecordShape;
}

/** A list of like elements. */
export interface ListShape {
  of: "list";
  element: Shape;
  maxItems?: number;
  /**
   * What its order means. `"none"`: nothing, and duplicates mean nothing either; `"first"`: the first element counts, the others are a
   * set.
   */
  order: "none" | "first";
}

/** An object with these members and no others. */
export interface RecordShape {
  of: "record";
  members: Readonly<Record<string, { shape: Shape; description: string; optional?: true }>>;
}

/**
 * Whether two values mean the same: two spellings of one URL do, and two orders of a set. Every comparison with CARTO goes through here:
 * diff, drift, import, export.
 */
export function isSame(shape: Shape, a: unknown, b: unknown): boolean {
  if (shape.of !== "list" || !Array.isArray(a) || !Array.isArray(b)) return identity(shape, a) === identity(shape, b);
  if (shape.order === "first" && identity(shape.element, a[0]) !== identity(shape.element, b[0])) return false;
  const [left, right] = [identities(shape, a), identities(shape, b)];
  return left.size === right.size && [...left.keys()].every((element) => right.has(element));
}

/** `answered` as it was written before, where that means the same; of a list that does not, each element. */
export function respelled(shape: Shape, answered: unknown, before: unknown): unknown {
  if (before === undefined || answered === undefined) return answered;
  if (isSame(shape, answered, before)) return before;
  if (shape.of !== "list" || !Array.isArray(answered) || !Array.isArray(before)) return answered;
  const spellings = identities(shape, before);
  return answered.map((element) => spellings.get(identity(shape.element, element)) ?? element);
}

function identities(shape: ListShape, list: readonly unknown[]): Map<unknown, unknown> {
  return new Map(list.map((element) => [identity(shape.element, element), element]));
}

/** What a value means, to compare. */
export function identity(shape: Shape, value: unknown): unknown {
  if (shape.of === "choice" && shape.otherwise !== undefined && typeof value !== "string") {
    return identity(shape.otherwise, value);
  }
  if (shape.of === "list" && shape.order === "none" && Array.isArray(value)) {
    return JSON.stringify([...identities(shape, value).keys()].map(String).sort());
  }
  if (shape.of === "record" && typeof value === "object" && value !== null) {
    const members: Readonly<Record<string, unknown>> = { ...value };
    return JSON.stringify(Object.entries(shape.members).map(([name, member]) => identity(member.shape, members[name])));
  }
  if (shape.of !== "text" || typeof value !== "string") return JSON.stringify(value);
  switch (shape.format) {
    case "url":
    case "origin":
      return urlIdentity(value);
    case "source":
      return value.trim();
    case "date-time":
      return instantIdentity(value);
    default:
      return JSON.stringify(value);
  }
}
