import { type Change, type LocatedFailure, locksOut, sortChanges } from "../change/change.ts";

/** Where the changes come from: a preview by the engine, two manifests, or a refresh. */
type ReportSource = "preview" | "diff" | "drift";

/** A failure of a manifest that belongs to no client of the report, e.g. an unknown key. */
export interface ManifestFailure extends LocatedFailure {
  /** The environments it holds in, where it holds in some only. */
  environments?: string[];
}

/** An environment that could not be looked at, so that nobody knows what changes there. */
export interface UnknownEnvironment {
  environment: string;
  /** One sentence. */
  reason: string;
}

/** What every format shows. Plain data without clock, machine or secret: the same inputs give the same report. */
export interface Report {
  source: ReportSource;
  /** In the order they were asked for. */
  environments: string[];
  verdict: Verdict;
  tally: Tally;
  /** Sorted: environments as above, intent before drift, what locks users out first, then by name. */
  changes: Change[];
  failures: ManifestFailure[];
  /** In the order of the environments. */
  unknown: UnknownEnvironment[];
  /** What a reader must know besides, one sentence each. */
  notes: string[];
  /** The file that declares the clients, as given; absent without a manifest. */
  manifest?: string;
}

export interface ReportParts {
  source: ReportSource;
  environments: readonly string[];
  changes: readonly Change[];
  /** Unset: none. */
  failures?: readonly ManifestFailure[];
  /** Unset: every environment was looked at. */
  unknown?: readonly UnknownEnvironment[];
  /** Unset: none. */
  notes?: readonly string[];
  manifest?: string | undefined;
}

/**
 * The worst thing in a report: `invalid` - CARTO or the production policy would refuse it; `destructive` - users are locked
 * out; `incomplete` - an environment could not be looked at, so that worse may be there; `advice` - something a reviewer should look at; `changes` - nothing of these; `nothing` - no change at all.
 */
export type Verdict = "invalid" | "destructive" | "incomplete" | "advice" | "changes" | "nothing";

/** Clients by what happens to them, and what the rules say. Rotations are counted in `replaced` too. */
export interface Tally {
  deleted: number;
  replaced: number;
  rotated: number;
  updated: number;
  created: number;
  unchanged: number;
  /** Clients changed or deleted at CARTO; in none of the numbers above. */
  drifted: number;
  failures: number;
  /** Of clients that change; without the excused ones. */
  advice: number;
  /** Of clients that change. */
  excused: number;
  /** Findings of clients that stay as they are, excused or not. */
  unchangedFindings: number;
}

/** From which verdict on a pipeline should stop. */
export const FAIL_ON = ["none", "advice", "destructive", "any"] as const;

export type FailOn = (typeof FAIL_ON)[number];

/** Puts changes in order and judges them. */
export function buildReport({
  source,
  environments,
  changes,
  failures = [],
  unknown = [],
  notes = [],
  manifest,
}: ReportParts): Report {
  const names = [...new Set(environments)];
  const sorted = sortChanges(changes, names);
  const tally = tallyOf(sorted, failures.length);
  return {
    source,
    environments: names,
    verdict: verdictOf(sorted, tally, unknown.length > 0),
    tally,
    changes: sorted,
    failures: [...failures],
    unknown: unknown.toSorted((a, b) => names.indexOf(a.environment) - names.indexOf(b.environment)),
    notes: [...notes],
    ...(manifest !== undefined && { manifest }),
  };
}

/** Counts the changes of one environment, or of all. */
export function tallyOf(changes: readonly Change[], manifestFailures = 0): Tally {
  const intended = changes.filter(({ drift }) => !drift);
  const count = (action: Change["action"]) => intended.filter((change) => change.action === action).length;
  const findings = changes.filter(({ action }) => action !== "same").flatMap((change) => change.findings);
  return {
    deleted: count("delete"),
    replaced: count("replace"),
    rotated: intended.filter(({ rotation }) => rotation).length,
    updated: count("update"),
    created: count("create"),
    unchanged: count("same"),
    drifted: changes.length - intended.length,
    failures: manifestFailures + changes.reduce((sum, change) => sum + change.failures.length, 0),
    advice: findings.filter(({ excuse }) => excuse === undefined).length,
    excused: findings.filter(({ excuse }) => excuse !== undefined).length,
    unchangedFindings: changes.reduce(
      (sum, change) => sum + (change.action === "same" ? change.findings.length : 0),
      0,
    ),
  };
}

/**
 * Whether a pipeline that stops at `failOn` stops at this report. `destructive`: users are locked out; `advice`: that, or
 * something to look at; `any`: any change or drift; `none`: never. Failures, and environments that could not be
 * looked at, stop every one of them.
 */
export function failsOn(report: Report, failOn: FailOn): boolean {
  if (report.failures.length + report.unknown.length > 0) return true;
  return report.changes.some((change) => changeFailsOn(change, failOn));
}

/** The same for one client. */
export function changeFailsOn(change: Change, failOn: FailOn): boolean {
  if (change.failures.length > 0) return true;
  if (failOn === "none" || change.action === "same") return false;
  if (locksOut(change) || failOn === "any") return true;
  return failOn === "advice" && change.findings.some(({ excuse }) => excuse === undefined);
}

function verdictOf(changes: readonly Change[], tally: Tally, incomplete: boolean): Verdict {
  if (tally.failures > 0) return "invalid";
  if (changes.some(locksOut)) return "destructive";
  if (incomplete) return "incomplete";
  if (tally.advice > 0) return "advice";
  return changes.some(({ action }) => action !== "same") ? "changes" : "nothing";
}
