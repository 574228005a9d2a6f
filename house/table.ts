import { folderCycles } from "./cycles.ts";
import type { SourceFile } from "./source-file.ts";
import { roomOf } from "./tree.ts";

/** Lines of a file, and of a function, beyond which it is split. */
export const MOST_LINES = { file: 250, function: 60 };

/** Casts (`as`) in all rooms together: lower it when some go, so that they do not come back. */
export const MOST_CASTS = 93;

interface Row {
  room: string;
  files: number;
  lines: number;
  median: number;
  p90: number;
  longest: number;
  casts: number;
  undocumented: number;
  longFunctions: number;
}

/** Statistics for each room, as a table: how large they are, and what they owe. */
export function roomTable(files: readonly SourceFile[]): string {
  const rooms = [...new Set(files.map(({ path }) => roomOf(path)))];
  const rows = [
    ...rooms.map((room) =>
      row(
        room,
        files.filter(({ path }) => roomOf(path) === room),
      ),
    ),
    row("all", files),
  ];
  const heads = [
    "room",
    "files",
    "lines",
    "median",
    "p90",
    "longest",
    "casts",
    "exports without comment",
    "functions over 60",
  ];
  const cells = rows.map((one) => Object.values(one).map(String));
  const lines = [heads, heads.map(() => "---"), ...cells].map((line) => `| ${line.join(" | ")} |`);
  return `${lines.join("\n")}\n\nFolder cycles: ${folderCycles(files).length}\n`;
}

function row(room: string, files: readonly SourceFile[]): Row {
  const lengths = files.map(({ lines }) => lines).sort((a, b) => a - b);
  const quantile = (share: number) => lengths[Math.ceil(share * lengths.length) - 1] ?? 0;
  const sum = (count: (file: SourceFile) => number) => files.reduce((total, file) => total + count(file), 0);
  return {
    room,
    files: files.length,
    lines: sum(({ lines }) => lines),
    median: quantile(0.5),
    p90: quantile(0.9),
    longest: lengths.at(-1) ?? 0,
    casts: sum(({ casts }) => casts),
    undocumented: sum(({ undocumented }) => undocumented.length),
    longFunctions: sum(({ functions }) => functions.filter(({ lines }) => lines > MOST_LINES.function).length),
  };
}
