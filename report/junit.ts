import type { Change, LocatedFailure, LocatedFinding } from "../change/change.ts";
import { lostReachSentence } from "../change/reach.ts";
import { visible } from "../kinds/visible-text.ts";
import { changeFailsOn, type FailOn, type Report, type UnknownEnvironment } from "./report.ts";
import { actionText, lossText } from "./wording.ts";

export interface JunitOptions {
  /** What makes a client a failed test, as for the exit code. Default `none`: failures only. */
  failOn?: FailOn;
}

interface TestCase {
  name: string;
  outcome: "passed" | "failed" | "error";
  lines: string[];
}

/** The report as tests: a suite per environment, a test per client, one more suite for failures of the manifest as a whole. */
export function renderJunit(report: Report, { failOn = "none" }: JunitOptions = {}): string {
  const suites = report.environments.map((environment): [string, TestCase[]] => [
    environment,
    [
      ...report.unknown.filter((one) => one.environment === environment).map(unknownTest),
      ...report.changes.filter((change) => change.environment === environment).map((change) => testOf(change, failOn)),
    ],
  ]);
  if (report.failures.length > 0) {
    const tests = report.failures.map(
      (failure): TestCase => ({
        name: failure.property || "file",
        outcome: "failed",
        lines: [line(failure)],
      }),
    );
    suites.unshift([report.manifest ?? "manifest", tests]);
  }
  const body = suites.map(
    ([name, tests]) =>
      `  <testsuite name="${xml(name)}" ${counts(tests)}>\n${tests.map((test) => testcase(name, test)).join("")}  </testsuite>\n`,
  );
  const all = counts(suites.flatMap(([, tests]) => tests));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="pulumi-carto report" ${all}>\n${body.join("")}</testsuites>\n`;
}

function unknownTest({ reason }: UnknownEnvironment): TestCase {
  return { name: "could be looked at", outcome: "error", lines: [`Not known what changes: ${reason}`] };
}

function testOf(change: Change, failOn: FailOn): TestCase {
  const loss = lossText(change, change.clientId);
  const told = change.action === "same" ? [] : [`${actionText(change)}${loss ? `: ${loss}` : ""}`];
  return {
    name: `${change.client} (${change.kind}${change.drift ? ", drift" : ""})`,
    outcome: changeFailsOn(change, failOn) ? "failed" : "passed",
    // The first line is all that many pipelines show.
    lines: [
      ...change.failures.map(line),
      ...told,
      ...change.lostReach.map(lostReachSentence),
      ...change.findings.map(line),
    ],
  };
}

function testcase(suite: string, { name, outcome, lines }: TestCase): string {
  const open = `    <testcase classname="${xml(suite)}" name="${xml(name)}"`;
  if (lines.length === 0) return `${open}/>\n`;
  const text = lines.map((one) => `${xml(one)}\n`).join("");
  const element = outcome === "failed" ? "failure" : outcome;
  const inside =
    outcome === "passed"
      ? `<system-out>${text}</system-out>`
      : `<${element} message="${xml(lines[0] ?? "")}">${text}</${element}>`;
  return `${open}>${inside}</testcase>\n`;
}

function line({ rule, property, reason, location, ...rest }: LocatedFailure & Partial<LocatedFinding>): string {
  const place = location ? `${location.file}:${location.line}:${location.column} ` : "";
  const excuse = rest.excuse === undefined ? "" : ` Excused: ${rest.excuse}`;
  return `${place}${rule} ${property}: ${reason}${excuse}`;
}

function counts(tests: readonly TestCase[]): string {
  const count = (outcome: TestCase["outcome"]) => tests.filter((test) => test.outcome === outcome).length;
  return `tests="${tests.length}" failures="${count("failed")}" errors="${count("error")}"`;
}

/** XML 1.0 has no way to write most control characters, so they are made visible first. */
function xml(text: string): string {
  return visible(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
