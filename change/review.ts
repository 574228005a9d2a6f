import { deliveryTexts } from "../kinds/destination.ts";
import { KINDS, type KindId } from "../kinds/index.ts";
import type { Location } from "./change.ts";
import type { ClientVersion, Review, Reviewer } from "./compare.ts";
import { isHidden } from "./shown-value.ts";

/** What a manifest says of one client. */
export interface Declaration {
  logicalName: string;
  kind: KindId;
  inputs: object;
  /** Earlier logical names. Unset: none. */
  aliases?: string[];
  /** Where credentials are written, of any shape. Unset: nowhere. */
  deliver?: unknown;
  /** Where a property was written; the location of the client for one that is written nowhere. */
  location(property: string): { line: number; column: number };
}

/** One side of a comparison. */
export function versionOf({ logicalName, kind, inputs, aliases, deliver }: Declaration): ClientVersion {
  const deliveries = deliver === undefined ? [] : deliveryTexts(deliver);
  return { logicalName, kind, inputs: { ...inputs }, deliveries, ...(aliases && { aliases }) };
}

/** Reviews clients by their declarations in a manifest, each finding at its line; clients that it does not declare by what is compared. */
export function reviewByManifest(declarations: readonly Declaration[], file: string): Reviewer {
  const known = new Map(
    declarations.map((declaration) => [`${declaration.kind}:${declaration.logicalName}`, declaration]),
  );
  return (version) => {
    const declaration = known.get(`${version.kind}:${version.logicalName}`);
    if (!declaration) return review(version.kind, version.inputs);
    const place = (property: string): Location => ({ file, ...declaration.location(property) });
    const { deliver } = declaration;
    // A manifest knows all its values: the mark of the engine is a text like any other there.
    const reviewed = review(declaration.kind, declaration.inputs, { place, isUnknown: () => false });
    return {
      location: place(""),
      locate: place,
      ...(deliver !== undefined && { deliveries: deliveryTexts(deliver) }),
      ...reviewed,
    };
  };
}

/** Reviews clients by what is compared: for stacks without a manifest, and for what CARTO really has. */
export const reviewByInputs: Reviewer = ({ kind, inputs }: ClientVersion) => review(kind, inputs);

interface ReviewOptions {
  /** Unset: what is found has no place. */
  place?: (property: string) => Location;
  /** Unset: a value that is not known yet, or that the program keeps secret: the rules cannot check it. */
  isUnknown?: (value: unknown) => boolean;
}

function review(kind: KindId, inputs: object, { place, isUnknown = isHidden }: ReviewOptions = {}): Review {
  const { failures, advice, exempted } = KINDS[kind].review(inputs, {
    isUnknown,
    now: "any", // the same inputs give the same report each day
  });
  const located = <T extends { property: string }>(found: T) => ({
    ...found,
    ...(place && { location: place(found.property) }),
  });
  return { failures: failures.map(located), findings: [...advice, ...exempted].map(located) };
}
