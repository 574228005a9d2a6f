import { readFileSync } from "node:fs";

/** What the kernel tells of a process. */
export interface ProcessStat {
  /** The name of its program. */
  name: string;
  /** When it started, as its kernel counts. */
  start: string;
}

/**
 * Reads /proc (Linux only). In a container whose first process waits for nobody, a process that ended stays there as a zombie: it counts
 * as gone.
 *
 * @returns undefined for a process that is gone, or where there is no /proc
 */
export function processStat(pid: number): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The name, in parentheses, may hold anything. State is the third field, the start the twenty-second. @see proc_pid_stat(5)
  const [, name = "", state = "", rest = ""] = /^\d+ \((.*)\) (\S) (.*)$/s.exec(text) ?? [];
  const start = rest.split(" ")[18];
  return start === undefined || /[ZX]/.test(state) ? undefined : { name, start };
}
