import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { bundle } from "./bundle.ts";

const REPOSITORY = join(import.meta.dirname, "..");

/** Where the engine runs Node, by its names of systems. */
const PLATFORMS = ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64"] as const;

/**
 * Starts the plugin with the Node on PATH. One arena of glibc keeps its peak lower. There is no V8 flag here: Node would compile its own modules
 * anew (plugin/main.ts).
 */
const EXECUTABLE = `#!/bin/sh
if ! command -v node > /dev/null; then
  echo "pulumi-resource-carto needs Node 22.19 or newer on PATH, and there is no node." >&2
  exit 1
fi
MALLOC_ARENA_MAX=1 exec node "$(dirname "$0")/bundle/main.js" "$@"
`;

/** The same on Windows, where the engine looks for an `.exe`, then for this (getCandidateExtensions in its workspace/plugins.go). */
const WINDOWS_EXECUTABLE = `@node "%~dp0bundle\\main.js" %*\r\n`;

/** The plugin, ready to be archived. */
interface PluginPackage {
  version: string;
  /** Directory of what the archives hold. */
  contents: string;
  /** Paths of the archives, one for each platform. */
  archives: string[];
}

/**
 * Makes the archives that `pulumi plugin install resource carto VERSION --file` takes: the plugin and what it needs of its dependencies in a
 * few files of JavaScript, the same for every platform, and a script that starts them with the Node on PATH.
 *
 * @param target directory, created
 * @param version of the plugin. Unset: the package's
 */
export async function packPlugin(target: string, version?: string): Promise<PluginPackage> {
  const own: { name: string; version: string; license: string } = JSON.parse(
    await readFile(join(REPOSITORY, "package.json"), "utf8"),
  );
  const facts = { name: own.name, version: version ?? own.version, license: own.license };
  const contents = join(target, "contents");
  await rm(contents, { recursive: true, force: true });
  await bundle({
    input: { main: join(REPOSITORY, "plugin/main.ts") },
    target: join(contents, "bundle"),
    external: ["@grpc/proto-loader"], // gRPC loads it only for services that the plugin does not serve
    alias: { undici: join(import.meta.dirname, "undici-client.cjs") },
    small: true, // the text of all code stays in memory
  });
  await mkdir(join(contents, "node_modules", facts.name), { recursive: true });
  await writeFile(join(contents, "bundle", "package.json"), JSON.stringify({ type: "module" }));
  // The plugin asks it for its version, as it does where npm has installed it.
  await writeFile(join(contents, "node_modules", facts.name, "package.json"), JSON.stringify(facts));
  await copyFile(join(REPOSITORY, "LICENSE"), join(contents, "LICENSE"));
  await writeFile(join(contents, "pulumi-resource-carto"), EXECUTABLE);
  await chmod(join(contents, "pulumi-resource-carto"), 0o755);
  await writeFile(join(contents, "pulumi-resource-carto.cmd"), WINDOWS_EXECUTABLE);
  const archives = PLATFORMS.map((platform) =>
    join(target, `pulumi-resource-carto-v${facts.version}-${platform}.tar.gz`),
  );
  const [first = "", ...others] = archives;
  await promisify(execFile)("tar", ["-czf", first, "-C", contents, "."]);
  for (const archive of others) await copyFile(first, archive);
  return { version: facts.version, contents, archives };
}
