import { readFile } from "node:fs/promises";
import { basename, isAbsolute, relative, sep } from "node:path";
import { type ManifestVersion, reportBetween } from "../sdk/report/manifest-report.ts";
import { readEnvironment } from "./environment.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { type OutputOptions, outputProblem, writeReport } from "./report-output.ts";

export interface ReportOptions extends OutputOptions {
  /** Unset with `diff`: all environments. */
  env?: string[];
  var?: Record<string, string>;
  /** The older and the newer version of the manifest. */
  diff?: string[];
}

/** Says what a change would do, for people and for machines. */
export async function report(_file: string, options: ReportOptions): Promise<ExitCode> {
  const problem = outputProblem(options) ?? sourceProblem(options);
  if (problem !== undefined) return refuse(problem);
  return reportDiff(options.diff ?? [], options);
}

function sourceProblem({ diff, env }: ReportOptions): string | undefined {
  if (diff === undefined && env === undefined)
    return "give --env for a live preview, or --diff OLD NEW for two versions of the manifest";
  if (diff !== undefined && diff.length !== 2)
    return "--diff takes two files, the older and the newer version of the manifest";
  return undefined;
}

async function reportDiff([older = "", newer = ""]: string[], options: ReportOptions): Promise<ExitCode> {
  const variables = { ...readEnvironment().variables, ...options.var };
  const versions: ManifestVersion[] = [];
  for (const file of [older, newer]) {
    try {
      versions.push({ file: placeName(file), text: await readFile(file, "utf8") });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return refuse(
        `${file}: ${code === "ENOENT" ? "there is no such file; an empty one stands for none" : `cannot be read: ${code}`}`,
      );
    }
  }
  const [olds, news] = versions as [ManifestVersion, ManifestVersion];
  return writeReport(
    reportBetween(olds, news, { variables, ...(options.env && { environments: options.env }) }),
    options,
  );
}

/** A file as reports name it: never by the path of a machine. */
function placeName(file: string): string {
  if (!isAbsolute(file)) return file.split(sep).join("/");
  const inside = relative(process.cwd(), file);
  return inside.startsWith("..") || isAbsolute(inside) ? basename(file) : inside.split(sep).join("/");
}

function refuse(problem: string): ExitCode {
  process.stderr.write(`report: ${problem}\n`);
  return EXIT.invalid;
}
