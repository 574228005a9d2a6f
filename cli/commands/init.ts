import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { EDITOR_SETTINGS, initialManifest } from "./init-files.ts";

/** Options of `init`. */
export interface InitOptions {
  /** Which CI system's pipeline to write. Unset: none. */
  pipeline?: "github" | "gitlab";
}

const PIPELINES = { github: ".github/workflows/oauth-clients.yml", gitlab: ".gitlab-ci.yml" };

/** Writes a commented manifest, editor settings and a pipeline into the working directory. Overwrites nothing. */
export async function init(options: InitOptions): Promise<ExitCode> {
  const files: [path: string, text: string][] = [
    ["clients.yaml", initialManifest(basename(process.cwd()))],
    [".vscode/settings.json", EDITOR_SETTINGS],
  ];
  if (options.pipeline) files.push([PIPELINES[options.pipeline], await pipeline(PIPELINES[options.pipeline])]);
  const present = files.map(([path]) => path).filter((path) => existsSync(path));
  if (present.length > 0) {
    process.stderr.write(
      `init: ${present.join(" and ")} already exist${present.length > 1 ? "" : "s"}: move ${present.length > 1 ? "them" : "it"} away first. Nothing was written.\n`,
    );
    return EXIT.invalid;
  }
  for (const [path, text] of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: "wx" });
  }
  process.stdout.write(
    `${files.map(([path]) => `Created ${path}\n`).join("")}\nNext: edit clients.yaml, then run \`pulumi-carto check\`.\n`,
  );
  return EXIT.done;
}

/** The package ships the example pipelines, which its tests run. */
function pipeline(path: string): Promise<string> {
  const root = dirname(createRequire(import.meta.url).resolve("pulumi-carto/package.json"));
  return readFile(join(root, "examples", "pipelines", path), "utf8");
}
