import { spawn } from "node:child_process";
import { once } from "node:events";

/** How a command is run. */
export interface CommandOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

/**
 * Runs a command without a terminal, in a separate process group, so that an interrupt of this process also ends its children.
 *
 * @throws Error When it cannot start or fails, with the end of what it printed; or the signal's reason, when aborted.
 */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<void> {
  const { cwd, env, signal } = options;
  signal.throwIfAborted();
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const interrupt = () => child.pid && process.kill(-child.pid, "SIGINT");
  let tail = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      tail = (tail + text).slice(-2000);
    });
  }
  signal.addEventListener("abort", interrupt);
  try {
    const code: number | null = (await once(child, "close"))[0];
    signal.throwIfAborted();
    if (code !== 0) throw new Error(tail.trim().split("\n").slice(-5).join("\n") || `it ended with ${code}`);
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}
