import { execFile } from "node:child_process";
import { accessSync, constants, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { ProcessSettings } from "./process-settings.ts";
import { compareVersions, formatVersion, OLDEST_ENGINE, parseVersion } from "./version.ts";

/** A Pulumi engine that can run this package's programs. */
export interface Engine {
  /** Directory to put first on `PATH`: holds the CLI and, unless all are on `PATH` already, its companions. */
  bin: string;
  /** Path of the `pulumi` CLI. */
  pulumi: string;
  /** e.g. `3.255.0` */
  version: string;
  /** On `PATH`, found below `PULUMI_HOME`, or just built with Go. */
  origin: "path" | "found" | "built";
}

/** Runs Node programs; without it the engine starts none. */
export const LANGUAGE_HOST = "pulumi-language-nodejs";

/** Starts dynamic providers; a script that `@pulumi/pulumi` ships. */
export const DYNAMIC_PROVIDER = "pulumi-resource-pulumi-nodejs";

/** Directory below `PULUMI_HOME` where the Automation API also looks for an engine of a version. */
export function engineDirectory(settings: ProcessSettings, version: string): string {
  return join(settings.pulumiHome, "versions", version, "bin");
}

/**
 * The first suitable engine: on `PATH`, else the newest below `PULUMI_HOME`. Files are looked for synchronously, so that the CLI is asked
 * at once: its caller loads code meanwhile, which keeps the event loop busy.
 *
 * @returns the engine, or the reason why each candidate was rejected
 */
export async function searchEngine(settings: ProcessSettings): Promise<Engine | string[]> {
  const reasons: string[] = [];
  const onPath = which("pulumi", settings.path);
  if (!onPath) reasons.push("pulumi is not on PATH");
  const placed = namesIn(join(settings.pulumiHome, "versions"))
    .map(parseVersion)
    .filter((version) => version !== undefined)
    .sort((a, b) => compareVersions(b, a))
    .map((version) => engineDirectory(settings, formatVersion(version)));
  for (const bin of [...(onPath ? [dirname(onPath)] : []), ...placed]) {
    const origin = onPath && bin === dirname(onPath) ? "path" : "found";
    const engine = await inspect(bin, origin, settings);
    if (typeof engine !== "string") return engine;
    reasons.push(engine);
  }
  return reasons;
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Whether the directory holds a suitable engine; if not, why. */
export async function inspect(
  bin: string,
  origin: Engine["origin"],
  settings: ProcessSettings,
): Promise<Engine | string> {
  const pulumi = join(bin, "pulumi");
  if (!isExecutable(pulumi)) return `${pulumi} is not executable`;
  for (const companion of [LANGUAGE_HOST, DYNAMIC_PROVIDER]) {
    if (!which(companion, [bin, ...settings.path])) return `${pulumi} has no ${companion} beside it or on PATH`;
  }
  const answer = await askVersion(pulumi, settings);
  const version = parseVersion(answer);
  if (!version) return `${pulumi} does not print its version: ${answer}`;
  if (compareVersions(version, OLDEST_ENGINE) < 0) {
    return `${pulumi} is ${formatVersion(version)}, older than ${formatVersion(OLDEST_ENGINE)}`;
  }
  return { bin, pulumi, version: formatVersion(version), origin };
}

/** The path of a program on PATH. */
export function which(name: string, directories: readonly string[]): string | undefined {
  for (const directory of directories) {
    const candidate = join(directory, name);
    if (isExecutable(candidate)) return candidate;
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function askVersion(pulumi: string, settings: ProcessSettings): Promise<string> {
  const env = { ...settings.variables, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return promisify(execFile)(pulumi, ["version"], { env, timeout: 20_000 }).then(
    ({ stdout }) => stdout.trim(),
    (error: Error) => error.message.split("\n", 1)[0] ?? "",
  );
}
