import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../engine/command.ts";

/** What the committed Go modules under `go/` require. */
export const PEER_VERSIONS = { OpenTofu: "1.12.6", "terraform-provider-auth0": "1.0.0" };

const ROOT = fileURLToPath(new URL("../.pulumi-carto/peers/", import.meta.url));

/** Where `tofu`, `terraform-provider-auth0`, and the certificate of the mock are once they are built. */
export const PEER_DIRECTORY = join(ROOT, Object.values(PEER_VERSIONS).join("-"));

const MODULES = { "auth0-provider": "terraform-provider-auth0", tofu: "tofu" } as const;

/**
 * Builds OpenTofu and its Auth0 provider with Go, once: some minutes on two cores. What is there is used again.
 *
 * @throws Error When there is no Go, or a module cannot be had.
 */
export async function buildPeer(log: (line: string) => void): Promise<void> {
  if (existsSync(PEER_DIRECTORY)) return;
  await mkdir(ROOT, { recursive: true });
  const unfinished = await mkdtemp(join(ROOT, "building-"));
  try {
    for (const [module, executable] of Object.entries(MODULES)) {
      log(`Building ${executable} with Go...`);
      const source = join(unfinished, "source");
      await cp(fileURLToPath(new URL(`peers/go/${module}`, import.meta.url)), source, { recursive: true });
      await run("go", ["build", "-ldflags", "-s -w", "-o", join(unfinished, executable), "tool"], source);
      await rm(source, { recursive: true });
    }
    await makeCertificate(unfinished);
    await rename(unfinished, PEER_DIRECTORY);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** The provider speaks https only: Go brings a program that makes a certificate for the mock. */
async function makeCertificate(directory: string): Promise<void> {
  const program = "crypto/tls/generate_cert.go";
  const script = `exec "$0" run "$("$0" env GOROOT)/src/${program}" "$@"`;
  const flags = ["--host", "127.0.0.1", "--ca", "--ecdsa-curve", "P256"];
  await run("sh", ["-c", script, "go", ...flags], directory);
}

/** Niced: whoever else works on the machine comes first. */
function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { GOOS, GOARCH, GOEXPERIMENT, GOBIN, ...inherited } = process.env;
  const flags = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -trimpath -buildvcs=false", GOWORK: "off" };
  const env = { ...inherited, ...flags };
  return runCommand("nice", [command, ...args], { cwd, env, signal: new AbortController().signal });
}
