import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./command.ts";
import { placeDynamicProvider } from "./dynamic-provider.ts";
import type { ProcessSettings } from "./process-settings.ts";
import { which } from "./search.ts";

/** What `engine/go/cli/go.mod` requires. */
export const BUILT_VERSION = "3.255.0";

/** May be set by the caller for other Go programs; they must not affect this build. */
const FOREIGN_GO_SETTINGS = ["GOOS", "GOARCH", "GOEXPERIMENT", "GOBIN"];

/** An executable that a committed module names as one of its tools. */
export interface GoTool {
  /** Folder in `engine/go/`. */
  module: string;
  package: string;
  executable: string;
}

// The small one first: what is wrong with Go or the network shows in seconds.
const ENGINE_TOOLS: readonly GoTool[] = [
  {
    module: "language-host",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    executable: "pulumi-language-nodejs",
  },
  { module: "cli", package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", executable: "pulumi" },
];

/**
 * Builds the CLI and the language host from two of the committed Go modules, whose `go.sum` files pin every byte.
 *
 * @param root an existing directory
 * @returns the directory of the CLI, inside `root`
 */
export async function buildWithGo(settings: ProcessSettings, root: string, signal: AbortSignal): Promise<string> {
  const bin = await buildTools(ENGINE_TOOLS, settings, root, signal);
  await placeDynamicProvider(bin);
  return bin;
}

/**
 * Builds tools of the committed modules.
 *
 * @param root an existing directory
 * @returns the directory of the executables, inside `root`
 */
export async function buildTools(
  tools: readonly GoTool[],
  settings: ProcessSettings,
  root: string,
  signal: AbortSignal,
): Promise<string> {
  const go = which("go", settings.goPath);
  if (!go) throw new Error("go is not on PATH");
  const bin = join(root, "built");
  const env = goEnvironment(settings, root);
  await mkdir(bin);
  await mkdir(join(root, "go-tmp"));
  const version = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${BUILT_VERSION}`;
  const modules = fileURLToPath(new URL("engine/go/", new URL("./", import.meta.resolve("pulumi-carto/package.json"))));
  for (const { module, package: source, executable } of tools) {
    const cwd = moduleDirectory(root, module);
    await cp(join(modules, module), cwd, { recursive: true });
    const args = ["build", "-o", join(bin, executable), "-ldflags", `-s -w -X ${version}`, source];
    await runCommand(go, args, { cwd, env, signal });
  }
  return bin;
}

/** Where a committed module is copied to, to be built. */
export function moduleDirectory(root: string, module: string): string {
  return join(root, module);
}

/** The environment of Go. */
export function goEnvironment(settings: ProcessSettings, root: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...settings.variables,
    CGO_ENABLED: "0",
    GO111MODULE: "on",
    GOFLAGS: "-mod=readonly -trimpath -buildvcs=false",
    GOWORK: "off",
    GOTMPDIR: join(root, "go-tmp"),
  };
  for (const name of FOREIGN_GO_SETTINGS) delete env[name];
  return env;
}
