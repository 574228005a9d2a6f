import { readdir, readFile, stat } from "node:fs/promises";
import { basename, isAbsolute, join, relative, sep } from "node:path";
import { systemCode } from "../../error/system-code.ts";
import { type ManifestVersion, reportBetween } from "../../report/manifest-report.ts";
import type { StackSettingsFile } from "../../report/stack-settings.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { manifestVariables } from "../context/process-settings.ts";
import { type OutputOptions, outputProblem, writeReport } from "../run/report-output.ts";

/** Options of `report`. */
export interface ReportOptions extends OutputOptions {
  /** Unset with `diff`: all environments. */
  env?: string[];
  var?: Record<string, string>;
  /** The older and the newer version of the manifest. */
  diff?: string[];
  /** What someone changed at CARTO, instead of what `up` would do. */
  drift?: boolean;
  parallel: number;
  /** True: ten minutes; a number: that many seconds. Unset: another run's lock is not waited for. */
  wait?: true | number;
}

/** Reports what a change would do, for people or machines. */
export async function report(file: string, options: ReportOptions): Promise<ExitCode> {
  const { diff, env } = options;
  const problem = outputProblem(options);
  if (problem !== undefined) return invalid(problem);
  if (diff !== undefined && options.drift)
    return invalid("--drift reads from CARTO, and --diff compares files only: use one of them");
  if (diff !== undefined) return diff.length === 2 ? reportDiff(diff, basename(file), options) : invalid(TWO_FILES);
  return env === undefined ? invalid(NO_SOURCE) : reportEnvironments(file, env, options);
}

const TWO_FILES =
  "--diff takes the older and the newer version of the manifest: two files, or the two directories they are in";
const NO_SOURCE = "give --env for a live preview, or --diff OLD NEW for two versions of the manifest";

async function reportEnvironments(file: string, env: string[], options: ReportOptions): Promise<ExitCode> {
  // The engine's libraries take long to load, and --diff does without.
  const { reportLive } = await import("../run/report-live.ts");
  const waitSeconds = options.wait === true ? 600 : (options.wait ?? 0);
  const { report, problems } = await reportLive(file, { ...options, env, waitSeconds, place: placeName(file) });
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const exitCode = await writeReport(report, options);
  return problems.length > 0 ? EXIT.failed : exitCode;
}

async function reportDiff([older = "", newer = ""]: string[], name: string, options: ReportOptions): Promise<ExitCode> {
  const versions: ManifestVersion[] = [];
  for (const path of [older, newer]) {
    try {
      versions.push(await readVersion(path, name));
    } catch (error) {
      const code = systemCode(error);
      return invalid(
        `${path}: ${code === "ENOENT" ? "does not exist; an empty file means no manifest" : `cannot be read: ${code}`}`,
      );
    }
  }
  const [olds, news] = versions as [ManifestVersion, ManifestVersion];
  return writeReport(
    reportBetween(olds, news, { ...manifestVariables(options), ...(options.env && { environments: options.env }) }),
    options,
  );
}

/** A manifest; of a directory also the settings of its stacks. Without a manifest in it, a directory has no clients. */
async function readVersion(path: string, name: string): Promise<ManifestVersion> {
  if (!(await stat(path)).isDirectory()) return { file: placeName(path), text: await readFile(path, "utf8") };
  const names = await readdir(path);
  const settings = names.flatMap((file) => {
    const stack = /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1];
    return stack === undefined ? [] : [{ stack, file: join(path, file) }];
  });
  const stackSettings = await Promise.all(settings.map(async ({ stack, file }) => [stack, await readSettings(file)]));
  const file = join(path, name);
  const project = names.find((one) => /^Pulumi\.ya?ml$/.test(one));
  return {
    ...(project !== undefined && { projectSettings: await readSettings(join(path, project)) }),
    file: placeName(file),
    text: names.includes(name) ? await readFile(file, "utf8") : "",
    stackSettings: Object.fromEntries(stackSettings),
  };
}

async function readSettings(file: string): Promise<StackSettingsFile> {
  return { file: placeName(file), text: await readFile(file, "utf8") };
}

/** A file as reports name it: never by the path of a machine. */
function placeName(file: string): string {
  if (!isAbsolute(file)) return file.split(sep).join("/");
  const inside = relative(process.cwd(), file);
  return inside.startsWith("..") || isAbsolute(inside) ? basename(file) : inside.split(sep).join("/");
}

function invalid(problem: string): ExitCode {
  process.stderr.write(`report: ${problem}\n`);
  return EXIT.invalid;
}
