import { z } from "zod";
import { KIND_IDS, KINDS, type KindId } from "../kinds/index.ts";
import type { Property } from "../kinds/kind.ts";
import type { Shape, TextShape } from "../kinds/shape.ts";

/** Every property that any kind has, as the first kind has it. */
export const ANY_PROPERTY: Readonly<Record<string, Property>> = Object.assign(
  Object.create(null),
  ...KIND_IDS.map((kind) => KINDS[kind].properties).reverse(),
);

/** The types of a kind's properties. All are optional: defaults and environments may add what is missing. */
export function propertyTypes(kind: KindId): Record<string, z.ZodType> {
  const properties: [string, Property][] = Object.entries(KINDS[kind].properties);
  return Object.fromEntries(properties.map(([name, property]) => [name, typeOfProperty(property).optional()]));
}

/**
 * Properties, each nullable: what an environment may override.
 *
 * @param kind unset: those of all kinds
 */
export function overrideTypes(kind?: KindId): Record<string, z.ZodType> {
  const types: [string, z.ZodType][] =
    kind === undefined
      ? Object.keys(ANY_PROPERTY).map((name) => [name, typeOfAnyKind(name)])
      : Object.entries(KINDS[kind].properties).map(([name, property]) => [name, typeOfProperty(property)]);
  return Object.fromEntries(types.map(([name, type]) => [name, z.nullable(type).optional()]));
}

/** Kinds may differ in what they take under one name. */
function typeOfAnyKind(name: string): z.ZodType {
  const owners: Readonly<Record<string, Property>>[] = KIND_IDS.map((kind) => KINDS[kind].properties);
  const versions = owners.flatMap((properties) => (properties[name] === undefined ? [] : [properties[name]]));
  const distinct = new Map(versions.map((property) => [JSON.stringify(property.shape), typeOfProperty(property)]));
  const [first, ...others] = distinct.values();
  return first === undefined || others.length > 0 ? z.union([...distinct.values()]) : first;
}

function typeOfProperty({ label, description, unset, shape }: Property): z.ZodType {
  const whenUnset = unset === undefined ? "" : ` Unset: ${unset}.`;
  return withMeta(typeOf(shape), { description: `${label}. ${description}.${whenUnset}` });
}

/** Lengths and rules are the kinds' to check, in their own words: `meta` only describes them to editors. */
function typeOf(shape: Shape): z.ZodType {
  switch (shape.of) {
    case "text":
      return withMeta(z.string(), lengths(shape));
    case "boolean":
      return z.boolean();
    case "choice":
      return shape.otherwise === undefined
        ? z.enum(shape.choices)
        : z.union([z.enum(shape.choices), typeOf(shape.otherwise)]);
    case "list":
      return withMeta(z.array(typeOf(shape.element)), shape.maxItems === undefined ? {} : { maxItems: shape.maxItems });
    case "record":
      return z.strictObject(
        Object.fromEntries(
          Object.entries(shape.members).map(([name, member]) => [
            name,
            withMeta(member.optional ? typeOf(member.shape).optional() : typeOf(member.shape), {
              description: member.description,
            }),
          ]),
        ),
      );
  }
}

function lengths({ minLength, maxLength }: TextShape): Record<string, number> {
  return { ...(minLength !== undefined && { minLength }), ...(maxLength !== undefined && { maxLength }) };
}

function withMeta(type: z.ZodType, meta: Record<string, unknown>): z.ZodType {
  return type.meta({ ...type.meta(), ...meta });
}
