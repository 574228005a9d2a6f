import type { Failure, Finding } from "../failure.ts";
import type { CheckOptions, Review } from "../kind.ts";
import { quote } from "../quote.ts";
import { UNKNOWN } from "../unknown.ts";
import { findAdvice, isDangerous } from "./advice.ts";
import type { ClientKind } from "./oauth-client.ts";
import { type ClientReading, readClient } from "./reading.ts";

/**
 * Judges a client's inputs once: failures, advice and excuses.
 *
 * @param inputs of any shape: what is wrong with it is a failure, nothing throws
 */
export function reviewOAuthClient(kind: ClientKind, inputs: unknown, options: CheckOptions = {}): Review {
  return judge(...read(kind, inputs, options));
}

/**
 * Every rule that the inputs of a SPA OAuth client break, all at once; none: the inputs are good.
 *
 * @param inputs as of `SpaOAuthClient`, but of any shape: what is wrong with it is a failure, nothing throws
 */
export function checkSpaOAuthClient(inputs: unknown, options: CheckOptions = {}): Failure[] {
  return refusals(...read("spa", inputs, options));
}

/**
 * Every rule that the inputs of an M2M OAuth client break, all at once; none: the inputs are good.
 *
 * @param inputs as of `M2mOAuthClient`, but of any shape: what is wrong with it is a failure, nothing throws
 */
export function checkM2mOAuthClient(inputs: unknown, options: CheckOptions = {}): Failure[] {
  return refusals(...read("m2m", inputs, options));
}

/**
 * Advice on a SPA OAuth client's inputs: what is not wrong, but worth a reviewer's eye. What an `allow` entry excuses
 * carries its reason as `excuse`. Under the production policy the dangerous ones that nothing excuses are failures of
 * `checkSpaOAuthClient` and not found here. URLs that break a rule, or are not known yet, get no advice.
 */
export function adviseSpaOAuthClient(inputs: unknown, options?: CheckOptions): Finding[] {
  const { advice, excused } = reviewOAuthClient("spa", inputs, options);
  return [...advice, ...excused];
}

/** Advice on an M2M OAuth client's inputs: only an excuse that excuses nothing. */
export function adviseM2mOAuthClient(inputs: unknown, options?: CheckOptions): Finding[] {
  const { advice, excused } = reviewOAuthClient("m2m", inputs, options);
  return [...advice, ...excused];
}

function read(kind: ClientKind, inputs: unknown, options: CheckOptions): [reading: ClientReading, production: boolean] {
  const reading = readClient(kind, inputs, options.isUnknown ?? ((value) => value === UNKNOWN));
  return [reading, (reading.policy ?? options.policy) === "production"];
}

/** Only the production policy makes failures of findings. */
function refusals(reading: ClientReading, production: boolean): Failure[] {
  return production ? judge(reading, production).failures : reading.failures;
}

function judge(reading: ClientReading, production: boolean): Review {
  const review: Review = { failures: reading.failures, advice: [], excused: [] };
  const used = new Set<string>();
  for (const finding of findAdvice(reading)) {
    const excuse = reading.excuses.entries.find(({ rule, url }) => rule === finding.rule && url === finding.url);
    if (excuse) used.add(excuse.property);
    if (excuse?.reason !== undefined) {
      review.excused.push({ ...finding, excuse: excuse.reason });
    } else if (production && isDangerous(finding) && !excuse && !reading.excuses.undecided) {
      review.failures.push(refuse(finding));
    } else {
      review.advice.push(finding);
    }
  }
  review.advice.push(...unusedExcuses(reading, used));
  return review;
}

function refuse({ property, reason, rule, url }: Finding): Failure {
  const excuse = `The production policy refuses it, unless "allow" excuses rule ${quote(rule)} for ${quote(url)} with a reason.`;
  return { property, rule, reason: `${reason} ${excuse}` };
}

/** While a URL is unknown or faulty, an excuse may yet turn out to be used. */
function unusedExcuses({ excuses, settled }: ClientReading, used: Set<string>): Finding[] {
  if (!settled) return [];
  return excuses.entries
    .filter(({ property }) => !used.has(property))
    .map(({ property, rule, url }) => ({
      property,
      url,
      rule: "unused-excuse",
      reason: `${property} excuses nothing, since ${quote(url)} is no finding of rule ${quote(rule)}: remove it, or write the URL exactly as declared.`,
    }));
}
