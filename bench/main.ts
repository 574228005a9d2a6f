import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { drawChart } from "./chart.ts";
import { CONTESTANTS } from "./contestant.ts";
import { fullReport, replaceSection, secondsTable, shortReport, targetTable } from "./document.ts";
import { describeMachine } from "./machine.ts";
import { measureOffline } from "./offline.ts";
import type { Results } from "./results.ts";
import { runRound } from "./round.ts";
import { targets } from "./target.ts";

/** Rounds by number of clients: the naive contestant alone takes minutes for a thousand. */
const ROUNDS: Record<number, number> = { 10: 3, 100: 5, 1000: 1 };

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    size: { type: "string", multiple: true },
    rounds: { type: "string" },
    from: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(`Usage: npm run bench -- [--json FILE] [--quick] [--size N]… [--only CONTESTANT]… [--rounds N]
       npm run bench -- --from FILE    writes the figures of an earlier run with --json

Without --quick, --size and --only it runs everything, 10, 100 and 1000 clients, and writes the figures into
docs/benchmark.md, docs/benchmark.svg and README.md. --quick stops at 100 clients. What is not the whole run is printed
and written nowhere but to --json FILE. Contestants: ${CONTESTANTS.map(({ name }) => name).join(", ")}.`);
} else if (values.from) await publish(JSON.parse(await readFile(values.from, "utf8")) as Results);
else await run();

async function run(): Promise<void> {
  const log = (line: string) => console.error(line);
  const whole = !values.quick && !values.size && !values.only;
  const sizes = values.size?.map(Number) ?? (values.quick ? [10, 100] : [10, 100, 1000]);
  const contestants = CONTESTANTS.filter(({ name }) => values.only?.includes(name) ?? true);
  const results: Results = { machine: await describeMachine(), sizes, samples: [], offline: [] };
  if (!values.only) results.offline = await measureOffline(log);
  for (const clients of sizes) {
    const rounds = Number(values.rounds ?? ROUNDS[clients] ?? 1);
    for (let round = 0; round < rounds; round++) {
      await runRound(contestants, clients, round, async (sample) => {
        results.samples.push(sample);
        await save(results); // what an interrupted run has measured is not lost
        const { contestant, operation, seconds } = sample;
        log(`${clients} clients, round ${round + 1}, ${operation}, ${contestant}: ${seconds.toFixed(2)} s`);
      });
    }
  }
  await save(results);
  for (const clients of sizes) console.log(`\n${clients} clients\n\n${secondsTable(results, clients)}`);
  console.log(`\n${targetTable(targets(results))}`);
  if (whole) await publish(results);
}

async function save(results: Results): Promise<void> {
  if (values.json) await writeFile(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
}

async function publish(results: Results): Promise<void> {
  const root = new URL("../", import.meta.url);
  const rewrite = async (path: string, text: string) => {
    const url = new URL(path, root);
    await writeFile(url, replaceSection(await readFile(url, "utf8"), "benchmark", text));
  };
  await writeFile(new URL("docs/benchmark.svg", root), await drawChart(results));
  await rewrite("docs/benchmark.md", fullReport(results));
  await rewrite("README.md", shortReport(results));
}
