import type { Contestant, Operation } from "./contestant.ts";
import type { Machine } from "./machine.ts";
import type { OfflineFigure } from "./offline.ts";
import type { Part } from "./process-watch.ts";
import type { Sample } from "./round.ts";
import { type Summary, summarize } from "./statistics.ts";

/** What an API that is some network away takes for each answer. */
export const LATENCY_MS = 50;

/** Everything that a run measured, as `--json` writes it. */
export interface Results {
  machine: Machine;
  /** Clients of each size that was run with an API that answers at once, ascending. */
  sizes: number[];
  /** The same with an API that takes {@link LATENCY_MS} for each answer. Unset: none. */
  slowSizes?: number[];
  samples: Sample[];
  offline: OfflineFigure[];
}

/** ID of a contestant. */
export type Name = Contestant["name"];

/** The samples of one cell of the table. */
export function samplesOf(
  results: Results,
  name: Name,
  clients: number,
  operation?: Operation,
  latencyMs = 0,
): Sample[] {
  return results.samples.filter(
    (sample) =>
      sample.contestant === name &&
      sample.clients === clients &&
      sample.latencyMs === latencyMs &&
      (operation === undefined || sample.operation === operation),
  );
}

/** Seconds of an operation; undefined: it was not run. */
export function seconds(
  results: Results,
  name: Name,
  clients: number,
  operation: Operation,
  latencyMs = 0,
): Summary | undefined {
  const samples = samplesOf(results, name, clients, operation, latencyMs);
  return samples.length ? summarize(samples.map((sample) => sample.seconds)) : undefined;
}

/** Median CPU seconds of an operation's processes; undefined: it was not run. */
export function cpuSeconds(results: Results, name: Name, clients: number, operation: Operation): number | undefined {
  const samples = samplesOf(results, name, clients, operation);
  return samples.length ? summarize(samples.map(({ usage }) => usage.cpuSeconds)).median : undefined;
}

/** Median seconds of one contestant by those of another. */
export function ratio(
  results: Results,
  [name, other]: readonly [Name, Name],
  clients: number,
  operation: Operation,
  latencyMs = 0,
): number | undefined {
  const [a, b] = [name, other].map((one) => seconds(results, one, clients, operation, latencyMs));
  return a && b && a.median / b.median;
}

/** Mean bytes of a client in the state. */
export function stateBytes(results: Results, name: Name, clients: number): number | undefined {
  const bytes = samplesOf(results, name, clients, "up").flatMap(({ bytesPerClient }) => bytesPerClient ?? []);
  return bytes.length ? summarize(bytes).median : undefined;
}

/** The highest peak in MB over all operations. */
export function peakMemory(results: Results, name: Name, clients: number, part: Part): number | undefined {
  const peaks = samplesOf(results, name, clients).map(({ usage }) => usage.peakMemory[part]);
  return peaks.length ? Math.max(...peaks) : undefined;
}

/** Calls of an operation by route; the most of all rounds. */
export function calls(results: Results, name: Name, clients: number, operation: Operation): Record<string, number> {
  const most: Record<string, number> = {};
  for (const sample of samplesOf(results, name, clients, operation)) {
    for (const [route, count] of Object.entries(sample.calls)) most[route] = Math.max(most[route] ?? 0, count);
  }
  return most;
}
