/* `npm run bench` measures every contestant and writes docs/benchmark.md, its figure and the section of the README. */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { replaceSection } from "../house/section.ts";
import { drawChart } from "./chart.ts";
import { CONTESTANTS } from "./contestants.ts";
import { fullReport, secondsTable, shortReport, targetTable } from "./document.ts";
import { describeMachine } from "./machine.ts";
import { measureOffline } from "./offline.ts";
import { buildPeer, PEER_VERSIONS } from "./opentofu-build.ts";
import { LATENCY_MS, type Name, type Results } from "./results.ts";
import { runRound, type Setting } from "./round.ts";
import { targets } from "./target.ts";

const ROUNDS: Record<number, number> = { 10: 3, 100: 3, 1000: 3 };
/** For so many clients those that write the state at each step take minutes: once is enough, but for the floor, which the ratios are to. */
const TOO_MANY = 1000;
const ONCE: readonly Name[] = ["naive", "program", "plugin"];

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    quick: { type: "boolean", default: false },
    peers: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    size: { type: "string", multiple: true },
    rounds: { type: "string" },
    from: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(`Usage: npm run bench -- [--json FILE] [--quick] [--peers] [--size N]… [--only CONTESTANT]… [--rounds N]
       npm run bench -- --from FILE    writes the figures of an earlier run with --json

Without --quick, --size and --only it runs everything, 10, 100 and 1000 clients, and writes the figures into
docs/benchmark.md, docs/benchmark.svg and README.md. --quick stops at 100 clients. What is not the whole run is printed
and written nowhere but to --json FILE. --peers adds OpenTofu with Auth0's provider, which are built with Go first, and
1000 clients at an API that takes ${LATENCY_MS} ms for each answer. Contestants: ${CONTESTANTS.map(({ name }) => name).join(", ")}.`);
} else if (values.from) await publish(JSON.parse(await readFile(values.from, "utf8")));
else await run();

async function run(): Promise<void> {
  const log = (line: string) => console.error(line);
  const whole = !values.quick && !values.size && !values.only;
  const sizes = values.size?.map(Number) ?? (values.quick ? [10, 100] : [10, 100, 1000]);
  const contestants = CONTESTANTS.filter(
    ({ name }) => values.only?.includes(name) ?? (name !== "peer" || values.peers),
  );
  const slowSizes = values.peers ? sizes.filter((size) => size >= TOO_MANY) : [];
  const results: Results = { machine: await describeMachine(), sizes, slowSizes, samples: [], offline: [] };
  if (contestants.some(({ name }) => name === "peer")) {
    await buildPeer(log);
    Object.assign(results.machine.versions, PEER_VERSIONS);
  }
  if (!values.only) results.offline = await measureOffline(log);
  const settings: Setting[] = [
    ...sizes.map((clients) => ({ clients, latencyMs: 0 })),
    ...slowSizes.map((clients) => ({ clients, latencyMs: LATENCY_MS })),
  ];
  for (const setting of settings) {
    const rounds = Number(values.rounds ?? ROUNDS[setting.clients] ?? 1);
    for (let round = 0; round < rounds; round++) {
      const inIt = contestants.filter(({ name }) => takesPart(name, setting, round));
      await runRound(inIt, setting, round, async (sample) => {
        results.samples.push(sample);
        await save(results); // what an interrupted run has measured is not lost
        const { contestant, operation, seconds } = sample;
        const what = `${setting.clients} clients${setting.latencyMs ? `, ${setting.latencyMs} ms` : ""}`;
        log(`${what}, round ${round + 1}, ${operation}, ${contestant}: ${seconds.toFixed(2)} s`);
      });
    }
  }
  await save(results);
  for (const { clients, latencyMs } of settings) {
    console.log(`\n${clients} clients, ${latencyMs} ms\n\n${secondsTable(results, clients, latencyMs)}`);
  }
  console.log(`\n${targetTable(targets(results))}`);
  if (whole) await publish(results);
}

/** A slow API is for those two that differ in their calls. */
function takesPart(name: Name, { clients, latencyMs }: Setting, round: number): boolean {
  if (latencyMs > 0) return name === "command" || name === "peer";
  return !ONCE.includes(name) || clients < TOO_MANY || round === 0;
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
