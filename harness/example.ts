import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** All files of an example, by path: what a user copies. */
export async function exampleFiles(name: string): Promise<Record<string, string>> {
  const root = fileURLToPath(new URL(`../examples/${name}/`, import.meta.url));
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths.map(async (path) => [relative(root, path), await readFile(path, "utf8")] as const);
  return Object.fromEntries(await Promise.all(files));
}
