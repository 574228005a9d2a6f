import { type InputReader, isList, isRecord, isString } from "../input-reader.ts";
import { nearestName, type OtherNames } from "../nearest-name.ts";
import { quote } from "../url/quote.ts";
import type { TokenRuleId } from "./rules.ts";
import { readSource, type Source } from "./source.ts";
import { sqlProblem } from "./sql.ts";

const GRANT = ["connectionName", "source"];
/** What CARTO's API and others call the members of a grant. */
const OTHER_NAMES: OtherNames = {
  connectionName: { otherNames: ["connection", "connectionid"] },
  source: { otherNames: ["table", "tileset", "query", "sql", "pattern"] },
};

/** Takes a token's inputs apart. */
export type TokenReader = InputReader<TokenRuleId>;

/** A grant that broke no rule. */
export interface DeclaredGrant {
  /** Path of its source in the inputs. */
  property: string;
  /** Undefined: not known yet. */
  connectionName: string | undefined;
  /** As declared. */
  source: string;
  read: Source;
}

/** Reads grants, and reports whether all of them are known and valid. */
export function readGrants(reader: TokenReader): { grants: DeclaredGrant[]; complete: boolean } {
  const list = readList(
    reader,
    "grants",
    "a list of { connectionName, source }",
    "one, for example carto_dw and a table",
  );
  const seen = new Map<string, string>();
  const grants = [...(list ?? []).entries()].map(([i, grant]) => {
    const property = `grants[${i}]`;
    if (reader.isUnknown(grant)) return undefined;
    if (isRecord(grant)) return readGrant(reader, property, grant, seen);
    reader.failType(property, grant, "{ connectionName, source }");
    return undefined;
  });
  const good = grants.filter((grant) => grant !== undefined);
  return { grants: good, complete: list !== undefined && good.length === list.length };
}

function readGrant(
  reader: TokenReader,
  property: string,
  grant: Record<string, unknown>,
  seen: Map<string, string>,
): DeclaredGrant | undefined {
  for (const key of Object.keys(grant)) {
    if (GRANT.includes(key) || grant[key] === undefined) continue;
    const near = nearestName(key, GRANT, OTHER_NAMES);
    const advice = near === undefined ? `a grant has ${GRANT.join(" and ")}` : `write "${near}"`;
    reader.fail(`${property}.${key}`, "unknown-property", `${quote(key)} is not a property of a grant: ${advice}.`);
  }
  const connectionName = readText(reader, `${property}.connectionName`, grant.connectionName, "carto_dw");
  const path = `${property}.source`;
  if (grant.source === undefined || grant.source === null || grant.source === "") {
    const advice = 'name a table, or write "*" to grant everything';
    reader.fail(
      path,
      "source-required",
      `${path} is required, because a grant without a source covers every table: ${advice}.`,
    );
    return undefined;
  }
  const source = readText(reader, path, grant.source, "my-project.dataset.table");
  if (source === undefined) return undefined;
  const read = readSource(source.trim());
  if (!isGoodSource(reader, path, source, read)) return undefined;
  if (connectionName !== undefined) {
    const same = JSON.stringify([connectionName, source.trim()]);
    const earlier = seen.get(same);
    if (earlier !== undefined) {
      reader.fail(property, "duplicate-grant", `${property} repeats ${earlier}: remove one of them.`);
      return undefined;
    }
    seen.set(same, property);
  }
  return { property: path, connectionName, source, read };
}

function isGoodSource(reader: TokenReader, path: string, source: string, read: Source): boolean {
  if (read.is === "unknown") {
    const sample = /^[\p{L}\p{N}_-]+$/u.test(source)
      ? quote(`my-project.dataset.${source}`)
      : '"my-project.dataset.table"';
    reader.fail(
      path,
      "source",
      `${quote(source)} is not a fully qualified table or tileset, SQL query, pattern or "*": write, for example, ${sample}.`,
    );
    return false;
  }
  if (read.is === "short pattern") {
    const advice = 'write, for example, "my-project.dataset.*"';
    reader.fail(path, "pattern-segments", `${quote(source)} has fewer than two segments before its star: ${advice}.`);
    return false;
  }
  const problem = read.is === "sql" ? sqlProblem(source.trim()) : undefined;
  if (problem === undefined) return true;
  if ("statements" in problem) {
    reader.fail(
      path,
      "single-statement",
      `${quote(source)} contains ${problem.statements} statements: write a separate grant for each.`,
    );
  } else {
    reader.fail(
      path,
      "read-only-sql",
      `${quote(source)} runs ${problem.writes}, but a grant is only for reading: write a SELECT.`,
    );
  }
  return false;
}

/** A list that may be neither left out nor empty. */
export function readList(
  reader: TokenReader,
  property: string,
  expected: string,
  first: string,
): unknown[] | undefined {
  const value = reader.inputs[property];
  if (value === undefined || value === null) {
    reader.fail(property, "required", `${property} is required: write ${expected}.`);
    return undefined;
  }
  const list = reader.read(property, expected, isList);
  if (list?.length === 0) reader.fail(property, "at-least-one", `${property} is empty: name at least ${first}.`);
  return list;
}

function readText(reader: TokenReader, path: string, value: unknown, example: string): string | undefined {
  if (reader.isUnknown(value)) return undefined;
  if (isString(value) && value.trim() !== "") return value;
  if (isString(value) || value === undefined || value === null) {
    reader.fail(path, "required", `${path} is required, for example "${example}".`);
  } else {
    reader.failType(path, value, `a string, for example "${example}"`);
  }
  return undefined;
}
