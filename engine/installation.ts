import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { placeDynamicProvider } from "./dynamic-provider.ts";
import { EngineError } from "./errors.ts";
import { buildWithGo } from "./go-build.ts";
import { withLock } from "./lock.ts";
import type { ProcessSettings } from "./process-settings.ts";
import {
  DYNAMIC_PROVIDER,
  type Engine,
  engineDirectory,
  inspect,
  LANGUAGE_HOST,
  searchEngine,
  which,
} from "./search.ts";

const UNFINISHED = ".unfinished-";
const PROGRESS_MS = 15_000;

/** How an engine is installed. */
export interface InstallationOptions {
  log: (line: string) => void;
  signal: AbortSignal;
}

const DOING = "Building Pulumi with Go, which takes some minutes";
const ALTERNATIVE = "Alternatively, install it from https://www.pulumi.com/docs/install/";

/**
 * Searches again while holding the lock, and then builds an engine with Go, from modules whose checksums are in `engine/go`.
 *
 * @throws EngineError When that does not work, with the reasons.
 */
export async function install(settings: ProcessSettings, options: InstallationOptions): Promise<Engine> {
  const { log, signal } = options;
  const versions = join(settings.pulumiHome, "versions");
  const onWait = () => log("Another process is installing Pulumi: waiting for it");
  await mkdir(versions, { recursive: true });
  return withLock(join(versions, ".pulumi-carto.lock"), { signal, onWait }, async () => {
    await removeUnfinished(versions);
    await completePlaced(versions, settings);
    const found = await searchEngine(settings);
    if (!Array.isArray(found)) return found;
    const root = await mkdtemp(join(versions, UNFINISHED));
    const progress = reportProgress(DOING, log);
    try {
      return await place(await buildWithGo(settings, root, signal), "built", settings);
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      throw new EngineError([
        `1. An engine on PATH or in ${versions}: ${found.join("; ")}`,
        `2. A build with Go: ${reason}`,
      ]);
    } finally {
      progress.stop();
      await rm(root, { recursive: true, force: true });
    }
  });
}

/** Moves a finished engine to its place, file by file and the CLI last: until then nothing mistakes it for an engine. */
async function place(bin: string, origin: Engine["origin"], settings: ProcessSettings): Promise<Engine> {
  const finished = await inspect(bin, origin, { ...settings, path: [] });
  if (typeof finished === "string") throw new Error(finished);
  const target = engineDirectory(settings, finished.version);
  await mkdir(target, { recursive: true });
  const files = (await readdir(bin)).sort((a, b) => Number(a === "pulumi") - Number(b === "pulumi"));
  for (const file of files) await rename(join(bin, file), join(target, file));
  return { ...finished, bin: target, pulumi: join(target, "pulumi") };
}

/** What a killed process left. Nobody works on these now: the lock is ours. */
async function removeUnfinished(versions: string): Promise<void> {
  for (const name of await readdir(versions)) {
    if (name.startsWith(UNFINISHED)) await rm(join(versions, name), { recursive: true, force: true });
  }
}

/** Engines put there by hand rarely have the script. */
async function completePlaced(versions: string, settings: ProcessSettings): Promise<void> {
  for (const name of await readdir(versions)) {
    const bin = join(versions, name, "bin");
    const complete = which(DYNAMIC_PROVIDER, [bin, ...settings.path]);
    const engine = which("pulumi", [bin]) && which(LANGUAGE_HOST, [bin, ...settings.path]);
    if (engine && !complete) await placeDynamicProvider(bin);
  }
}

function reportProgress(doing: string, log: (line: string) => void): { stop: () => void } {
  const start = performance.now();
  log(`${doing}. ${ALTERNATIVE}`);
  const timer = setInterval(() => log(`${doing}: ${elapsed(performance.now() - start)}`), PROGRESS_MS);
  return { stop: () => clearInterval(timer) };
}

/** e.g. `1 m 05 s` */
export function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return minutes ? `${minutes} m ${String(rest).padStart(2, "0")} s` : `${rest} s`;
}
