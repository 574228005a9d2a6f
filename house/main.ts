import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { complaints } from "./complaints.ts";
import { fileMap, withMap } from "./map.ts";
import { roomTable } from "./table.ts";
import { sourceTree } from "./tree.ts";

/*
 * `npm run house` checks the rules that no other tool covers; `-- --write` updates the map in CONTRIBUTING.md, and `-- --table` prints
 * statistics for each room.
 */

const root = join(import.meta.dirname, "..");
process.chdir(root);
const files = sourceTree(root);
const contributing = readFileSync("CONTRIBUTING.md", "utf8");
if (process.argv.includes("--table")) process.stdout.write(roomTable(files));
if (process.argv.includes("--write")) writeFileSync("CONTRIBUTING.md", withMap(contributing, fileMap(files)));
const found = complaints(files, readFileSync("CONTRIBUTING.md", "utf8"));
process.stderr.write(found.map((complaint) => `${complaint}\n`).join(""));
process.exitCode = found.length > 0 ? 1 : 0;
