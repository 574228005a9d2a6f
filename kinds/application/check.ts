import type { Failure, Finding } from "../failure.ts";
import type { CheckOptions, Review } from "../kind.ts";
import { applyPolicy, effectivePolicy } from "../policy.ts";
import { isUnknownMark } from "../unknown.ts";
import { findAdvice, isDangerous } from "./advice.ts";
import { readApplication } from "./reading.ts";

/**
 * Failures, advice and exemptions of an application's inputs.
 *
 * @param inputs of any shape: what is wrong with it is a failure, nothing throws
 */
export function reviewApplication(inputs: unknown, options: CheckOptions = {}): Review {
  const reading = readApplication(inputs, options.isUnknown ?? isUnknownMark);
  const policy = effectivePolicy(reading.policy, options.policy);
  return applyPolicy(reading, findAdvice(reading), policy, isDangerous);
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
 * `exemption`. Under the production policy the dangerous ones that nothing exempts are failures of `checkApplication` and not found here.
 */
export function adviseApplication(inputs: unknown, options?: CheckOptions): Finding[] {
  const { advice, exempted } = reviewApplication(inputs, options);
  return [...advice, ...exempted];
}
