import { delimiter } from "node:path";
import { type Engine, findEngine, findOrInstallEngine } from "../../engine/index.ts";

/**
 * The engine, with its companion programs first on PATH.
 *
 * @param searching a search that was started earlier, in parallel with other work. Unset: start it now.
 * @throws EngineError When there is none and none can be got.
 */
export async function openEngine(
  log: (line: string) => void,
  signal: AbortSignal,
  searching: Promise<Engine | undefined> = findEngine(),
): Promise<Engine> {
  const engine = (await searching) ?? (await findOrInstallEngine({ log, signal }));
  // The engine looks for its language host and for the starter of dynamic providers on PATH.
  process.env.PATH = [engine.bin, process.env.PATH].filter(Boolean).join(delimiter);
  return engine;
}
