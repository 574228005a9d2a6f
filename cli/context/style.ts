import { styleText } from "node:util";

export type Color = "bold" | "dim" | "red" | "green" | "yellow";

/** Colours a text, or leaves it as it is. */
export type Style = Record<Color, (text: string) => string>;

export function createStyle(color: boolean): Style {
  const paint = (name: Color) => (text: string) => (color ? styleText(name, text, { validateStream: false }) : text);
  return { bold: paint("bold"), dim: paint("dim"), red: paint("red"), green: paint("green"), yellow: paint("yellow") };
}
