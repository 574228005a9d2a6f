import type { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 20;
const SQLITE_BUSY = 5;

/**
 * Runs a task while no other task runs under the same lock file, in this process or another.
 *
 * The lock is SQLite's, so the operating system's: it goes when its holder dies, however it dies, and can never be stale.
 * The file stays: whoever removed it could remove another's lock.
 *
 * @param file created where it is missing, in a directory that exists
 * @param options `signal` ends the wait (unset: never); `onWait` is called once if another holds the lock
 */
export async function withLock<T>(
  file: string,
  options: { signal?: AbortSignal; onWait?: () => void },
  task: () => Promise<T>,
): Promise<T> {
  const sqlite = await import("node:sqlite"); // loaded when it is needed: Node 22 warns of it
  const database = new sqlite.DatabaseSync(file, { timeout: 0 });
  try {
    for (let waited = false; !tryLock(database); waited = true) {
      if (!waited) options.onWait?.();
      await delay(POLL_MS, undefined, options.signal && { signal: options.signal });
    }
    return await task();
  } finally {
    database.close();
  }
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
