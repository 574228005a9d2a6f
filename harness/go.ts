import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const SDK = join(import.meta.dirname, "../.pulumi-carto/sdks/go");

/** Whether `npm run sdks` has compiled the Go package: it says why where it has not. */
export function goIsReady(): boolean {
  return existsSync(join(SDK, "ready"));
}

/** The text of an example's go.mod, with the package where `npm run sdks` puts it. */
export function withGoSdk(goMod: string): string {
  return goMod.replace("../../.pulumi-carto/sdks/go", SDK);
}

/** Where Go keeps what it has compiled: a workspace has a HOME of its own, where the Pulumi SDK would be compiled anew. */
export async function goEnv(): Promise<Record<string, string>> {
  const { stdout } = await promisify(execFile)("go", ["env", "-json", "GOPATH", "GOCACHE", "GOMODCACHE"]);
  const variables: Record<string, string> = JSON.parse(stdout);
  return { ...variables, GOFLAGS: "-buildvcs=false" };
}
