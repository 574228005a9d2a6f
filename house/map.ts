import { replaceSection } from "./section.ts";
import type { SourceFile } from "./source-file.ts";

/** One line for each folder and file: what stands there, in the words of its own comment. */
export function fileMap(files: readonly SourceFile[]): string {
  const folders = new Map<string, string[]>();
  for (const { path, summary } of files) {
    const folder = path.split("/").slice(0, -1).join("/");
    const line = `- \`${path.split("/").at(-1)}\`: ${summary ?? ""}`;
    folders.set(folder, [...(folders.get(folder) ?? []), line]);
  }
  return [...folders].map(([folder, lines]) => `**\`${folder}/\`**\n\n${lines.join("\n")}`).join("\n\n");
}

/** The document with this map between its marks. */
export function withMap(document: string, map: string): string {
  return replaceSection(document, "map", map);
}
