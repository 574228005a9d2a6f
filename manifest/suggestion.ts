import { nearestName, type OtherNames } from "../kinds/nearest-name.ts";

/** `did you mean "x"?`, or the available names if none is close. */
export function suggest(word: string, candidates: readonly string[], others: OtherNames = {}): string {
  const candidate = nearestName(word, candidates, others);
  if (candidate !== undefined) return `did you mean "${candidate}"?`;
  return candidates.length === 0 ? "none is declared" : `known: ${candidates.slice(0, 12).join(", ")}`;
}
