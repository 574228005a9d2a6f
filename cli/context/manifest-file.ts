import { readFile } from "node:fs/promises";
import { systemCode } from "../../error/system-code.ts";
import type { ManifestFailure } from "../../manifest/failure.ts";
import { type ManifestResult, type ReadManifestOptions, readManifest } from "../../manifest/read-manifest.ts";
import { trustIn } from "./trust.ts";

/** Reads a manifest from disk; a file that cannot be read is reported as a failure. */
export async function readManifestFile(
  file: string,
  options: Omit<ReadManifestOptions, "file">,
): Promise<ManifestResult> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const code = systemCode(error);
    const reason = code === "ENOENT" ? "the file does not exist" : `the file cannot be read: ${code}`;
    const failure: ManifestFailure = { file, line: 1, column: 1, path: "", reason, rule: "file" };
    return { failures: [failure] };
  }
  return readManifest(text, { trustIn: trustIn(file), ...options, file });
}

/** `NAME=VALUE` arguments as variables. @throws Error When one has no `=`. */
export function parseVariable(argument: string, earlier: Record<string, string> = {}): Record<string, string> {
  const at = argument.indexOf("=");
  if (at < 1) throw new Error(`--var ${argument}: write NAME=VALUE`);
  return { ...earlier, [argument.slice(0, at)]: argument.slice(at + 1) };
}
