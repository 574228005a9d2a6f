import { readdir, readFile } from "node:fs/promises";

const SAMPLE_MS = 200;

/** Peak resident memory in MB of the processes that a command started; 0: there was none. */
export interface PeakMemory {
  program: number;
  provider: number;
}

/** Which of a command's processes is meant, by its command line. */
export type Role = (commandLine: string) => keyof PeakMemory | undefined;

/** Watches a process and its descendants; Linux only, elsewhere every peak is 0. */
export function watchMemory(pid: number, role: Role): { stop: () => Promise<PeakMemory> } {
  const peak: PeakMemory = { program: 0, provider: 0 };
  let running = Promise.resolve();
  const sample = async () => {
    for (const each of await descendants(pid)) {
      const part = role(await text(`/proc/${each}/cmdline`));
      const kilobytes = /VmHWM:\s+(\d+)/.exec(part ? await text(`/proc/${each}/status`) : "")?.[1];
      if (part && kilobytes) peak[part] = Math.max(peak[part], Number(kilobytes) / 1000);
    }
  };
  const timer = setInterval(() => {
    running = running.then(sample);
  }, SAMPLE_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
      return peak;
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
