import type { Failure, Finding } from "../failure.ts";
import type { CheckOptions, Review } from "../kind.ts";
import { quote } from "../quote.ts";
import { UNKNOWN } from "../unknown.ts";
import { findAdvice, isDangerous } from "./advice.ts";
import { type ApplicationReading, readApplication } from "./reading.ts";

/**
 * Failures, advice and exemptions of an application's inputs.
 *
 * @param inputs of any shape: what is wrong with it is a failure, nothing throws
 */
export function reviewApplication(inputs: unknown, options: CheckOptions = {}): Review {
  const reading = readApplication(inputs, options.isUnknown ?? ((value) => value === UNKNOWN));
  const production = (reading.policy ?? options.policy) === "production";
  const review: Review = { failures: reading.failures, advice: [], excused: [] };
  const used = new Set<string>();
  for (const finding of findAdvice(reading)) {
    const exemption = reading.excuses.entries.find(({ rule, url }) => rule === finding.rule && url === finding.url);
    if (exemption) used.add(exemption.property);
    if (exemption?.reason !== undefined) review.excused.push({ ...finding, excuse: exemption.reason });
    else if (production && isDangerous(finding) && !exemption && !reading.excuses.undecided) {
      review.failures.push(refuse(finding));
    } else review.advice.push(finding);
  }
  review.advice.push(...unused(reading, used));
  return review;
}

/**
 * Every rule that the inputs of an application break, all at once; none: the inputs are good.
 *
 * @param inputs as of `Application`, but of any shape: what is wrong with it is a failure, nothing throws
 */
export function checkApplication(inputs: unknown, options: CheckOptions = {}): Failure[] {
  return reviewApplication(inputs, options).failures;
}

/**
 * Advice on an application's inputs: what is not wrong, but worth a reviewer's eye. What an `allow` entry exempts carries its reason as
 * `excuse`. Under the production policy the dangerous ones that nothing exempts are failures of `checkApplication` and not found here.
 */
export function adviseApplication(inputs: unknown, options?: CheckOptions): Finding[] {
  const { advice, excused } = reviewApplication(inputs, options);
  return [...advice, ...excused];
}

function refuse({ property, reason, rule, url }: Finding): Failure {
  const advice = `The production policy refuses it, unless "allow" exempts rule ${quote(rule)} for ${quote(url)} with a reason.`;
  return { property, rule, reason: `${reason} ${advice}` };
}

/** While an input is unknown or faulty, an exemption may yet turn out to be used. */
function unused({ excuses, settled }: ApplicationReading, used: Set<string>): Finding[] {
  if (!settled) return [];
  return excuses.entries
    .filter(({ property }) => !used.has(property))
    .map(({ property, rule, url }) => ({
      property,
      url,
      rule: "unused-excuse",
      reason: `${property} exempts nothing: there is no finding of rule ${quote(rule)} for ${quote(url)}. Remove it, or write the URL exactly as declared.`,
    }));
}
