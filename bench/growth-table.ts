/* `node bench/growth-table.ts` prints how the time of each reader grows with its input. */
import { GROWTH, isLinear, measureGrowth } from "./growth.ts";

/** `npm run bench:growth`: how the time of `check` and `report --diff` grows with their inputs. */
process.stdout.write("| input | n | ms | ms of 2n | ratio |\n| --- | --- | --- | --- | --- |\n");
for (const one of GROWTH) {
  const growth = measureGrowth(one);
  const { name, size, ms, doubleMs } = growth;
  const ratio = (doubleMs / ms).toFixed(1);
  process.stdout.write(`| ${name} | ${size} | ${ms.toFixed(1)} | ${doubleMs.toFixed(1)} | ${ratio} |\n`);
  if (!isLinear(growth)) process.exitCode = 1;
}
