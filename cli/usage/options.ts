import { InvalidArgumentError } from "commander";
import { parseVariable } from "../context/manifest-file.ts";

/* Parses the values of options. */

/** `a,b`, and again: every name. */
export const splitNames = (text: string, earlier: string[] = []): string[] => [
  ...earlier,
  ...text.split(",").filter(Boolean),
];

/** Each value of a repeated option. */
export const collect = (text: string, earlier: string[] = []): string[] => [...earlier, text];

/** `NAME=VALUE` of a repeated `--var`, added to the earlier ones. */
export const variable = (text: string, earlier?: Record<string, string>): Record<string, string> => {
  try {
    return parseVariable(text, earlier);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
};

/** A whole number of at least 1. */
export function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("Enter a whole number of at least 1.");
  return number;
}

/** A port; 0 stands for any free one. */
export function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    throw new InvalidArgumentError("Enter a number from 0 to 65535.");
  return number;
}
