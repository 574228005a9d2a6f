import type { Failure, Finding } from "../failure.ts";
import type { CheckOptions, Review } from "../kind.ts";
import { applyPolicy, effectivePolicy } from "../policy.ts";
import { isUnknownMark } from "../unknown.ts";
import { findAdvice, isDangerous } from "./advice.ts";
import { readToken } from "./reading.ts";

/**
 * Failures, advice and exemptions of a token's inputs.
 *
 * @param inputs of any shape: what is wrong with it is a failure, nothing throws
 */
export function reviewApiAccessToken(inputs: unknown, options: CheckOptions = {}): Review {
  const now = options.now === "any" ? undefined : (options.now ?? Date.now());
  const reading = readToken(inputs, options.isUnknown ?? isUnknownMark, now);
  const policy = effectivePolicy(reading.policy, options.policy);
  return applyPolicy(reading, findAdvice(reading, now), policy, isDangerous);
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
 * as `exemption`. Under the production policy the dangerous ones that nothing exempts are failures of `checkApiAccessToken` and not found here.
 */
export function adviseApiAccessToken(inputs: unknown, options?: CheckOptions): Finding[] {
  const { advice, exempted } = reviewApiAccessToken(inputs, options);
  return [...advice, ...exempted];
}
