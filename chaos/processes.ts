import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * Processes whose working directory is a given directory or below it, according to /proc (Linux only): an engine's children are in process
 * groups of their own, and survive it.
 */
export function processesIn(directory: string): { pid: number; command: string }[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const cwd = readlinkSync(`/proc/${entry}/cwd`);
        if (cwd !== directory && !cwd.startsWith(`${directory}/`)) return [];
        return [{ pid: Number(entry), command: readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " ") }];
      } catch {
        return []; // gone, or not ours
      }
    });
}

/** @returns whether there was one to kill */
export function killAll(processes: readonly { pid: number }[]): boolean {
  const killed = processes.filter(({ pid }) => {
    try {
      return process.kill(pid, "SIGKILL");
    } catch {
      return false; // gone
    }
  });
  return killed.length > 0;
}
