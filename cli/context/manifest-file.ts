import { isUtf8 } from "node:buffer";
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
  const read = await readText(file);
  if ("reason" in read) {
    const failure: ManifestFailure = { file, line: 1, column: 1, path: "", reason: read.reason, rule: "file" };
    return { failures: [failure] };
  }
  return readManifest(read.text, { trustIn: trustIn(file), ...options, file });
}

/** The text of a file, or why there is none. */
async function readText(file: string): Promise<{ text: string } | { reason: string }> {
  try {
    const bytes = await readFile(file);
    // The YAML library would complain about every part of what it cannot read, and a name could lose characters.
    if (!isUtf8(bytes) || bytes.includes(0)) return { reason: "the file is not UTF-8 text" };
    return { text: bytes.toString() };
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT") return { reason: "the file does not exist" };
    if (code === "EISDIR") return { reason: "the path is a directory: give a manifest, for example clients.yaml" };
    return { reason: `the file cannot be read: ${code}` };
  }
}

/** `NAME=VALUE` arguments as variables. @throws Error When one has no `=`. */
export function parseVariable(argument: string, earlier: Record<string, string> = {}): Record<string, string> {
  const at = argument.indexOf("=");
  if (at < 1) throw new Error(`--var ${argument}: write NAME=VALUE`);
  return { ...earlier, [argument.slice(0, at)]: argument.slice(at + 1) };
}
