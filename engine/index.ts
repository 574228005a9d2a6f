import { join } from "node:path";
import { buildTools, type GoTool } from "./go-build.ts";
import { install } from "./installation.ts";
import { type Language, missingLanguages, placeLanguageHosts } from "./language-hosts.ts";
import { type ProcessSettings, readProcessSettings } from "./process-settings.ts";
import { type Engine, searchEngine } from "./search.ts";

export { EngineError, LanguageHostError } from "./errors.ts";
export { LANGUAGES, type Language } from "./language-hosts.ts";
export type { Engine } from "./search.ts";

/** How an engine is found or installed. */
export interface EngineOptions {
  /** Gets a line for each step and, every 15 seconds of a long one, the time it has taken. Unset: silent. */
  log?: (line: string) => void;
  /** Ends the work and removes what is unfinished. */
  signal?: AbortSignal;
  /** Unset: that of the process. */
  settings?: ProcessSettings;
  /** Languages besides Node.js that its programs are in: a host that is missing is built with Go. Unset: none. */
  languages?: readonly Language[];
}

/** The engine that {@link findOrInstallEngine} would use without installing one; undefined if there is none. */
export async function findEngine(settings: ProcessSettings = readProcessSettings()): Promise<Engine | undefined> {
  const found = await searchEngine(settings);
  return Array.isArray(found) ? undefined : found;
}

/**
 * A Pulumi engine for this package's programs: the one on `PATH`, else one below `PULUMI_HOME`, else
 * one built with Go from the modules in `engine/go`, which takes minutes. Several processes may call it at once: one works,
 * the others wait for it.
 *
 * @throws EngineError When there is none and it cannot be built; LanguageHostError When a language host is missing and cannot be built.
 * @throws the signal's reason When aborted.
 */
export async function findOrInstallEngine(options: EngineOptions = {}): Promise<Engine> {
  const settings = options.settings ?? readProcessSettings();
  const { log = () => {}, signal = new AbortController().signal, languages = [] } = options;
  const engine = (await findEngine(settings)) ?? (await install(settings, { log, signal }));
  await placeLanguageHosts(engine, languages, settings, { log, signal });
  return engine;
}

/**
 * Builds a tool of one of the modules in `engine/go`.
 *
 * @param root an existing directory
 * @returns the path of the executable, inside `root`
 * @throws Error When there is no Go, or it fails.
 */
export async function buildGoTool(tool: GoTool, root: string): Promise<string> {
  const bin = await buildTools([tool], readProcessSettings(), root, new AbortController().signal);
  return join(bin, tool.executable);
}

/** The languages of which {@link findOrInstallEngine} would have to build the host. */
export function findMissingLanguages(
  engine: Engine,
  languages: readonly Language[],
  settings: ProcessSettings = readProcessSettings(),
): Language[] {
  return missingLanguages(engine, languages, settings);
}
