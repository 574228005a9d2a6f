import { KINDS, type KindId } from "../kinds/index.ts";
import type { Kind, Properties } from "../kinds/kind.ts";
import { identity, type Shape } from "../kinds/shape.ts";
import { URL_LISTS } from "../kinds/url/lists.ts";
import type { ValueChange } from "./change.ts";
import { distinctText, isHidden, shown, shownUrl } from "./shown-value.ts";

/** Properties that a comparison of OAuth clients looks at by itself. */
const URL_PROPERTIES: ReadonlySet<string> = new Set(["name", "applicationLoginUrl", ...URL_LISTS]);

/** Changes of the properties at CARTO, other than the URLs of an OAuth client. */
export function valueChanges(
  kindId: KindId,
  older: Readonly<Properties> | undefined,
  newer: Readonly<Properties> | undefined,
): ValueChange[] {
  const { properties }: Kind = KINDS[kindId];
  return Object.entries(properties).flatMap(([name, { label, shape, local }]): ValueChange[] => {
    if (local || URL_PROPERTIES.has(name)) return [];
    const element = shape.of === "list" ? shape.element : shape;
    const [olds, news] = [older, newer].map((inputs) => byIdentity(element, inputs?.[name]));
    const removed = missing(olds, news).map((value) => textOf(element, value));
    const added = missing(news, olds).map((value) => distinctText(textOf(element, value), removed));
    return added.length + removed.length > 0 ? [{ label, added, removed }] : [];
  });
}

type Values = Map<unknown, unknown>;

function byIdentity(shape: Shape, value: unknown): Values {
  // An empty text is nothing: CARTO's own form leaves it out.
  const values: unknown[] = value === undefined || value === "" ? [] : Array.isArray(value) ? value : [value];
  return new Map(values.map((one) => [isHidden(one) ? JSON.stringify(one) : identity(shape, one), one]));
}

function missing(values: Values = new Map(), others: Values = new Map()): unknown[] {
  return [...values].filter(([key]) => !others.has(key)).map(([, value]) => value);
}

/** `carto_dw: carto.demo.points` for a record, `groups: Field, Sales` for one with a single member. */
function textOf(shape: Shape, value: unknown): string {
  const whole = isUrl(shape) ? shownUrl(value) : shown(value);
  if (whole !== undefined) return whole;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (shape.of === "list" && Array.isArray(value)) return value.map((one) => textOf(shape.element, one)).join(", ");
  if (shape.of === "choice" && shape.otherwise !== undefined) return textOf(shape.otherwise, value);
  if (shape.of !== "record" || typeof value !== "object" || value === null) return "(another value)";
  const members: Readonly<Record<string, unknown>> = { ...value };
  const texts = Object.entries(shape.members).map(([name, { shape: own }]) =>
    members[name] === undefined ? "(nothing)" : textOf(own, members[name]),
  );
  const [only = ""] = Object.keys(shape.members);
  return texts.length > 1 ? texts.join(": ") : `${only}: ${texts.join("")}`;
}

function isUrl(shape: Shape): boolean {
  return shape.of === "text" && (shape.format === "url" || shape.format === "origin");
}
