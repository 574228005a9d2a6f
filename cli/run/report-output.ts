import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, extname } from "node:path";
import { visible } from "../../kinds/visible-text.ts";
import { formatFailure } from "../../manifest/failure.ts";
import { renderHtml } from "../../report/html.ts";
import { renderJson } from "../../report/json.ts";
import { renderJunit } from "../../report/junit.ts";
import { renderMarkdown } from "../../report/markdown.ts";
import { type FailOn, failsOn, type ManifestFailure, type Report } from "../../report/report.ts";
import { renderSarif } from "../../report/sarif.ts";
import { titleText } from "../../report/wording.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";

type Format = "markdown" | "html" | "json" | "sarif" | "junit";

/** Where a report is written, and in which formats. */
export interface OutputOptions {
  /** Unset: by the extension of each output, `markdown` on stdout. */
  format?: Format;
  /** Unset: stdout. */
  output?: string[];
  failOn: FailOn;
  rulesUrl?: string;
}

const EXTENSIONS: Record<string, Format> = {
  ".md": "markdown",
  ".html": "html",
  ".json": "json",
  ".sarif": "sarif",
  ".xml": "junit",
};

/** Why the report cannot be written as requested; undefined if it can. Checked before anything is run. */
export function outputProblem({ format, output = [] }: OutputOptions): string | undefined {
  if (format !== undefined && output.length > 1)
    return "--format is for one --output: leave it out, and each file gets the format of its extension";
  const strange = format === undefined ? output.find((file) => !(extname(file) in EXTENSIONS)) : undefined;
  return (
    strange &&
    `${strange}: no format has the extension "${extname(strange)}": write ${Object.keys(EXTENSIONS).join(", ")}, or give --format`
  );
}

/** Writes a report as asked for, and says whether a pipeline may go on. */
export async function writeReport(report: Report, options: OutputOptions): Promise<ExitCode> {
  const { format, output = [], failOn } = options;
  for (const file of output) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, render(report, format ?? EXTENSIONS[extname(file)] ?? "markdown", options));
  }
  if (output.length === 0) process.stdout.write(render(report, format ?? "markdown", options));
  else process.stderr.write(`${failureLines(report)}${titleText(report)} -> ${output.join(", ")}\n`);
  if (report.summary.failures > 0) return EXIT.invalid;
  return failsOn(report, failOn) ? EXIT.changes : EXIT.done;
}

/** As `check` prints them: who looks at the log only must see why the report was refused. */
function failureLines({ failures, changes, manifest = "manifest" }: Report): string {
  const all: ManifestFailure[] = [
    ...failures,
    ...changes.flatMap(({ client, environment, failures }) =>
      failures.map((failure) => ({
        ...failure,
        property: ["clients", client, failure.property].filter(Boolean).join("."),
        environments: [environment],
      })),
    ),
  ];
  return all
    .map(({ property, location = { file: manifest, line: 1, column: 1 }, ...failure }) =>
      visible(formatFailure({ ...failure, ...location, path: property })),
    )
    .map((line) => `${line}\n`)
    .join("");
}

function render(report: Report, format: Format, { output = [], failOn, rulesUrl }: OutputOptions): string {
  const rules = rulesUrl === undefined ? {} : { rulesUrl };
  // A comment that is cut points to a file that is whole.
  const whole = output.find((file) => extname(file) === ".html") ?? output.find((file) => extname(file) === ".json");
  const formats: Record<Format, () => string> = {
    markdown: () => renderMarkdown(report, { ...rules, ...(whole !== undefined && { fullReport: basename(whole) }) }),
    html: () => renderHtml(report, rules),
    json: () => renderJson(report),
    sarif: () => renderSarif(report, rules),
    junit: () => renderJunit(report, { failOn }),
  };
  return formats[format]();
}
