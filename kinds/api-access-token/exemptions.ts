import { type InputReader, isList, isRecord, isString } from "../input-reader.ts";
import { nearestName } from "../nearest-name.ts";
import { quote } from "../quote.ts";
import { TOKEN_RULES, type TokenRuleId } from "./rules.ts";

/** An entry of `allow` that says what it exempts. */
export interface DeclaredExemption {
  /** Its path in the inputs. */
  property: string;
  rule: string;
  /** Undefined: the finding is about the whole token. */
  value: string | undefined;
  /** Undefined: unknown, or missing, which is a failure of its own. */
  reason: string | undefined;
}

/** What could be read of `allow`. */
export interface Exemptions {
  entries: DeclaredExemption[];
  /** What some of them exempt is unknown yet, so nobody can say what is not exempted. */
  undecided: boolean;
}

const EXEMPTIBLE: readonly string[] = TOKEN_RULES.filter(({ level }) => level === "advice").map(({ id }) => id);
const SHAPE = "{ rule, value, reason }, value only where the finding names one";
const PARTS = ["rule", "value", "reason"];

/** Reads `allow`, and finds what is wrong with it. */
export function readExemptions(reader: InputReader<TokenRuleId>): Exemptions {
  const exemptions: Exemptions = { entries: [], undecided: reader.isUnknown(reader.inputs.allow) };
  const allow = reader.read("allow", `a list of ${SHAPE}`, isList) ?? [];
  for (const [i, entry] of allow.entries()) {
    const property = `allow[${i}]`;
    if (reader.isUnknown(entry)) exemptions.undecided = true;
    else if (isRecord(entry)) readExemption(reader, property, entry, exemptions);
    else reader.failType(property, entry, SHAPE);
  }
  return exemptions;
}

function readExemption(
  reader: InputReader<TokenRuleId>,
  property: string,
  entry: Record<string, unknown>,
  exemptions: Exemptions,
): void {
  for (const key of Object.keys(entry)) {
    if (PARTS.includes(key)) continue;
    reader.fail(`${property}.${key}`, "excuse", `${quote(key)} is not part of an exemption: write ${SHAPE}.`);
  }
  const part = (name: string, required: boolean): string | undefined => {
    const value = entry[name];
    if (reader.isUnknown(value)) return undefined;
    if (isString(value) && value.trim() !== "") return value;
    if (value === undefined && !required) return undefined;
    const problem = value === undefined || value === "" ? "is required" : `is ${quote(value)}`;
    reader.fail(`${property}.${name}`, "excuse", `${property}.${name} ${problem}: write a text.`);
    return undefined;
  };
  const [rule, value, reason] = [part("rule", true), part("value", false), part("reason", true)];
  if (rule !== undefined && !EXEMPTIBLE.includes(rule)) {
    const near = nearestName(rule, EXEMPTIBLE);
    const advice = near === undefined ? `write one of ${EXEMPTIBLE.join(", ")}` : `write "${near}"`;
    reader.fail(`${property}.rule`, "excuse", `${quote(rule)} is no rule that can be exempted: ${advice}.`);
    return;
  }
  if (reader.isUnknown(entry.rule) || reader.isUnknown(entry.value)) exemptions.undecided = true;
  else if (rule !== undefined) exemptions.entries.push({ property, rule, value, reason });
}
