/** Summary of several samples. */
export interface Summary {
  median: number;
  min: number;
  max: number;
}

/** @throws RangeError When there are no values. */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  if (low === undefined || high === undefined) throw new RangeError("There is nothing to summarize");
  return { median: (low + high) / 2, min: Math.min(...sorted), max: Math.max(...sorted) };
}
