import type { Change } from "./change.ts";

/** Clients by what happens to them. Every JSON of the project counts with these words. */
export interface ChangeCounts {
  create: number;
  update: number;
  /** Rotated ones among them. */
  replace: number;
  delete: number;
  /** Changed or deleted at CARTO; in none of the other numbers. */
  drifted: number;
  same: number;
}

/** Counts the changes of one environment, or of all. */
export function countChanges(changes: readonly Change[]): ChangeCounts {
  const counts: ChangeCounts = { create: 0, update: 0, replace: 0, delete: 0, drifted: 0, same: 0 };
  for (const { drift, action } of changes) counts[drift ? "drifted" : action]++;
  return counts;
}
