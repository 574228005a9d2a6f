import type { SourceFile } from "./source-file.ts";

/**
 * Folders that import each other. What a folder's `index.ts` gathers from the folders inside it does not count: it is the door of all of
 * them.
 *
 * @returns each cycle as the folders on its way, once
 */
export function folderCycles(files: readonly SourceFile[]): string[][] {
  const edges = new Map<string, Set<string>>();
  for (const { path, imports } of files) {
    const from = folderOf(path);
    for (const to of imports.map(folderOf)) {
      if (from === to || (path === `${from}/index.ts` && to.startsWith(`${from}/`))) continue;
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
