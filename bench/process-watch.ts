import { readdir, readFile } from "node:fs/promises";

const SAMPLE_MS = 100;
/** What /proc counts CPU time in: 100 a second on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** What a process belongs to. */
export type Part = "program" | "provider";

/** What the processes that a command started have used; 0: there were none. */
export interface Usage {
  /** Peak resident memory in MB. */
  peakMemory: Record<Part, number>;
  /** Of all its processes together, but for the last tenth of a second of each. */
  cpuSeconds: number;
}

/** Which of a command's processes is meant, by its command line. */
export type Role = (commandLine: string) => Part | undefined;

/** Measures a process and its descendants (Linux only; 0 on other systems). */
export function watchProcesses(pid: number, role: Role): { stop: () => Promise<Usage> } {
  const peakMemory = { program: 0, provider: 0 };
  const ticks = new Map<number, number>();
  let running = Promise.resolve();
  const sample = async () => {
    for (const each of await descendants(pid)) {
      // After the name in brackets, which may hold anything: fields 14 and 15 are user and system time.
      const fields = (await text(`/proc/${each}/stat`)).replace(/^.*\)/, "").split(" ");
      ticks.set(each, Math.max(ticks.get(each) ?? 0, Number(fields[12] ?? 0) + Number(fields[13] ?? 0)));
      const part = role(await text(`/proc/${each}/cmdline`));
      const kilobytes = /VmHWM:\s+(\d+)/.exec(part ? await text(`/proc/${each}/status`) : "")?.[1];
      if (part && kilobytes) peakMemory[part] = Math.max(peakMemory[part], Number(kilobytes) / 1000);
    }
  };
  const timer = setInterval(() => {
    running = running.then(sample);
  }, SAMPLE_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
      const all = [...ticks.values()].reduce((sum, each) => sum + each, 0);
      return { peakMemory, cpuSeconds: all / TICKS_PER_SECOND };
    },
  };
}

async function descendants(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const children = await Promise.all(threads.map((thread) => text(`/proc/${pid}/task/${thread}/children`)));
  const pids = children.join(" ").split(" ").filter(Boolean).map(Number);
  return [pid, ...(await Promise.all(pids.map(descendants))).flat()];
}

/** A process may end between being listed and being read. */
async function text(path: string): Promise<string> {
  return (await readFile(path, "utf8").catch(() => "")).replaceAll("\0", " ");
}
