import type { Issue } from "../http/answer.ts";

const MAX_PAGE_SIZE = 100;

/**
 * Reads the paging parameters of a listing, and one more query parameter, each at most once.
 *
 * @param other its name, and its values
 */
export function readPaging(parameters: URLSearchParams, other: { name: string; values: readonly [string, string] }) {
  const issues: Issue[] = [];
  for (const name of new Set(parameters.keys())) {
    if (!["page", "page_size", other.name].includes(name)) issues.push({ path: name, message: "is not known" });
    else if (parameters.getAll(name).length > 1) issues.push({ path: name, message: "must be given once" });
  }
  const whole = (name: string, unset: number, max: number, wanted: string): number => {
    const text = parameters.get(name);
    if (text === null) return unset;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : 0;
    if (value < 1 || value > max) {
      issues.push({ path: name, message: `must be ${wanted}` });
    }
    return value;
  };
  const value = parameters.get(other.name);
  const [first, second] = other.values;
  if (value !== null && !other.values.includes(value)) {
    issues.push({ path: other.name, message: `must be "${first}" or "${second}"` });
  }
  return {
    issues,
    value,
    // It names no first page: a variant may count from another one.
    page: whole("page", 1, Infinity, "the number of a page"),
    pageSize: whole("page_size", 50, MAX_PAGE_SIZE, `a whole number from 1 to ${MAX_PAGE_SIZE}`),
  };
}

/** What is wrong with an idempotency key. */
export function checkKey(key: string | undefined): Issue[] {
  if (key === undefined || (key.length >= 8 && key.length <= 255)) return [];
  return [{ path: "Idempotency-Key", message: "must have 8 to 255 characters" }];
}

/** The same text for bodies that differ in the order of members only. */
export function canonical(body: object): string {
  return JSON.stringify(Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1)));
}
