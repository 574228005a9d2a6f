import { type Change, exposes, type LocatedFailure, locksOut, newAdvice, sortChanges } from "../change/change.ts";
import { type EnvironmentExposure, type Exposure, isAlarming } from "../change/exposure.ts";
import { type ChangeCounts, countChanges } from "../change/tally.ts";
import { EXPOSURES } from "../kinds/index.ts";
import { registrableDomain } from "../kinds/url/public-suffix.ts";
import { type KnownDomains, lookAlike, prepareKnown } from "./look-alike.ts";

/** Where the changes come from: a preview by the engine, two manifests, or a refresh. */
type ReportSource = "preview" | "diff" | "drift";

/** A failure of a manifest that belongs to no client of the report, e.g. an unknown key. */
export interface ManifestFailure extends LocatedFailure {
  /** The environments it applies to, if not to all. */
  environments?: string[];
}

/** An environment that could not be checked, so its changes are unknown. */
export interface UnknownEnvironment {
  environment: string;
  /** One sentence. */
  reason: string;
}

/** The data that every format shows. Plain data without clock, machine or secret: the same inputs give the same report. */
export interface Report {
  source: ReportSource;
  /** In the order they were asked for. */
  environments: string[];
  verdict: Verdict;
  summary: Summary;
  /** Sorted: environments as above, intent before drift, what is most dangerous first, then by name. */
  changes: Change[];
  /** Of environments as a whole; those of clients are listed with their changes. */
  exposures: EnvironmentExposure[];
  failures: ManifestFailure[];
  /** In the order of the environments. */
  unknown: UnknownEnvironment[];
  /** What a reader must know besides, one sentence each. */
  notes: string[];
  /** The file that declares the clients, as given; absent without a manifest. */
  manifest?: string;
}

/** What a report is made from. */
export interface ReportParts {
  source: ReportSource;
  environments: readonly string[];
  changes: readonly Change[];
  /** Of environments as a whole. Unset: none. */
  exposures?: readonly EnvironmentExposure[];
  /** Domains that the older version trusts, to compare new hosts with. Unset: none. */
  trustedDomains?: readonly string[];
  /** Unset: none. */
  failures?: readonly ManifestFailure[];
  /** Unset: every environment was looked at. */
  unknown?: readonly UnknownEnvironment[];
  /** Unset: none. */
  notes?: readonly string[];
  manifest?: string | undefined;
}

/** From the worst to the best; a report has the worst that is in it. */
export const VERDICT_ORDER = [
  "invalid",
  "destructive",
  "exposure",
  "incomplete",
  "advice",
  "changes",
  "nothing",
] as const;

/**
 * The worst thing in a report: `invalid` - CARTO or the production policy would refuse it; `destructive` - users are locked out;
 * `exposure` - someone gains access, a control is removed, or credentials or the state go elsewhere; `incomplete` - an environment
 * could not be looked at, so that worse may be there; `advice` - the change brings something a reviewer should look at; `changes` - none
 * of these; `nothing` - no change at all.
 */
export type Verdict = (typeof VERDICT_ORDER)[number];

/** Clients by what happens to them, and what the rules say. */
export interface Summary extends ChangeCounts {
  /** Of the replaced ones, by a changed `rotationTrigger`. */
  rotate: number;
  failures: number;
  /** Those under trusted domains are not counted. */
  exposures: number;
  /** That the change brings; without the exempted ones. */
  advice: number;
  /** That the change brings, exempted. */
  exempted: number;
  /** Findings that were there before the change, exempted or not. */
  existing: number;
}

/** From which verdict on a pipeline should stop. */
export const FAIL_ON = ["none", "advice", "exposure", "destructive", "any"] as const;

/** One of {@link FAIL_ON}. */
export type FailOn = (typeof FAIL_ON)[number];

