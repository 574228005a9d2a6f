import type { Figures } from "./chaos.ts";

/** What a run of chaos measured. */
export interface Measured extends Figures {
  seed: number;
  seconds: number;
  /** ISO 8601 */
  date: string;
}

/** Every figure, as a Markdown table. */
export function table(measured: Measured): string {
  const rows: [string, string | number][] = [
    [`seed ${measured.seed}, ${measured.date}`, ""],
    ["runs of `up` and `destroy`", `${measured.runs}, ${measured.engineRuns} of them on the real engine`],
    ["calls that met a fault", measured.faultHits],
    ["operations that were killed", `${measured.kills}, ${measured.engineKills} of them on the real engine`],
    [
      "runs by the command, state written once",
      `${measured.commandRuns} of up to ${measured.mostClients} clients, ${measured.commandKills} killed`,
    ],
    ["runs by YAML programs, on the plugin", `${measured.pluginRuns}, ${measured.pluginKills} killed`],
    ["engine killed alone", measured.engineAlone],
    ["provider killed alone", measured.providerAlone],
    ["operations that failed", measured.failures],
    ["duplicates after the next `up`", measured.duplicates],
    ["orphans", measured.orphans],
    ["lost clients, tokens, applications or secrets", measured.lost],
    ["stale values", measured.stale],
    ["left after the last `destroy`", measured.leftovers],
    ["seconds", measured.seconds],
  ];
  const width = Math.max(...rows.map(([title]) => title.length));
  const values = rows.map(([, value]) => String(value));
  const wide = Math.max(...values.map((value) => value.length));
  const lines = rows.map(([title], index) => `| ${title.padEnd(width)} | ${(values[index] ?? "").padEnd(wide)} |`);
  return [lines[0], `| ${"-".repeat(width)} | ${"-".repeat(wide)} |`, ...lines.slice(1)].join("\n");
}

/** The figures that count, for README. */
export function sentence(measured: Measured): string {
  return (
    `Its last committed run (seed ${measured.seed}, ${measured.date}): ${measured.runs} runs of \`up\` and \`destroy\`, ${measured.engineRuns} of them on the real engine; ` +
    `${measured.faultHits} calls met a fault, ${measured.kills} operations were killed, ${measured.failures} failed; after the next \`up\` ` +
    `**${measured.duplicates} duplicates, ${measured.orphans} orphans, ${measured.stale} stale values, ${measured.lost} lost clients or secrets**.`
  );
}
