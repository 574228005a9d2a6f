import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { LanguageHostError } from "./errors.ts";
import { buildTools, type GoTool, goEnvironment, moduleDirectory } from "./go-build.ts";
import { withLock } from "./lock.ts";
import type { ProcessSettings } from "./process-settings.ts";
import { type Engine, which } from "./search.ts";

/** Languages besides Node.js whose programs the engine runs if their host is next to it. */
export const LANGUAGES = ["yaml", "python", "go"] as const;

/** A language besides Node.js. */
export type Language = (typeof LANGUAGES)[number];

/** Python programs are started by a script, which must be next to the host. */
const PYTHON_SCRIPT = "pulumi-language-python-exec";

const TOOLS: Record<Language, GoTool> = {
  yaml: {
    module: "yaml",
    package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    executable: "pulumi-language-yaml",
  },
  python: {
    module: "language-host",
    package: "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python",
    executable: "pulumi-language-python",
  },
  go: {
    module: "language-host",
    package: "github.com/pulumi/pulumi/sdk/v3/go/pulumi-language-go",
    executable: "pulumi-language-go",
  },
};

/** The languages whose host is neither next to the engine nor on PATH. */
export function missingLanguages(
  engine: Engine,
  languages: readonly Language[],
  settings: ProcessSettings,
): Language[] {
  return languages.filter(
    (language) => which(TOOLS[language].executable, [engine.bin, ...settings.path]) === undefined,
  );
}

/**
 * Builds the hosts that are missing with Go, from the committed modules, and places them next to the engine. Several processes may
 * call it at once.
 *
 * @throws LanguageHostError When one cannot be built: then none is placed.
 */
export async function placeLanguageHosts(
  engine: Engine,
  languages: readonly Language[],
  settings: ProcessSettings,
  { log, signal }: { log: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  if (missingLanguages(engine, languages, settings).length === 0) return;
  const versions = join(settings.pulumiHome, "versions");
  await mkdir(versions, { recursive: true });
  await withLock(join(versions, ".pulumi-carto.lock"), { signal }, async () => {
    const missing = missingLanguages(engine, languages, settings);
    if (missing.length === 0) return;
    log(`Building the language hosts of ${missing.join(", ")} with Go, which takes 1 to 4 minutes`);
    const root = await mkdtemp(join(versions, ".unfinished-"));
    try {
      const tools = missing.map((language) => TOOLS[language]);
      const bin = await buildTools(tools, settings, root, signal);
      if (missing.includes("python")) await addPythonScript(bin, settings, root);
      for (const { executable } of tools) await rename(join(bin, executable), join(engine.bin, executable));
      if (missing.includes("python")) await rename(join(bin, PYTHON_SCRIPT), join(engine.bin, PYTHON_SCRIPT));
    } catch (error) {
      signal.throwIfAborted();
      throw new LanguageHostError(missing, error instanceof Error ? error.message : String(error), error);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
}

async function addPythonScript(bin: string, settings: ProcessSettings, root: string): Promise<void> {
  const go = which("go", settings.goPath) ?? "go";
  const options = { cwd: moduleDirectory(root, "language-host"), env: goEnvironment(settings, root) };
  const list = ["list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"];
  const { stdout } = await promisify(execFile)(go, list, options);
  await copyFile(join(stdout.trim(), "python", "cmd", PYTHON_SCRIPT), join(bin, PYTHON_SCRIPT));
  await chmod(join(bin, PYTHON_SCRIPT), 0o755);
}
