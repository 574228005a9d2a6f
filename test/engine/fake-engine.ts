import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ProcessSettings } from "../../engine/process-settings.ts";

/** A directory that is gone when its scope ends. */
export async function temporaryDirectory(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), "pulumi-carto-engine-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export async function writeExecutable(path: string, script: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

/** An executable that answers as a Pulumi CLI of a version does, with companions beside it. */
export async function writeEngine(
  bin: string,
  version: string,
  companions = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"],
): Promise<void> {
  await writeExecutable(join(bin, "pulumi"), `echo ${version}`);
  for (const name of companions) await writeExecutable(join(bin, name), "exit 0");
}

/** A machine with nothing but `sh` and what lies in `root`: directories `path` and `home`. */
export function bareMachine(root: string): ProcessSettings {
  const path = [join(root, "path")];
  return {
    path,
    goPath: path,
    pulumiHome: join(root, "home"),
    variables: { PATH: "/usr/bin:/bin" },
  };
}
