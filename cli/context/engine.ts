import { delimiter } from "node:path";
import { type Engine, findEngine, findOrInstallEngine } from "../../engine/index.ts";

let search: Promise<Engine | undefined> | undefined;

/** Begins the search for an engine, which takes a while: beside it, the code of a command and Pulumi's SDK are loaded, and the manifest is read. */
export function searchEngine(): Promise<Engine | undefined> {
  search ??= findEngine();
  return search;
}

/**
 * The engine, with its companion programs first on PATH.
 *
 * @throws EngineError When there is none and none can be got.
 */
export async function openEngine(log: (line: string) => void, signal: AbortSignal): Promise<Engine> {
  const engine = (await searchEngine()) ?? (await findOrInstallEngine({ log, signal }));
  // The engine looks for its language host and for the starter of dynamic providers on PATH.
  process.env.PATH = [engine.bin, process.env.PATH].filter(Boolean).join(delimiter);
  return engine;
}
