import type { SourceFile } from "./source-file.ts";

const BEGIN = "<!-- map begins: `npm run house -- --write` -->";
const END = "<!-- map ends -->";

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
  const [before, rest] = document.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`CONTRIBUTING.md has no "${BEGIN}" and "${END}".`);
  return `${before}${BEGIN}\n\n${map}\n\n${END}${after}`;
}
