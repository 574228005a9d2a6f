import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/** The user's own: compiled code from a directory that others write to could be anybody's. */
const DIRECTORY = join(homedir(), ".cache", "pulumi-carto", "node");

/**
 * Lets Node cache compiled code between runs. Not for pipelines: most begin with none, and writing it takes longer than reading it would
 * save. The engine starts the dynamic provider with the same SDK, which gains by it, too.
 */
export function keepCompiledCode(): void {
  module.enableCompileCache(DIRECTORY);
  process.env.NODE_COMPILE_CACHE ??= DIRECTORY;
}
