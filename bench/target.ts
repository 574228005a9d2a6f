import { calls, type Name, peakMemory, type Results, ratio, seconds, stateBytes } from "./results.ts";

/** What was set out to be reached, and whether it was. */
export interface Target {
  title: string;
  limit: number;
  unit: "×" | "bytes" | "calls" | "s" | "ms" | "MB";
  /** undefined: not measured in this run. */
  measured: number | undefined;
}

const LIST = "GET /workspace-api/credentials/oauth-clients";
const CREATE = "POST /workspace-api/credentials/oauth-clients";

export function targets(results: Results): Target[] {
  const floor = (operation: Parameters<typeof ratio>[3], clients: number, limit: number): Target => ({
    title: `${operation} of ${clients}, by the floor's`,
    limit,
    unit: "×",
    measured: ratio(results, ["program", "floor"], clients, operation),
  });
  const largest = Math.max(...results.sizes);
  const offline = (name: string) => results.offline.find((figure) => figure.name === name)?.ms.median;
  return [
    floor("preview", 100, 1.3),
    floor("no-op preview", 100, 1.3),
    floor("up", 100, 1.35),
    floor("destroy", 100, 1.5),
    floor("one-client change", 100, 1.3),
    floor("preview", 1000, 1.6),
    floor("up", 1000, 1.35),
    floor("destroy", 1000, 1.15),
    {
      title: "up of 1000, by the naive one's",
      limit: 0.45,
      unit: "×",
      measured: ratio(results, ["program", "naive"], 1000, "up"),
    },
    {
      title: "preview of 100 by `pulumi-carto`, by `pulumi`'s of the same",
      limit: 1,
      unit: "×",
      measured: ratio(results, ["command", "program"], 100, "preview"),
    },
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
