import type { SourceFile } from "./source-file.ts";

/**
 * Folders that need each other, by their files' imports. A folder and one inside it are one noun, its parts and their door, and may.
 *
 * @returns each cycle as the folders on its way, once
 */
export function folderCycles(files: readonly SourceFile[]): string[][] {
  const edges = new Map<string, Set<string>>();
  for (const { path, imports } of files) {
    const from = folderOf(path);
    for (const to of imports.map(folderOf)) {
      if (isWithin(from, to) || isWithin(to, from)) continue;
      edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
  }
  const cycles = new Map<string, string[]>();
  const follow = (folder: string, way: readonly string[]): void => {
    const start = way.indexOf(folder);
    if (start >= 0) {
      const cycle = way.slice(start);
      cycles.set([...cycle].sort().join(), cycle);
    } else if (!done.has(folder)) {
      for (const next of edges.get(folder) ?? []) follow(next, [...way, folder]);
      done.add(folder);
    }
  };
  const done = new Set<string>();
  for (const folder of edges.keys()) follow(folder, []);
  return [...cycles.values()];
}

function folderOf(path: string): string {
  return path.split("/").slice(0, -1).join("/");
}

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}
