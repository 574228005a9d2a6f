/* `npm run licences` prints the licence of every package that users install, and fails at one that is not permissive. */
import { readFileSync } from "node:fs";
import { licencesOf } from "./licences.ts";

const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"));
const licences = licencesOf(lock.packages);
for (const { name, version, licence, allowed } of licences) {
  process.stdout.write(`${allowed ? "" : "NOT ALLOWED  "}${name} ${version}: ${licence || "none named"}\n`);
}
const refused = licences.filter(({ allowed }) => !allowed).length;
process.stdout.write(`${licences.length} packages, ${refused} with a licence that is not allowed\n`);
if (refused > 0) process.exitCode = 1;
