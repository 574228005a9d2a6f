import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { newAdvice } from "../../change/change.ts";
import { isAlarming } from "../../change/exposure.ts";
import { renderHtml } from "../../report/html.ts";
import { renderJson } from "../../report/json.ts";
import { renderJunit } from "../../report/junit.ts";
import { type ManifestVersion, reportBetween } from "../../report/manifest-report.ts";
import { renderMarkdown } from "../../report/markdown.ts";
import type { Report } from "../../report/report.ts";
import { renderSarif } from "../../report/sarif.ts";

interface Case {
  name: string;
  /** Laid over the base: null takes a member away. Unset: the base. */
  old?: object;
  new: object;
  /** `Pulumi.prod.yaml`. */
  oldSettings?: string;
  newSettings?: string;
  /** `Pulumi.yaml`. */
  oldProject?: string;
  newProject?: string;
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

interface Settings {
  stack?: string | undefined;
  project?: string | undefined;
}

function version(file: string, manifest: unknown, { stack, project }: Settings): ManifestVersion {
  return {
    file: `${file}/clients.yaml`,
    text: stringify(manifest),
    stackSettings: stack === undefined ? {} : { prod: { file: `${file}/Pulumi.prod.yaml`, text: stack } },
    ...(project !== undefined && { projectSettings: { file: `${file}/Pulumi.yaml`, text: project } }),
  };
}

const FORMATS = [renderMarkdown, renderHtml, renderJson, renderSarif, renderJunit];

/** Secrets wherever a manifest and the settings can hold one. Some of it breaks a rule: refused values are told too. */
function withSecrets(manifest: unknown, sign: string): unknown {
  const text = stringify(manifest).replaceAll(
    /(?<![\w=])https?:\/\/(?=[\w*[])/g,
    `$&planted-user-${sign}:planted-word-${sign}@`,
  );
  const planted = parse(text);
  for (const client of Object.values<Record<string, unknown>>(planted.clients ?? {})) {
    client.rotationTrigger = `planted-trigger-${sign}`;
  }
  for (const environment of Object.values<Record<string, unknown>>(planted.environments ?? {})) {
    environment.backend = `postgres://u:\${STATE_WORD}@${sign}.example.com/states?sslpassword=\${STATE_WORD}`;
  }
  return planted;
}

const secretSettings = (text: string | undefined, sign: string) =>
  `${text ?? ""}\nencryptedkey: planted-key-${sign}\nencryptionsalt: planted-salt-${sign}\n`;

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

  test.each(cases)("$name", (one) => {
    const { verdict, findings, says = [] } = one;
    const report = reportBetween(
      version("base", merged(base, one.old ?? {}), { stack: one.oldSettings, project: one.oldProject }),
      version("head", merged(base, one.new), { stack: one.newSettings, project: one.newProject }),
    );
    expect({ verdict: report.verdict, findings: findingsOf(report) }).toEqual({ verdict, findings });
    const text = renderMarkdown(report);
    for (const said of says) expect(text).toContain(said);
  });

  test.each(cases)("$name: no format holds a planted secret", (one) => {
    const report = reportBetween(
      version("base", withSecrets(merged(base, one.old ?? {}), "old"), {
        stack: secretSettings(one.oldSettings, "old"),
        project: one.oldProject,
      }),
      version("head", withSecrets(merged(base, one.new), "new"), {
        stack: secretSettings(one.newSettings, "new"),
        project: one.newProject,
      }),
      { variables: { STATE_WORD: "planted-db" }, environmentVariables: { GH_PAT: "planted-pat" } },
    );
    for (const render of FORMATS) {
      const text = render(report);
      // What breaks the rules of the file is not compared.
      if (report.failures.length === 0) expect(text).toContain("state-moved");
      expect(text).not.toContain("planted-");
    }
  });
});

test("there are at least 60 cases", () => {
  const count = files.reduce(
    (sum, file) => sum + (parse(readFileSync(new URL(file, FOLDER), "utf8")) as { cases: Case[] }).cases.length,
    0,
  );
  expect(count).toBeGreaterThanOrEqual(60);
});
