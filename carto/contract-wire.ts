import { type ApiContract, type Entries, STATUSES } from "./contract.ts";

/*
 * Translates between the assumed words and those of the contract in force.
 */

/** A request's body, in the words of the contract. */
export function outward({ members }: ApiContract, body: unknown): unknown {
  return renamed(body, (name) => String(members[name] ?? name));
}

/**
 * An answer's body, in the assumed words. A member that has an assumed name and is not what the contract says it is called is left out: it
 * means something else.
 */
export function inward({ members, list }: ApiContract, body: unknown, isListing: boolean): unknown {
  const assumed = reverse(members);
  const rename = (name: string) => assumed.get(name) ?? (Object.hasOwn(members, name) ? undefined : name);
  if (!isListing || typeof body !== "object" || body === null) return withPaths(renamed(body, rename), rename);
  const envelope = Object.entries(body);
  return Object.fromEntries(
    Object.entries(list).flatMap(([name, actual]) => {
      const found = envelope.find(([member]) => member === actual);
      return found === undefined ? [] : [[name, renamed(found[1], rename)]];
    }),
  );
}

/**
 * The status that the assumed contract has for what a status means.
 *
 * @returns undefined if the contract in force gives the status no meaning, and the assumed one does
 */
export function assumedStatus({ statuses }: ApiContract, status: number): number | undefined {
  const meaning = Object.keys(statuses).find((name) => statuses[name] === status);
  if (meaning !== undefined) return Number(STATUSES[meaning]);
  if (!Object.values(STATUSES).includes(status)) return status;
  return status < 300 ? 201 : undefined;
}

function reverse(members: Entries): ReadonlyMap<string | number, string> {
  return new Map(Object.entries(members).map(([name, actual]) => [actual, name]));
}

function renamed(value: unknown, rename: (name: string) => string | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const other = rename(name);
      return other === undefined ? [] : [[other, renamed(member, rename)]];
    }),
  );
}

/** A refusal names members in its texts: `redirects[2]` is `callbacks[2]`. */
function withPaths(body: unknown, rename: (name: string) => string | undefined): unknown {
  const { issues } = Object(body);
  if (!Array.isArray(issues)) return body;
  const shown = issues.map((issue: unknown) => {
    const { path } = Object(issue);
    if (typeof path !== "string") return issue;
    return { ...Object(issue), path: path.replaceAll(/[A-Za-z][\w-]*/g, (name) => rename(name) ?? name) };
  });
  return { ...Object(body), issues: shown };
}
