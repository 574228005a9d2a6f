import { temporaryDirectory } from "../../deployment/temporary-directory.ts";

/**
 * Makes new files private, because the engine receives secrets in a file: only this user may read it, and it goes with the process, or at
 * the next run. Returns the old umask.
 */
export function keepTemporaryFilesPrivate(): number {
  const umask = process.umask(0o077);
  process.env.TMPDIR = temporaryDirectory("import").path;
  return umask;
}
