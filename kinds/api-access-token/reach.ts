import { quote } from "../url/quote.ts";
import type { Grant } from "./api-access-token.ts";
import { readSource } from "./source.ts";

const LONGEST_QUERY = 60;

/** Who may use a token, as the subject of a sentence. Anyone who opens a page can read the token in it. */
export function audienceOf(referers: readonly string[] | undefined): string {
  const [first, ...others] = referers ?? [];
  if (first === undefined) return "any website";
  return `anyone who opens a page of ${others.length === 0 ? first : `${first} or ${others.length} more`}`;
}

/** What a grant lets read, as the object of a sentence: `every table of carto_dw`, `carto.demo.points`. */
export function readable({ connectionName, source }: Grant): string {
  const trimmed = source.trim();
  const read = readSource(trimmed);
  if (read.is === "everything") return `every table of ${connectionName}`;
  if (read.is === "pattern") {
    return read.every === undefined
      ? `every table like ${trimmed} of ${connectionName}`
      : `every table of ${read.every} in ${connectionName}`;
  }
  if (read.is !== "sql") return `${trimmed} of ${connectionName}`;
  const query = trimmed.replace(/\s+/g, " ");
  const shown = query.length > LONGEST_QUERY ? `${query.slice(0, LONGEST_QUERY)}…` : query;
  return `the result of ${quote(shown)} in ${connectionName}`;
}

const API_NAMES: Record<string, string> = { sql: "SQL", maps: "Maps", lds: "LDS", imports: "Imports" };

/** `SQL and Maps`: the APIs as CARTO writes them. */
export function apiNames(apis: readonly string[]): string {
  const names = apis.map((api) => API_NAMES[api] ?? api);
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
