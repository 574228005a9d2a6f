import type { RecordShape, Shape } from "../kinds/shape.ts";

/** A type in a package's schema. */
export interface TypeSpec {
  type?: string;
  items?: TypeSpec;
  $ref?: string;
  oneOf?: TypeSpec[];
}

/** A property in a package's schema. */
export interface PropertySpec extends TypeSpec {
  description: string;
  secret?: true;
}

/** The named type of a record. */
export interface ObjectSpec {
  type: "object";
  properties: Record<string, PropertySpec>;
  required: string[];
}

/** The schema types of shapes. A record has to have a name there. */
export class ShapeTypes {
  readonly specs: Record<string, ObjectSpec> = {};

  /** @param name of the type, where the shape has a record in it */
  of(shape: Shape, name: string): TypeSpec {
    switch (shape.of) {
      case "text":
        return { type: "string" };
      case "boolean":
        return { type: "boolean" };
      case "choice":
        return shape.otherwise === undefined
          ? { type: "string" }
          : { oneOf: [{ type: "string" }, this.#record(shape.otherwise, name)] };
      case "list":
        return { type: "array", items: this.of(shape.element, name) };
      case "record":
        return this.#record(shape, name);
    }
  }

  #record({ members }: RecordShape, name: string): TypeSpec {
    const token = `carto:index:${name}`;
    this.specs[token] = {
      type: "object",
      properties: Object.fromEntries(
        Object.entries(members).map(([member, { shape, description }]) => {
          const memberName = `${name}${member.charAt(0).toUpperCase()}${member.slice(1)}`;
          return [member, { ...this.of(shape, memberName), description: `${description}.` }];
        }),
      ),
      required: Object.keys(members).filter((member) => !members[member]?.optional),
    };
    return { $ref: `#/types/${token}` };
  }
}
