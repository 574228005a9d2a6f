import { readEnvironment } from "./environment.ts";
import { type Engine, searchEngine } from "./search.ts";

export type { Engine } from "./search.ts";

/** The engine that {@link findOrInstallEngine} would take without installing one; undefined: there is none. */
export async function findEngine(): Promise<Engine | undefined> {
  const found = await searchEngine(readEnvironment());
  return Array.isArray(found) ? undefined : found;
}
