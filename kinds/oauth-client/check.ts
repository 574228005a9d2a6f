import type { Failure, Finding } from "../failure.ts";
import type { CheckOptions, Review } from "../kind.ts";
import { applyPolicy, effectivePolicy, type Policy } from "../policy.ts";
import { isUnknownMark } from "../unknown.ts";
import { findAdvice, isDangerous } from "./advice.ts";
import type { ClientKind } from "./oauth-client.ts";
import { type ClientReading, readClient } from "./reading.ts";

/**
 * Failures, advice and exemptions of a client's inputs.
 *
 * @param inputs of any shape: what is wrong with it is a failure, nothing throws
 */
export function reviewOAuthClient(kind: ClientKind, inputs: unknown, options: CheckOptions = {}): Review {
  return reviewReading(...read(kind, inputs, options));
}

/**
 * Every rule that the inputs of a SPA OAuth client break, all at once; none: the inputs are good.
 *
 * @param inputs as of `SpaOAuthClient`, but of any shape: what is wrong with it is a failure, nothing throws
 */
export function checkSpaOAuthClient(inputs: unknown, options: CheckOptions = {}): Failure[] {
  return failures(...read("spa", inputs, options));
}

/**
 * Every rule that the inputs of an M2M OAuth client break, all at once; none: the inputs are good.
 *
 * @param inputs as of `M2mOAuthClient`, but of any shape: what is wrong with it is a failure, nothing throws
 */
export function checkM2mOAuthClient(inputs: unknown, options: CheckOptions = {}): Failure[] {
  return failures(...read("m2m", inputs, options));
}

/**
 * Advice on a SPA OAuth client's inputs: what is not wrong, but worth a reviewer's eye. What an `allow` entry exempts
 * carries its reason as `exemption`. Under the production policy the dangerous ones that nothing exempts are failures of
 * `checkSpaOAuthClient` and not found here. URLs that break a rule, or are not known yet, get no advice.
 */
export function adviseSpaOAuthClient(inputs: unknown, options?: CheckOptions): Finding[] {
  const { advice, exempted } = reviewOAuthClient("spa", inputs, options);
  return [...advice, ...exempted];
}

/** Advice on an M2M OAuth client's inputs: only an exemption that exempts nothing. */
export function adviseM2mOAuthClient(inputs: unknown, options?: CheckOptions): Finding[] {
  const { advice, exempted } = reviewOAuthClient("m2m", inputs, options);
  return [...advice, ...exempted];
}

function read(kind: ClientKind, inputs: unknown, options: CheckOptions): [reading: ClientReading, policy: Policy] {
  const reading = readClient(kind, inputs, options.isUnknown ?? isUnknownMark);
  return [reading, effectivePolicy(reading.policy, options.policy)];
}

function reviewReading(reading: ClientReading, policy: Policy): Review {
  return applyPolicy(reading, findAdvice(reading), policy, isDangerous);
}

/** Only the production policy makes failures of findings. */
function failures(reading: ClientReading, policy: Policy): Failure[] {
  return policy === "production" ? reviewReading(reading, policy).failures : reading.failures;
}
