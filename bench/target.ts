import type { Operation } from "./contestant.ts";
import { calls, LATENCY_MS, type Name, peakMemory, type Results, ratio, seconds, stateBytes } from "./results.ts";

/** A target, and whether it was reached. */
export interface Target {
  title: string;
  limit: number;
  unit: "×" | "bytes" | "calls" | "s" | "ms" | "MB";
  /** undefined: not measured in this run. */
  measured: number | undefined;
}

const LIST = "GET /workspace-api/credentials/oauth-clients";
const CREATE = "POST /workspace-api/credentials/oauth-clients";

/** Limits of an operation's seconds, as a ratio to another contestant's of the same run. */
type Ratio = [who: Name, than: Name, clients: number, operation: Operation, limit: number, latencyMs?: number];

const RATIOS: readonly Ratio[] = [
  ["program", "floor", 100, "preview", 1.3],
  ["program", "floor", 100, "no-op preview", 1.3],
  ["program", "floor", 100, "up", 1.35],
  ["program", "floor", 100, "destroy", 1.5],
  ["program", "floor", 100, "one-client change", 1.3],
  ["program", "floor", 1000, "preview", 1.6],
  ["program", "floor", 1000, "up", 1.35],
  ["program", "floor", 1000, "destroy", 1.15],
  ["program", "naive", 1000, "up", 0.45],
  ["plugin", "floor", 100, "preview", 1],
  ["plugin", "floor", 100, "up", 1.05],
  ["plugin", "floor", 100, "destroy", 1.15],
  ["command", "floor", 100, "preview", 1.1],
  ["command", "floor", 100, "no-op preview", 1.1],
  ["command", "floor", 100, "up", 1.1],
  ["command", "floor", 100, "one-client change", 1.1],
  ["command", "floor", 100, "destroy", 1.15],
  ["command", "floor", 1000, "preview", 0.9],
  ["command", "floor", 1000, "up", 0.2],
  ["command", "floor", 1000, "destroy", 0.15],
  ["command", "program", 100, "preview", 1],
  ["command", "program", 1000, "no-op preview", 1],
  ["command", "program", 1000, "refresh", 1],
  ["command", "peer", 1000, "preview", 1],
  ["command", "peer", 1000, "up", 0.6],
  ["command", "peer", 1000, "no-op preview", 0.8],
  ["command", "peer", 1000, "refresh", 0.35],
  ["command", "peer", 1000, "rate-limited refresh", 0.1],
  ["command", "peer", 1000, "destroy", 0.3],
  ["command", "peer", 1000, "up", 0.6, LATENCY_MS],
  ["command", "peer", 1000, "refresh", 0.1, LATENCY_MS],
];

/** The targets, each with what was measured. */
export function targets(results: Results): Target[] {
  const largest = Math.max(...results.sizes);
  const offline = (name: string) => results.offline.find((figure) => figure.name === name)?.ms.median;
  return [
    ...RATIOS.map(([who, than, clients, operation, limit, latencyMs = 0]): Target => {
      const slow = latencyMs > 0 ? ` at ${latencyMs} ms` : "";
      const measured = ratio(results, [who, than], clients, operation, latencyMs);
      return { title: `${who}'s ${operation} of ${clients}${slow}, by the ${than}'s`, limit, unit: "×", measured };
    }),
    { title: "state of a client", limit: 1700, unit: "bytes", measured: stateBytes(results, "program", largest) },
    ...results.sizes.flatMap((clients): Target[] => [
      {
        title: `refresh of ${clients}: list calls (the user owns one client more)`,
        limit: Math.ceil((clients + 1) / 100),
        unit: "calls",
        measured: callCount(results, clients, "refresh", LIST),
      },
      {
        title: `refresh of ${clients}: other calls`,
        limit: 0,
        unit: "calls",
        measured: otherCalls(results, clients, "refresh", LIST),
      },
      {
        title: `up of ${clients}: calls other than one POST for each`,
        limit: 0,
        unit: "calls",
        measured: otherCalls(results, clients, "up", CREATE),
      },
      {
        title: `no-op preview of ${clients}: calls`,
        limit: 0,
        unit: "calls",
        measured: otherCalls(results, clients, "no-op preview"),
      },
    ]),
    {
      title: "refresh of 1000 with 10 requests/s allowed",
      limit: 15,
      unit: "s",
      measured: seconds(results, "program", 1000, "rate-limited refresh")?.median,
    },
    { title: "provider process starts", limit: 450, unit: "ms", measured: offline("provider start") },
    {
      title: "provider process, peak memory with 1000",
      limit: 110,
      unit: "MB",
      measured: peakMemory(results, "program", 1000, "provider"),
    },
    {
      title: "the command's peak memory with 1000, engine apart",
      limit: 250,
      unit: "MB",
      measured: peakMemory(results, "command", 1000, "program"),
    },
    { title: "import of `pulumi-carto` adds", limit: 60, unit: "ms", measured: offline("import adds") },
    { title: "`pulumi-carto check` of 1000, whole process", limit: 1000, unit: "ms", measured: offline("check") },
  ];
}

function callCount(
  results: Results,
  clients: number,
  operation: Parameters<typeof calls>[3],
  route: string,
): number | undefined {
  return measured(results, "program", clients)
    ? (calls(results, "program", clients, operation)[route] ?? 0)
    : undefined;
}

function otherCalls(
  results: Results,
  clients: number,
  operation: Parameters<typeof calls>[3],
  expected?: string,
): number | undefined {
  if (!measured(results, "program", clients)) return undefined;
  const counts = Object.entries(calls(results, "program", clients, operation));
  return counts.reduce((sum, [route, count]) => (route === expected ? sum : sum + count), 0);
}

function measured(results: Results, name: Name, clients: number): boolean {
  return results.samples.some((sample) => sample.contestant === name && sample.clients === clients);
}
