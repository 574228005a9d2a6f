import { visible } from "../kinds/visible-text.ts";

/** Text that is HTML already. Only `html` makes it, so nothing reaches a page unescaped by mistake. */
export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | readonly Markup[] | undefined;

/** A template that escapes its values and makes invisible characters visible; `undefined` becomes an empty text. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { markup: strings.map((text, index) => text + written(values[index])).join("") };
}

function written(value: Value): string {
  if (value === undefined) return "";
  if (typeof value === "string" || typeof value === "number") return escaped(String(value));
  return "markup" in value ? value.markup : value.map(({ markup }) => markup).join("");
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
