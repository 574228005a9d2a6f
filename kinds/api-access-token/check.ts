import type { Failure, Finding } from "../failure.ts";
import type { CheckOptions, Review } from "../kind.ts";
import { quote } from "../quote.ts";
import { UNKNOWN } from "../unknown.ts";
import { findAdvice, isDangerous } from "./advice.ts";
import { readToken, type TokenReading } from "./reading.ts";

/**
 * Failures, advice and exemptions of a token's inputs.
 *
 * @param inputs of any shape: what is wrong with it is a failure, nothing throws
 */
export function reviewApiAccessToken(inputs: unknown, options: CheckOptions = {}): Review {
  const now = options.now === "any" ? undefined : (options.now ?? Date.now());
  const reading = readToken(inputs, options.isUnknown ?? ((value) => value === UNKNOWN), now);
  const production = (reading.policy ?? options.policy) === "production";
  const review: Review = { failures: reading.failures, advice: [], excused: [] };
  const used = new Set<string>();
  for (const finding of findAdvice(reading, now)) {
    const exemption = reading.exemptions.entries.find(
      ({ rule, value }) => rule === finding.rule && value === finding.url,
    );
    if (exemption) used.add(exemption.property);
    if (exemption?.reason !== undefined) review.excused.push({ ...finding, excuse: exemption.reason });
    else if (production && isDangerous(finding) && !exemption && !reading.exemptions.undecided) {
      review.failures.push(refuse(finding));
    } else review.advice.push(finding);
  }
  review.advice.push(...unused(reading, used));
  return review;
}

/**
 * Every rule that the inputs of an API Access Token break, all at once; none: the inputs are good.
 *
 * @param inputs as of `ApiAccessToken`, but of any shape: what is wrong with it is a failure, nothing throws
 */
export function checkApiAccessToken(inputs: unknown, options: CheckOptions = {}): Failure[] {
  return reviewApiAccessToken(inputs, options).failures;
}

/**
 * Advice on an API Access Token's inputs: what is not wrong, but worth a reviewer's eye. What an `allow` entry exempts carries its reason
 * as `excuse`. Under the production policy the dangerous ones that nothing exempts are failures of `checkApiAccessToken` and not found here.
 */
export function adviseApiAccessToken(inputs: unknown, options?: CheckOptions): Finding[] {
  const { advice, excused } = reviewApiAccessToken(inputs, options);
  return [...advice, ...excused];
}

function refuse({ property, reason, rule, url }: Finding): Failure {
  const about = url === undefined ? "" : ` for ${quote(url)}`;
  return {
    property,
    rule,
    reason: `${reason} The production policy refuses it, unless "allow" exempts rule ${quote(rule)}${about} with a reason.`,
  };
}

/** While an input is unknown or faulty, an exemption may yet turn out to be used. */
function unused({ exemptions, settled }: TokenReading, used: Set<string>): Finding[] {
  if (!settled) return [];
  return exemptions.entries
    .filter(({ property }) => !used.has(property))
    .map(({ property, rule, value }) => ({
      property,
      ...(value !== undefined && { url: value }),
      rule: "unused-excuse",
      reason: `${property} exempts nothing: there is no finding of rule ${quote(rule)}${value === undefined ? " about the whole token" : ` for ${quote(value)}`}. Remove it, or write the value exactly as declared.`,
    }));
}
