import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 500;
const SQLITE_BUSY = 5;

/**
 * Runs a task while no other process runs one under the same lock file.
 *
 * The lock is SQLite's, so the operating system's: it goes when its holder dies, however it dies, and can never be stale.
 *
 * @param onWait called once if another holds the lock
 */
export async function withLock<T>(
  file: string,
  options: { signal: AbortSignal; onWait: () => void },
  task: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    for (let waited = false; !tryLock(database); waited = true) {
      if (!waited) options.onWait();
      await delay(POLL_MS, undefined, { signal: options.signal });
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
