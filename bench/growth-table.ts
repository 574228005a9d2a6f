/* `npm run bench:growth`: how the time of `check` and `report --diff` grows with their inputs, and what the worst whole files take. */
import { GROWTH, isLinear, measureGrowth } from "./growth.ts";
import { HOSTILE_FILES, timeFile } from "./hostile-files.ts";

const MEGABYTE = 1024 * 1024;

process.stdout.write("| input | n | ms | ms of 2n | ratio |\n| --- | --- | --- | --- | --- |\n");
for (const one of GROWTH) {
  const growth = measureGrowth(one);
  const { name, size, ms, doubleMs } = growth;
  const ratio = (doubleMs / ms).toFixed(1);
  process.stdout.write(`| ${name} | ${size} | ${ms.toFixed(1)} | ${doubleMs.toFixed(1)} | ${ratio} |\n`);
  if (!isLinear(growth)) process.exitCode = 1;
}

process.stdout.write("\n| whole file | MB | ms of check | ms of report --diff |\n| --- | --- | --- | --- |\n");
for (const file of HOSTILE_FILES) {
  // The largest that is read, and one that is refused for its size.
  for (const megabytes of [0.625, 5]) {
    const { name, checkMs, reportMs } = timeFile(file, megabytes * MEGABYTE - 16);
    process.stdout.write(`| ${name} | ${megabytes} | ${checkMs.toFixed(0)} | ${reportMs.toFixed(0)} |\n`);
  }
}
