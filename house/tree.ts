import { execFileSync } from "node:child_process";
import { measure, type SourceFile } from "./source-file.ts";

/** Top-level folders whose files are tests, examples or programs that only the benchmark runs: measured by no budget. */
const UNMEASURED = /^(test|examples|bench\/programs)\//;

/** Every TypeScript file that the house rules apply to, in the order of its path. */
export function sourceTree(root: string): SourceFile[] {
  const list = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "*.ts"];
  const paths = execFileSync("git", list, { cwd: root, encoding: "utf8" }).trim().split("\n").sort();
  return paths.filter((path) => !UNMEASURED.test(path) && path.includes("/")).map(measure);
}

/** The room that a file stands in. */
export function roomOf(path: string): string {
  return path.split("/")[0] ?? "";
}
