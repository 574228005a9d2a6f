import type { Change } from "../change/change.ts";
import { type EnvironmentExposure, isAlarming } from "../change/exposure.ts";
import { visible } from "../kinds/visible-text.ts";
import { entryOf } from "./entry.ts";
import { plainText } from "./line.ts";
import { changeFailsOn, type FailOn, type ManifestFailure, type Report, type UnknownEnvironment } from "./report.ts";
import { verdictText } from "./wording.ts";

/** What a JUnit report takes besides the report. */
export interface JunitOptions {
  /** `advice`: clients with advice are failed tests too. Otherwise only failures, exposures and lockouts are. */
  failOn?: FailOn;
}

interface TestCase {
  name: string;
  outcome: "passed" | "failed" | "error";
  lines: string[];
}

/** The report as JUnit tests: a suite per environment, a test per client, one more suite for failures of the manifest as a whole. */
export function renderJunit(report: Report, { failOn = "none" }: JunitOptions = {}): string {
  const suites = report.environments.map((environment): [string, TestCase[]] => [
    environment,
    [
      ...report.unknown.filter((one) => one.environment === environment).map(unknownTest),
      ...environmentTests(report.exposures.filter((one) => one.environment === environment)),
      ...report.changes.filter((change) => change.environment === environment).map((change) => testOf(change, failOn)),
    ],
  ]);
  if (report.failures.length > 0) {
    const tests = report.failures.map(
      (failure): TestCase => ({ name: failure.property || "file", outcome: "failed", lines: [failureText(failure)] }),
    );
    suites.unshift([report.manifest ?? "manifest", tests]);
  }
  const body = suites.map(
    ([name, tests]) =>
      `  <testsuite name="${xml(name)}" ${counts(tests)}>\n${tests.map((test) => testcase(name, test)).join("")}  </testsuite>\n`,
  );
  const all = counts(suites.flatMap(([, tests]) => tests));
  const properties = `  <properties>\n    <property name="verdict" value="${report.verdict}"/>\n    <property name="says" value="${xml(verdictText(report))}"/>\n  </properties>\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="pulumi-carto report" ${all}>\n${properties}${body.join("")}</testsuites>\n`;
}

function unknownTest({ reason }: UnknownEnvironment): TestCase {
  return { name: "could be looked at", outcome: "error", lines: [`Not known what changes: ${reason}`] };
}

function environmentTests(exposures: readonly EnvironmentExposure[]): TestCase[] {
  if (exposures.length === 0) return [];
  const lines = exposures.map(({ rule, reason }) => `Exposure ${rule}: ${reason}`);
  return [{ name: "environment", outcome: exposures.some(isAlarming) ? "failed" : "passed", lines }];
}

/** A deletion or an exposure always fails, and a plain update never does, whatever the pipeline stops at. */
function testOf(change: Change, failOn: FailOn): TestCase {
  const { action, lines } = entryOf([change], "future");
  const told = lines.map(plainText);
  return {
    name: `${change.client} (${change.kind}${change.drift ? ", drift" : ""})`,
    outcome: changeFailsOn(change, failOn === "advice" ? "advice" : "exposure") ? "failed" : "passed",
    // The first line is all that many pipelines show.
    lines: change.action === "same" ? told : [`${action}${told.length > 0 ? `: ${told[0]}` : ""}`, ...told.slice(1)],
  };
}

function failureText({ rule, property, reason, location }: ManifestFailure): string {
  const place = location ? `${location.file}:${location.line}:${location.column} ` : "";
  return `${place}${rule} ${property}: ${reason}`;
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
