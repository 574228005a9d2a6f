import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { replaceSection } from "../house/section.ts";
import { rehearse } from "./chaos.ts";
import { type Measured, sentence, table } from "./document.ts";
import { RUNNERS } from "./runner.ts";

/*
 * `npm run chaos`: disturbs stacks with faults and SIGKILL, and counts what is lost. Exit code 0 only if nothing is, and
 * enough was killed. The same seed gives the same schedule; where exactly a kill meets a process is up to the machine.
 */

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    runs: { type: "string", default: "200" },
    "engine-share": { type: "string", default: "0.05" },
    stacks: { type: "string", default: "3" },
    "engine-by": { type: "string", multiple: true, default: [...RUNNERS] },
    "write-docs": { type: "boolean", default: false },
  },
});
const [seed, runs, share, stacks] = [values.seed, values.runs, values["engine-share"], values.stacks].map(Number) as [
  number,
  number,
  number,
  number,
];
const engineRuns = Math.round(runs * share);
const runners = RUNNERS.filter((runner) => values["engine-by"].includes(runner));
if (runners.length === 0) throw new Error(`--engine-by must be one of ${RUNNERS.join(", ")}`);

console.log(`seed ${seed} (again: npm run chaos -- ${[...process.argv.slice(2), "--seed", seed].join(" ")})`);
const started = performance.now();
const figures = await rehearse({ seed, engineRuns, providerRuns: runs - engineRuns, stacks, runners }, (line) =>
  console.log(line),
);
const seconds = Math.round((performance.now() - started) / 1000);
const measured: Measured = { ...figures, seed, seconds, date: new Date().toISOString().slice(0, 10) };
console.log(`\n${table(measured)}`);

const { duplicates, orphans, lost, stale, leftovers } = figures;
if (duplicates + orphans + lost + stale + leftovers > 0) process.exitCode = 1;
if (figures.kills < runs / 10) {
  console.error(`Only ${figures.kills} of ${runs} runs were killed. Choose another seed or more runs.`);
  process.exitCode = 1;
}
if (values["write-docs"]) {
  for (const [file, text] of [
    ["README.md", sentence(measured)],
    ["docs/lifecycle.md", table(measured)],
  ] as const) {
    const path = new URL(`../${file}`, import.meta.url);
    writeFileSync(path, replaceSection(readFileSync(path, "utf8"), "chaos", text));
  }
}
