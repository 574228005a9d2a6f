import type { Finding } from "./failure.ts";
import { type InputReader, isList, isRecord, isString } from "./input-reader.ts";
import { nearestName } from "./nearest-name.ts";
import { quote } from "./url/quote.ts";

/** What an exemption of a kind looks like. */
export interface ExemptionForm {
  /** IDs of the rules whose findings can be exempted. */
  rules: readonly string[];
  /** The part that names what the finding is about. `url` is required; `value` is left out where the finding is about the whole resource. */
  about: "url" | "value";
}

/** An entry of `allow` whose rule and subject are known. */
interface DeclaredExemption {
  /** Its path in the inputs. */
  property: string;
  rule: string;
  /** What the finding is about, as declared. Undefined: the whole resource. */
  about: string | undefined;
  /** Undefined: unknown, or missing, which is a separate failure. */
  reason: string | undefined;
}

/** The readable part of `allow`. */
export interface Exemptions {
  entries: DeclaredExemption[];
  /** What some of them exempt is not known yet, so what is not exempted is not known either. */
  undecided: boolean;
  about: ExemptionForm["about"];
}

const SHAPES = {
  url: "{ rule, url, reason }",
  value: "{ rule, value, reason }, without value if the finding names none",
};

const EXPECTED = {
  rule: "the rule of the finding",
  url: "the URL of the finding, exactly as declared",
  value: "what the finding is about, exactly as declared",
  reason: "why the finding is acceptable here",
};

/** Reads `allow`, and finds what is wrong with it. */
export function readExemptions<Rules extends string>(reader: InputReader<Rules>, form: ExemptionForm): Exemptions {
  const { about } = form;
  const exemptions: Exemptions = { entries: [], undecided: reader.isUnknown(reader.inputs.allow), about };
  const allow = reader.read("allow", `a list of ${SHAPES[about]}`, isList) ?? [];
  for (const [i, entry] of allow.entries()) {
    const property = `allow[${i}]`;
    if (reader.isUnknown(entry)) exemptions.undecided = true;
    else if (isRecord(entry)) readExemption(reader, property, entry, form, exemptions);
    else reader.failType(property, entry, SHAPES[about]);
  }
  return exemptions;
}

function readExemption<Rules extends string>(
  reader: InputReader<Rules>,
  property: string,
  entry: Record<string, unknown>,
  { rules, about: subject }: ExemptionForm,
  exemptions: Exemptions,
): void {
  for (const key of Object.keys(entry)) {
    if (key === "rule" || key === subject || key === "reason") continue;
    const problem = `is not part of an exemption: write ${SHAPES[subject]}`;
    reader.fail(`${property}.${key}`, "exemption", `${quote(key)} ${problem}.`);
  }
  const part = (name: keyof typeof EXPECTED, required = true): string | undefined => {
    const value = entry[name];
    if (reader.isUnknown(value)) return undefined;
    if (isString(value) && value.trim() !== "") return value;
    if (value === undefined && !required) return undefined;
    const problem = value === undefined || value === "" ? "is required" : `is ${quote(value)}`;
    reader.fail(`${property}.${name}`, "exemption", `${property}.${name} ${problem}: write ${EXPECTED[name]}.`);
    return undefined;
  };
  const [rule, about, reason] = [part("rule"), part(subject, subject === "url"), part("reason")];
  if (rule !== undefined && !rules.includes(rule)) {
    const near = nearestName(rule, rules);
    const advice = near === undefined ? `write one of ${rules.join(", ")}` : `write "${near}"`;
    reader.fail(`${property}.rule`, "exemption", `${quote(rule)} is not a rule that can be exempted: ${advice}.`);
    return;
  }
  if (reader.isUnknown(entry.rule) || reader.isUnknown(entry[subject])) exemptions.undecided = true;
  else if (rule !== undefined && (about !== undefined || subject === "value"))
    exemptions.entries.push({ property, rule, about, reason });
}

/** The exemption of a finding; undefined if there is none. */
export function exemptionOf({ entries }: Exemptions, finding: Finding): DeclaredExemption | undefined {
  return entries.find(({ rule, about }) => rule === finding.rule && about === finding.url);
}

/** Advice on the exemptions that no finding used. */
export function unusedExemptions({ entries, about: subject }: Exemptions, used: ReadonlySet<string>): Finding[] {
  const noun = subject === "url" ? "URL" : "value";
  return entries
    .filter(({ property }) => !used.has(property))
    .map(({ property, rule, about }) => {
      const where = about === undefined ? "" : ` for ${quote(about)}`;
      const problem = `exempts nothing, because rule ${quote(rule)} has no finding${where}`;
      return {
        property,
        ...(about !== undefined && { url: about }),
        rule: "unused-exemption",
        reason: `${property} ${problem}: remove it, or write the ${noun} exactly as declared.`,
      };
    });
}
