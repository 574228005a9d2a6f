import { nearestName } from "../kinds/oauth-client/property-names.ts";

/** `did you mean "x"?`, or what there is to choose from where nothing is near. */
export function suggest(word: string, candidates: readonly string[]): string {
  const candidate = nearestName(word, candidates);
  if (candidate !== undefined) return `did you mean "${candidate}"?`;
  return candidates.length === 0 ? "none is declared" : `known: ${candidates.slice(0, 12).join(", ")}`;
}
