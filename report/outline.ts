import { type Change, exposes, locksOut } from "../change/change.ts";
import { type Entry, entryOf, failureLine } from "./entry.ts";
import { gettingIn, type Headline, leaving, lockedOut } from "./headlines.ts";
import { type Line, line, sentence, value } from "./line.ts";
import { type Report, type Summary, summaryOf, type Verdict } from "./report.ts";
import {
  environmentText,
  findingsText,
  isRefusedWhole,
  plural,
  REFUSED_CLIENTS,
  titleText,
  verdictText,
} from "./wording.ts";

/** A report as readers see it: sections and lines. Markdown, HTML and the terminal only draw it. */
export interface Outline {
  title: string;
  verdict: Verdict;
  verdictText: string;
  /** E.g. `1 failure, 2 exposures`; empty: none. */
  findings: string;
  /** Environments that could not be checked, then notes. */
  notes: Line[];
  /** Empty where there is one environment only. */
  environments: { name: string; clients: string; rules: string }[];
  /** What every reader must see, before any detail and before any cut. */
  headlines: Headline[];
  /** Failures of the manifest as a whole. */
  failures: Line[];
  sections: Section[];
  foot: Line[];
}

/** Clients, the most dangerous first. */
export interface Section {
  heading: string;
  entries: Entry[];
}

/** Lays a report out. */
export function outlineOf(report: Report): Outline {
  const intended = report.changes.filter(({ drift }) => !drift);
  const isShown = (change: Change) => change.action !== "same" || change.failures.length > 0 || exposes(change);
  const isRefused = (change: Change) => change.failures.length > 0 && !locksOut(change);
  const sections: [string, Change[]][] = [
    [REFUSED_CLIENTS, intended.filter(isRefused)],
    ["Changes", intended.filter((change) => isShown(change) && !isRefused(change))],
    ["Drift: changed at CARTO, not in the declaration", report.changes.filter(({ drift }) => drift)],
  ];
  return {
    title: titleText(report),
    verdict: report.verdict,
    verdictText: verdictText(report),
    findings: findingsText(report.summary),
    notes: [
      ...report.unknown.map(
        ({ environment, reason }) =>
          line("failure")`Not known: what changes in ${value(environment)}. ${sentence(reason)}`,
      ),
      ...report.notes.map((note) => line("plain")`${sentence(note)}`),
    ],
    environments: environmentRows(report),
    headlines: [...lockedOut(report), ...leaving(report), ...gettingIn(report)],
    failures: report.failures.map(failureLine),
    sections: sections
      .filter(([, changes]) => changes.length > 0)
      .map(([heading, changes]) => ({ heading, entries: grouped(changes) })),
    foot: footOf(report.summary),
  };
}

function environmentRows(report: Report): Outline["environments"] {
  if (report.environments.length < 2 || isRefusedWhole(report)) return [];
  return report.environments.map((name) => {
    const summary = summaryOf(
      report.changes.filter(({ environment }) => environment === name),
      report.exposures.filter(({ environment }) => environment === name),
    );
    return { name, clients: environmentText(report, name, summary), rules: findingsText(summary) };
  });
}

function footOf({ same, existing }: Summary): Line[] {
  if (same === 0) return [];
  const findings =
    existing === 0 ? "" : ` ${existing} ${plural(existing, "finding was", "findings were")} there before.`;
  return [
    line(
      "quiet",
    )`${{ words: `${same} ${plural(same, "client stays as it is", "clients stay as they are")}.${findings}` }}`,
  ];
}

/** Clients whose change is the same in every word become one entry, in the place of the first. */
function grouped(changes: readonly Change[]): Entry[] {
  const groups = new Map<string, [Change, ...Change[]]>();
  for (const change of changes) {
    const key = contentOf(change);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [change]);
    else group.push(change);
  }
  return [...groups.values()].map((group) => entryOf(group, "future"));
}

/** All of a change that a reader sees, without name, environment, ID and place. */
function contentOf(change: Change): string {
  const { environment, client, clientId, newClientId, location, oldLocation, hosts, action, ...content } = change;
  // What is created or deleted is a thing of its own.
  if (action !== "update") return JSON.stringify([environment, client, clientId ?? "", change.kind, change.drift]);
  const { name } = content;
  const known = name.old === name.new ? { ...content, name: {} } : content;
  return JSON.stringify({ ...known, urls: content.urls.map(({ kept, ...rest }) => rest) }, (key, part) =>
    key === "location" ? undefined : part,
  );
}
