import { whoOf } from "../kinds/access.ts";
import type { LocatedFinding } from "./change.ts";
import type { Exposure } from "./exposure.ts";

/** Marks findings that the older version also had, and drops those whose fix would allow more than the change allows. */
export function siftFindings(
  findings: readonly LocatedFinding[],
  olds: readonly LocatedFinding[],
  exposures: readonly Exposure[],
): LocatedFinding[] {
  const key = ({ rule, property, url, exemption }: LocatedFinding) =>
    JSON.stringify([rule, url ?? property, exemption !== undefined]);
  const known = new Set(olds.map(key));
  const newOrigins = new Set(exposures.map(({ origin }) => origin));
  const isNewHost = ({ url }: LocatedFinding) => url !== undefined && newOrigins.has(whoOf(url).value);
  return findings
    .filter((finding) => !(WIDENING.has(finding.rule) && isNewHost(finding)))
    .map((finding) => (known.has(key(finding)) ? { ...finding, existing: true } : finding));
}

/** Advice to allow more: for a host that the change lets in, that would help an attacker. */
const WIDENING: ReadonlySet<string> = new Set(["callback-origin-not-in-web-origins", "login-url-not-in-callbacks"]);
