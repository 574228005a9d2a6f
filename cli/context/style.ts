import { styleText } from "node:util";

/** A way to emphasise text. */
export type Color = "bold" | "dim" | "red" | "green" | "yellow";

/** Colours text, or leaves it as it is. */
export type Style = Record<Color, (text: string) => string>;

/** Colours, or nothing of the kind. */
export function createStyle(color: boolean): Style {
  const paint = (name: Color) => (text: string) => (color ? styleText(name, text, { validateStream: false }) : text);
  return { bold: paint("bold"), dim: paint("dim"), red: paint("red"), green: paint("green"), yellow: paint("yellow") };
}
