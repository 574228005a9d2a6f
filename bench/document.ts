import { OPERATIONS } from "./contestant.ts";
import { CONTESTANTS } from "./contestants.ts";
import { calls, cpuSeconds, LATENCY_MS, peakMemory, type Results, samplesOf, seconds, stateBytes } from "./results.ts";
import { type Target, targets } from "./target.ts";

/** Everything a run measured, as Markdown. */
export function fullReport(results: Results): string {
  return [
    provenance(results),
    ...results.sizes.flatMap((clients) => [
      `### ${clients} clients`,
      secondsTable(results, clients),
      "CPU seconds of all processes, which other work on the machine changes less:",
      cpuTable(results, clients),
    ]),
    ...(results.slowSizes ?? []).flatMap((clients) => [
      `### ${clients} clients, an API that takes ${LATENCY_MS} ms for each answer`,
      secondsTable(results, clients, LATENCY_MS),
    ]),
    "### State, calls and memory",
    "Bytes are the mean of a client's resource in the state, as compact JSON. Peaks are in MB over all operations.",
    footprintTable(results),
    "Every byte of one client, and who needs it:",
    stateTable(results),
    "Calls to CARTO by route:",
    callsTable(results),
    "### Without a stack",
    table(
      ["figure", "median ms", "lowest to highest"],
      results.offline.map(({ title, ms }) => [
        title,
        ms.median.toFixed(0),
        `${ms.min.toFixed(0)} to ${ms.max.toFixed(0)}`,
      ]),
    ),
    "### Targets",
    targetTable(targets(results)),
  ].join("\n\n");
}

/** The few lines for README. */
export function shortReport(results: Results): string {
  const clients = results.sizes.includes(100) ? 100 : Math.max(...results.sizes);
  return [
    `Seconds for ${clients} clients, median; ratio to the engine's own floor in brackets. ${provenance(results)}`,
    secondsTable(results, clients),
    "![Seconds of each operation by number of clients](docs/benchmark.svg)",
  ].join("\n\n");
}

/** For a terminal: the targets and whether they are met. */
export function targetTable(all: readonly Target[]): string {
  return table(
    ["target", "limit", "measured", "met"],
    all.map(({ title, limit, unit, measured }) => [
      title,
      `${limit} ${unit}`,
      measured === undefined ? "not in this run" : `${round(measured)} ${unit}`,
      measured === undefined ? "" : measured <= limit ? "yes" : "**no**",
    ]),
  );
}

/** Median seconds of each operation, by contestant, as a Markdown table. */
export function secondsTable(results: Results, clients: number, latencyMs = 0): string {
  const operations = OPERATIONS.filter((operation) =>
    CONTESTANTS.some(({ name }) => seconds(results, name, clients, operation, latencyMs)),
  );
  return table(
    ["", ...operations],
    CONTESTANTS.filter(({ name }) => samplesOf(results, name, clients, undefined, latencyMs).length).map(
      ({ name, title }) => [
        title,
        ...operations.map((operation) => {
          const summary = seconds(results, name, clients, operation, latencyMs);
          const floor = seconds(results, "floor", clients, operation, latencyMs);
          if (!summary) return "";
          const spread = summary.max > summary.min ? ` ±${((summary.max - summary.min) / 2).toFixed(1)}` : "";
          const ratio = floor && name !== "floor" ? ` (${(summary.median / floor.median).toFixed(2)})` : "";
          return `${summary.median.toFixed(1)}${spread}${ratio}`;
        }),
      ],
    ),
  );
}

function cpuTable(results: Results, clients: number): string {
  return table(
    ["", ...OPERATIONS],
    CONTESTANTS.filter(({ name }) => samplesOf(results, name, clients).length).map(({ name }) => [
      name,
      ...OPERATIONS.map((operation) => {
        const [own, floor] = [
          cpuSeconds(results, name, clients, operation),
          cpuSeconds(results, "floor", clients, operation),
        ];
        if (own === undefined) return "";
        return `${own.toFixed(1)}${floor && name !== "floor" ? ` (${(own / floor).toFixed(2)})` : ""}`;
      }),
    ]),
  );
}

function footprintTable(results: Results): string {
  const rows = results.sizes.flatMap((clients) =>
    CONTESTANTS.filter(({ name }) => samplesOf(results, name, clients).length).map(({ name }) => [
      String(clients),
      name,
      (stateBytes(results, name, clients) ?? 0).toFixed(0),
      megabytes(peakMemory(results, name, clients, "provider")),
      megabytes(peakMemory(results, name, clients, "program")),
    ]),
  );
  return table(["clients", "", "bytes per client", "provider process", "program"], rows);
}

function stateTable(results: Results): string {
  const parts =
    results.samples.find(({ contestant, stateParts }) => contestant === "program" && stateParts)?.stateParts ?? [];
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return table(
    ["part of the state", "bytes", "for"],
    [...parts.map(({ part, bytes, purpose }) => [part, String(bytes), purpose]), ["**all**", String(total), ""]],
  );
}

function callsTable(results: Results): string {
  const clients = Math.max(...results.sizes);
  const rows = CONTESTANTS.filter(({ name }) => name !== "floor" && samplesOf(results, name, clients).length).map(
    ({ name }) => [name, ...OPERATIONS.map((operation) => callsText(calls(results, name, clients, operation)))],
  );
  return table([`${clients} clients`, ...OPERATIONS], rows);
}

function callsText(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(
      ([route, count]) =>
        `${count} ${route.replace(/\/workspace-api\/credentials\/oauth-clients|\/api\/v2\/clients/, "").trim()}`,
    )
    .join(", ");
}

function provenance({ machine, samples, sizes }: Results): string {
  const rounds = sizes.map((clients) => {
    const count = new Set(samples.filter((sample) => sample.clients === clients).map(({ round }) => round)).size;
    return `${count} of ${clients} clients`;
  });
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return `Measured on ${machine.startedAt.slice(0, 10)} on ${machine.hardware} (load ${machine.loadBefore.toFixed(1)} before the run); ${versions.join(", ")}. Rounds: ${rounds.join(", ")}.`;
}

function megabytes(value: number | undefined): string {
  return value ? value.toFixed(0) : "";
}

function round(value: number): string {
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(2);
}

/** Padded as the formatter wants it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) => Math.max(3, cell.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)].join("\n");
}
