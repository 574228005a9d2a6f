import { folderCycles } from "./cycles.ts";
import { fileMap, withMap } from "./map.ts";
import type { SourceFile } from "./source-file.ts";
import { MOST_CASTS, MOST_LINES } from "./table.ts";
import { roomOf } from "./tree.ts";

/** The one class that may extend `Error`: only its kind is printed as one line. */
const ERROR_BASE = "error/pulumi-carto-error.ts";

/**
 * Violations of the house rules in the source: budgets of lines, no `any`, no `!`, few casts, a comment at every export, one family of
 * errors, folders without cycles, a map that is up to date. Only what tests look into (`harness/`) may be `any`.
 *
 * @param contributing text of CONTRIBUTING.md
 */
export function complaints(files: readonly SourceFile[], contributing: string): string[] {
  const cycles = folderCycles(files).map(
    (cycle) => `${cycle.join(" -> ")} -> ${cycle[0]}: these folders need each other`,
  );
  const isCurrent = withMap(contributing, fileMap(files)) === contributing;
  const map = isCurrent ? [] : ["CONTRIBUTING.md: the map is out of date: run `npm run house -- --write`"];
  const casts = files.reduce((sum, file) => sum + file.casts, 0);
  const unsure =
    casts > MOST_CASTS ? [`${casts} casts in all, at most ${MOST_CASTS}: see \`npm run house -- --table\``] : [];
  return [...files.flatMap(ofFile), ...cycles, ...unsure, ...map];
}

function ofFile({
  path,
  lines,
  anys,
  assertions,
  errorClasses,
  functions,
  undocumented,
  summary,
}: SourceFile): string[] {
  const long = functions.filter((one) => one.lines > MOST_LINES.function);
  return [
    ...(lines > MOST_LINES.file ? [`${path}: ${lines} lines, at most ${MOST_LINES.file}`] : []),
    ...long.map(
      (one) =>
        `${path}:${one.line}: ${one.name || "a function"} has ${one.lines} lines, at most ${MOST_LINES.function}`,
    ),
    ...(anys > 0 && roomOf(path) !== "harness" ? [`${path}: ${anys} times \`any\``] : []),
    ...(assertions > 0 ? [`${path}: ${assertions} times \`!\``] : []),
    ...errorClasses
      .filter(() => path !== ERROR_BASE)
      .map((name) => `${path}: ${name} extends Error, not the class in ${ERROR_BASE}`),
    ...undocumented.map((name) => `${path}: ${name} is exported without a comment`),
    ...(summary === undefined ? [`${path}: no comment says what it is`] : []),
  ];
}
