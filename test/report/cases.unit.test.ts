import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { newAdvice } from "../../change/change.ts";
import { isAlarming } from "../../change/exposure.ts";
import { reportBetween } from "../../report/manifest-report.ts";
import { renderMarkdown } from "../../report/markdown.ts";
import type { Report } from "../../report/report.ts";

interface Case {
  name: string;
  /** Laid over the base: null takes a member away. Unset: the base. */
  old?: object;
  new: object;
  /** `Pulumi.prod.yaml`. */
  oldSettings?: string;
  newSettings?: string;
  verdict: string;
  /** Rules of exposures, failures and advice that the change brings, sorted. */
  findings: string[];
  /** Texts that the Markdown holds. */
  says?: string[];
}

const FOLDER = new URL("./cases/", import.meta.url);

/** RFC 7386. */
function merged(base: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const result: Record<string, unknown> = isMap(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function version(file: string, base: unknown, patch: object = {}, settings?: string) {
  const stackSettings = settings === undefined ? {} : { prod: { file: `${file}/Pulumi.prod.yaml`, text: settings } };
  return { file: `${file}/clients.yaml`, text: stringify(merged(base, patch)), stackSettings };
}

function findingsOf({ changes, failures, exposures }: Report): string[] {
  const found = [
    ...failures,
    ...exposures.filter(isAlarming),
    ...changes.flatMap((change) => [...change.exposures.filter(isAlarming), ...change.failures, ...newAdvice(change)]),
  ];
  return [...new Set(found.map(({ rule }) => rule))].sort();
}

const files = readdirSync(FOLDER).sort();

describe.each(files)("%s", (file) => {
  const { base, cases } = parse(readFileSync(new URL(file, FOLDER), "utf8")) as { base: unknown; cases: Case[] };

  test.each(cases)("$name", ({ old, new: next, oldSettings, newSettings, verdict, findings, says = [] }) => {
    const report = reportBetween(version("base", base, old, oldSettings), version("head", base, next, newSettings));
    expect({ verdict: report.verdict, findings: findingsOf(report) }).toEqual({ verdict, findings });
    const text = renderMarkdown(report);
    for (const said of says) expect(text).toContain(said);
  });
});

test("there are at least 60 cases", () => {
  const count = files.reduce(
    (sum, file) => sum + (parse(readFileSync(new URL(file, FOLDER), "utf8")) as { cases: Case[] }).cases.length,
    0,
  );
  expect(count).toBeGreaterThanOrEqual(60);
});
