import { globSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rolldown } from "rolldown";

/** What is bundled, and where to. */
export interface BundleOptions {
  /** Paths of the modules that are loaded from outside, by the path of their file below `target`, without its extension. */
  input: Record<string, string>;
  /** Directory. What it already holds stays. */
  target: string;
  /** Packages that stay packages, and modules that stay files, with where they are. Unset: none. */
  external?: string[];
  paths?: Record<string, string>;
  /** Modules in place of packages. Unset: none. */
  alias?: Record<string, string>;
  /** Whether white space goes. Unset: it stays, so that the lines of a stack trace say something. */
  small?: boolean;
}

/** Joins modules and what they need of their dependencies into a few files, with the licences of these dependencies beside them. */
export async function bundle({
  input,
  target,
  external = [],
  paths = {},
  alias,
  small = false,
}: BundleOptions): Promise<void> {
  const build = await rolldown({
    input,
    platform: "node",
    logLevel: "silent",
    transform: { target: "node22.19" },
    external: [...external.map((name) => new RegExp(`^${name}(/|$)`)), ...Object.keys(paths)],
    ...(alias && { resolve: { alias } }),
  });
  const { output } = await build.write({
    dir: target,
    format: "esm",
    paths,
    entryFileNames: "[name].js",
    chunkFileNames: "shared/[name].js",
    // Names stay: messages have them. Comments on licences are kept.
    ...(small && { minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } } }),
  });
  await build.close();
  const modules = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  await writeFile(join(target, "LICENSES.txt"), await licences(modules));
}

/** The licences of the packages that these modules are of. */
async function licences(modules: readonly string[]): Promise<string> {
  const roots = modules.flatMap((module) => /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? []);
  const texts = [...new Set(roots)].sort().map(async (root) => {
    const { name, version, license }: Record<string, string> = JSON.parse(
      await readFile(join(root, "package.json"), "utf8"),
    );
    const [file] = globSync("{LICENSE,LICENCE,license}*", { cwd: root }).sort();
    const text = file === undefined ? "" : `\n${(await readFile(join(root, file), "utf8")).trim()}\n`;
    return `${name} ${version}: ${license}\n${text}`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(80)}\n\n`);
}
