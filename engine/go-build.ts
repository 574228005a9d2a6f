import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./command.ts";
import { placeDynamicProvider } from "./dynamic-provider.ts";
import type { Environment } from "./environment.ts";
import { which } from "./search.ts";

/** What `engine/go/cli/go.mod` requires. */
export const BUILT_VERSION = "3.255.0";

/** Set by whoever calls us for programs of their own; none of them may decide how these two are built. */
const FOREIGN_GO_SETTINGS = ["GOOS", "GOARCH", "GOEXPERIMENT", "GOBIN"];

/**
 * Builds CLI and language host from the two committed Go modules, whose `go.sum` files pin every byte.
 *
 * @param root an existing directory
 * @returns the directory of the CLI, inside `root`
 */
export async function buildWithGo(environment: Environment, root: string, signal: AbortSignal): Promise<string> {
  const go = await which("go", environment.goPath);
  if (!go) throw new Error("there is no go on PATH");
  const bin = join(root, "built");
  const temporary = join(root, "go-tmp");
  await mkdir(bin);
  await mkdir(temporary);
  const env: NodeJS.ProcessEnv = {
    ...environment.variables,
    CGO_ENABLED: "0",
    GO111MODULE: "on",
    GOFLAGS: "-mod=readonly -trimpath -buildvcs=false",
    GOWORK: "off",
    GOTMPDIR: temporary,
  };
  for (const name of FOREIGN_GO_SETTINGS) delete env[name];
  const version = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${BUILT_VERSION}`;
  const modules = fileURLToPath(new URL("engine/go/", new URL("./", import.meta.resolve("pulumi-carto/package.json"))));
  // The small one first: what is wrong with Go or the network shows in seconds.
  for (const [name, executable] of [
    ["language-host", "pulumi-language-nodejs"],
    ["cli", "pulumi"],
  ] as const) {
    const cwd = join(root, name);
    await cp(join(modules, name), cwd, { recursive: true });
    await runCommand(go, ["build", "-o", join(bin, executable), "-ldflags", `-s -w -X ${version}`, "tool"], {
      cwd,
      env,
      signal,
    });
  }
  await placeDynamicProvider(bin);
  return bin;
}
