import { type Exemptions, exemptionOf, unusedExemptions } from "./exemptions.ts";
import type { Failure, Finding } from "./failure.ts";
import type { Review } from "./kind.ts";
import type { Rule } from "./rule.ts";
import { quote } from "./url/quote.ts";

/** `"production"` refuses what `"standard"` only advises against. See docs/rules.md. */
export type Policy = "standard" | "production";

/** Whether a value is a policy. */
export const isPolicy = (value: unknown): value is Policy => value === "standard" || value === "production";

/**
 * The policy that holds for a resource: its own, else that of its surroundings, else `"standard"`.
 *
 * @param own as declared; a value that is not a policy, or not known yet, leaves it to the surroundings
 */
export function effectivePolicy(own: unknown, surrounding: Policy | undefined): Policy {
  return isPolicy(own) ? own : (surrounding ?? "standard");
}

/** What reading a resource's inputs yields that the policy needs. */
export interface PolicyReading {
  failures: Failure[];
  exemptions: Exemptions;
  /** Everything that advice is about is known and good, so an exemption that nothing used is unused. */
  settled: boolean;
}

/**
 * Sorts findings by what becomes of them: exempted, refused by the production policy, or advice.
 *
 * @param isDangerous whether the production policy refuses a finding
 */
export function applyPolicy(
  { failures, exemptions, settled }: PolicyReading,
  findings: readonly Finding[],
  policy: Policy,
  isDangerous: (finding: Finding) => boolean,
): Review {
  const review: Review = { failures: [...failures], advice: [], exempted: [] };
  const used = new Set<string>();
  for (const finding of findings) {
    const exemption = exemptionOf(exemptions, finding);
    if (exemption) used.add(exemption.property);
    if (exemption?.reason !== undefined) review.exempted.push({ ...finding, exemption: exemption.reason });
    else if (policy === "production" && isDangerous(finding) && !exemption && !exemptions.undecided) {
      review.failures.push(refused(finding));
    } else review.advice.push(finding);
  }
  if (settled) review.advice.push(...unusedExemptions(exemptions, used));
  return review;
}

/** Whether the production policy refuses a finding, as a table of rules says. */
export function isDangerousIn(rules: readonly Rule[], { rule }: Finding): boolean {
  return rules.some(({ id, dangerous }) => id === rule && dangerous === true);
}

function refused({ property, reason, rule, url }: Finding): Failure {
  const about = url === undefined ? "" : ` for ${quote(url)}`;
  const policy = `The production policy refuses this unless "allow" exempts rule ${quote(rule)}${about}, with a reason.`;
  return { property, rule, reason: `${reason} ${policy}` };
}
