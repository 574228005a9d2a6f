import { parseArgs } from "node:util";
import { rehearse } from "./chaos.ts";

/*
 * `npm run chaos`: disturbs stacks with faults and SIGKILL, and counts what is lost. Exit code 0 only if nothing is, and
 * enough was killed. The same seed gives the same schedule; where exactly a kill meets a process is up to the machine.
 */

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    "engine-runs": { type: "string", default: "40" },
    "provider-runs": { type: "string", default: "160" },
    stacks: { type: "string", default: "2" },
    kills: { type: "string", default: "30" },
  },
});
const [seed, engineRuns, providerRuns, stacks, wantedKills] = [
  values.seed,
  values["engine-runs"],
  values["provider-runs"],
  values.stacks,
  values.kills,
].map(Number) as [number, number, number, number, number];

console.log(`seed ${seed} (again: npm run chaos -- --seed ${seed})`);
const started = performance.now();
const figures = await rehearse({ seed, engineRuns, providerRuns, stacks }, (line) => console.log(line));
const seconds = Math.round((performance.now() - started) / 1000);

console.log(`
${figures.runs} runs (${figures.engineRuns} on the real engine) in ${seconds} s, seed ${seed}
${figures.faultHits} calls met a fault, ${figures.kills} operations were killed (${figures.engineKills} on the real engine), ${figures.failures} operations failed
after the next up: ${figures.duplicates} duplicates, ${figures.orphans} orphans, ${figures.lost} lost clients or secrets, ${figures.undeclared} clients not as declared
after the last destroy: ${figures.leftovers} clients left`);

const { duplicates, orphans, lost, undeclared, leftovers } = figures;
if (duplicates + orphans + lost + undeclared + leftovers > 0) process.exitCode = 1;
if (figures.kills < wantedKills) {
  console.error(`Only ${figures.kills} of ${wantedKills} kills met a process. Choose another seed or more runs.`);
  process.exitCode = 1;
}
