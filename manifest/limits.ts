import type { EnvironmentFailure } from "./environment-failure.ts";

/*
 * The limits of a manifest. Whoever may open a pull request may have `check` and `report --diff` read any file: with these, each is checked
 * in a time that grows linearly with its length.
 */

/** Bytes of the file. */
export const MOST_BYTES = 640 * 1024;
/** Words, signs, blanks and line ends of the file: some 3,000 clients with 20 URLs each have so many. */
export const MOST_LEXEMES = 400_000;
/** The deepest a manifest goes is 8: environments, name, clients, name, allow, entry, key. */
export const MOST_LEVELS = 32;
/** Characters of one text, as written and with its variables filled in. */
export const MOST_CHARACTERS = 10_000;
/** Elements of one list: twice what CARTO takes, so that a list that is a little too long is explained by its rule. */
export const MOST_ELEMENTS = 200;
/** Failures that are reported at once. */
export const MOST_FAILURES = 1_000;

const MOST_CLIENTS = 10_000;
const MOST_ENVIRONMENTS = 500;
/** Properties and list elements of all clients in all environments that are read at once. */
const MOST_VALUES = 300_000;

/** Why a manifest is too large to be checked in time; none: it is not. */
export function tooMuch(document: unknown, chosen: readonly (string | undefined)[]): EnvironmentFailure | undefined {
  const clients = valuesOf(document, "clients");
  const environments = valuesOf(document, "environments");
  const names = Object.keys(environments);
  if (names.length > MOST_ENVIRONMENTS) return tooMany("environments", names.length, MOST_ENVIRONMENTS);
  const count = Object.keys(clients).length;
  if (count > MOST_CLIENTS) return tooMany("clients", count, MOST_CLIENTS);
  const [base, defaults] = [countValues(clients), countValues(valuesOf(document, "defaults"))];
  let values = 0;
  for (const name of chosen) {
    const overrides = name === undefined ? {} : valuesOf(environments[name], "clients");
    const added = Object.keys(overrides).length;
    if (added > MOST_CLIENTS) return tooMany("clients", added, MOST_CLIENTS);
    values += base + countValues(overrides) + (count + added) * (1 + defaults);
  }
  if (values <= MOST_VALUES) return undefined;
  const reason = `${chosen.length} environments have ${format(values)} values in all, and at most ${format(MOST_VALUES)} are read at once: name fewer environments, or split the file`;
  return { path: ["environments"], atKey: true, reason, rule: "too-large" };
}

function tooMany(what: "clients" | "environments", found: number, most: number): EnvironmentFailure {
  const reason = `there are ${format(found)} ${what}, and at most ${format(most)} are read: split the file`;
  return { path: [what], atKey: true, reason, rule: "too-large" };
}

/** Scalars and the elements of lists, at any depth. */
function countValues(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce((sum: number, item) => sum + countValues(item), 0);
}

function valuesOf(value: unknown, key: string): Record<string, unknown> {
  const found =
    typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
  return typeof found === "object" && found !== null && !Array.isArray(found) ? found : {};
}

const format = (count: number) => count.toLocaleString("en");
