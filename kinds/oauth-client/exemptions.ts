import { type InputReader, isList, isRecord, isString } from "../input-reader.ts";
import { nearestName } from "../nearest-name.ts";
import { quote } from "../quote.ts";
import { findRule, RULES } from "./rules.ts";

/** An entry of `allow` that says what it excuses. */
interface DeclaredExcuse {
  /** Its path in the inputs. */
  property: string;
  rule: string;
  url: string;
  /** Undefined: unknown, or missing, which is a failure of its own. */
  reason: string | undefined;
}

/** What could be read of `allow`. */
export interface Excuses {
  entries: DeclaredExcuse[];
  /** What some of them excuse is unknown yet, so nobody can say what is not excused. */
  undecided: boolean;
}

/** Advice that is about a URL. */
const EXCUSABLE = RULES.filter(
  ({ level, id }) => level === "advice" && id !== "near-limit" && id !== "unused-excuse",
).map(({ id }) => id);

const PARTS = {
  rule: 'the rule of the finding, such as "wildcard"',
  url: "the URL of the finding, exactly as declared",
  reason: "why it is right here",
};

/** @param excusable rules whose findings may be exempted. Unset: those of OAuth clients */
export function readExcuses<Rules extends string>(
  reader: InputReader<Rules>,
  excusable: readonly string[] = EXCUSABLE,
): Excuses {
  const excuses: Excuses = { entries: [], undecided: reader.isUnknown(reader.inputs.allow) };
  const allow = reader.read("allow", "a list of { rule, url, reason }", isList) ?? [];
  for (const [i, entry] of allow.entries()) {
    const property = `allow[${i}]`;
    if (reader.isUnknown(entry)) excuses.undecided = true;
    else if (isRecord(entry)) readExcuse(reader, property, entry, { excuses, excusable });
    else reader.failType(property, entry, "{ rule, url, reason }");
  }
  return excuses;
}

function readExcuse<Rules extends string>(
  reader: InputReader<Rules>,
  property: string,
  entry: Record<string, unknown>,
  { excuses, excusable }: { excuses: Excuses; excusable: readonly string[] },
): void {
  for (const key of Object.keys(entry)) {
    if (Object.hasOwn(PARTS, key)) continue;
    reader.fail(`${property}.${key}`, "excuse", `${quote(key)} is no part of an excuse: write { rule, url, reason }.`);
  }
  const rule = readPart(reader, property, entry, "rule");
  const url = readPart(reader, property, entry, "url");
  const reason = readPart(reader, property, entry, "reason");
  if (rule !== undefined && !excusable.includes(rule)) {
    const near = nearestName(rule, excusable);
    const advice = near === undefined ? `write one of ${excusable.join(", ")}` : `write "${near}"`;
    const problem = findRule(rule) ? "is a rule that nothing excuses" : "is no rule";
    reader.fail(`${property}.rule`, "excuse", `${quote(rule)} ${problem}: ${advice}.`);
    return;
  }
  if (reader.isUnknown(entry.rule) || reader.isUnknown(entry.url)) excuses.undecided = true;
  if (rule !== undefined && url !== undefined) excuses.entries.push({ property, rule, url, reason });
}

function readPart<Rules extends string>(
  reader: InputReader<Rules>,
  property: string,
  entry: Record<string, unknown>,
  part: keyof typeof PARTS,
) {
  const value = entry[part];
  if (reader.isUnknown(value)) return undefined;
  if (isString(value) && value.trim() !== "") return value;
  const problem = value === undefined || value === "" ? "is missing" : `is ${quote(value)}`;
  reader.fail(`${property}.${part}`, "excuse", `${property}.${part} ${problem}: write ${PARTS[part]}.`);
  return undefined;
}