/** Puts changes in order, completes their exposures and finds the verdict. */
export function buildReport(parts: ReportParts): Report {
  const { source, environments, exposures = [], failures = [], unknown = [], notes = [], manifest } = parts;
  const names = [...new Set(environments)];
  const changes = sortChanges(withDomains(parts.changes, parts.trustedDomains ?? []), names);
  const summary = summaryOf(changes, exposures, failures.length);
  return {
    source,
    environments: names,
    verdict: verdictOf(changes, summary, unknown.length > 0),
    summary,
    changes,
    exposures: exposures.toSorted((a, b) => names.indexOf(a.environment) - names.indexOf(b.environment)),
    failures: [...failures],
    unknown: unknown.toSorted((a, b) => names.indexOf(a.environment) - names.indexOf(b.environment)),
    notes: [...notes],
    ...(manifest !== undefined && { manifest }),
  };
}

/** Counts the changes of one environment, or of all. */
export function summaryOf(
  changes: readonly Change[],
  exposures: readonly Exposure[] = [],
  manifestFailures = 0,
): Summary {
  const findings = changes.flatMap(({ action, findings }) =>
    findings.map((finding) => ({ ...finding, existing: action === "same" || finding.existing === true })),
  );
  const fresh = findings.filter(({ existing }) => !existing);
  return {
    ...countChanges(changes),
    rotate: changes.filter(({ rotation, drift }) => rotation && !drift).length,
    failures: manifestFailures + changes.reduce((sum, change) => sum + change.failures.length, 0),
    exposures: [...exposures, ...changes.flatMap((change) => change.exposures)].filter(isAlarming).length,
    advice: fresh.filter(({ exemption }) => exemption === undefined).length,
    exempted: fresh.filter(({ exemption }) => exemption !== undefined).length,
    existing: findings.length - fresh.length,
  };
}

/**
 * Whether a pipeline that stops at `failOn` stops at this report. `destructive`: users are locked out; `exposure`: that, or somebody
 * gets in; `advice`: these, or something to look at; `any`: any change or drift; `none`: never. Failures, environments that could not
 * be looked at, and drift that gives someone access stop every pipeline.
 */
export function failsOn(report: Report, failOn: FailOn): boolean {
  if (report.failures.length + report.unknown.length > 0) return true;
  if (report.exposures.some(isAlarming) && failOn !== "none" && failOn !== "destructive") return true;
  return report.changes.some((change) => changeFailsOn(change, failOn));
}

/** The same for one client. */
export function changeFailsOn(change: Change, failOn: FailOn): boolean {
  if (change.failures.length > 0 || (change.drift && exposes(change))) return true;
  if (failOn === "none") return false;
  if (locksOut(change) || (failOn === "any" && change.action !== "same")) return true;
  if (failOn === "destructive") return false;
  return exposes(change) || (failOn === "advice" && newAdvice(change).length > 0);
}

function verdictOf(changes: readonly Change[], summary: Summary, incomplete: boolean): Verdict {
  if (summary.failures > 0) return "invalid";
  if (changes.some(locksOut)) return "destructive";
  if (summary.exposures > 0) return "exposure";
  if (incomplete) return "incomplete";
  if (summary.advice > 0) return "advice";
  return changes.some(({ action }) => action !== "same") ? "changes" : "nothing";
}

/** Says of each new host whether its domain is new to the manifest, and what it looks like. */
function withDomains(changes: readonly Change[], trustedDomains: readonly string[]): Change[] {
  if (!changes.some(({ exposures }) => exposures.some(({ domain }) => domain !== undefined))) return [...changes];
  const hosts = new Set(changes.flatMap(({ hosts }) => hosts.old));
  const known = prepareKnown([...[...hosts].map(registrableDomain), ...trustedDomains]);
  return changes.map((change) => ({
    ...change,
    exposures: change.exposures.flatMap((exposure) => withDomain(exposure, known)),
  }));
}

function withDomain(exposure: Exposure, known: KnownDomains): Exposure[] {
  const { domain, origin, trusted, rule, claim: _, ...place } = exposure;
  if (domain === undefined || origin === undefined) return [exposure];
  const host = origin.replace(/^https?:\/\//, "").replace(/:\d+$/, "");
  const how = trusted || EXPOSURES[rule]?.host !== "recognised" ? undefined : lookAlike(host, domain, known);
  const own = { ...exposure, newDomain: !known.domains.has(domain) };
  return how === undefined
    ? [own]
    : [own, { ...place, rule: "look-alike", reason: `${host} ${how}`, origin, domain, newDomain: true }];
}
