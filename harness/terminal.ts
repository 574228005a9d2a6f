import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

const SCRIPT = "/usr/bin/script";

/** Whether there is what makes pseudo-terminals: util-linux's `script`. */
export const HAS_TERMINAL = existsSync(SCRIPT);

/** Why a test that needs a pseudo-terminal is skipped, for its name; empty: it is not. */
export const NO_TERMINAL = HAS_TERMINAL ? "" : " (skipped: there is no `script` here to make a terminal with)";

/** What a command wrote to its terminal, and how it ended. */
export interface TerminalResult {
  code: number | null;
  /** With the echo of what was typed, and with escape sequences. */
  text: string;
}

/**
 * Runs a shell's command line in a pseudo-terminal.
 *
 * @param react gets all that was written so far, each time that there is more, and returns what is typed
 */
export async function inTerminal(
  line: string,
  { cwd, env }: { cwd: string; env: Record<string, string> },
  react: (written: string) => string | undefined = () => undefined,
): Promise<TerminalResult> {
  const child = spawn(SCRIPT, ["-qec", line, "/dev/null"], { cwd, env, stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (written: string) => {
    text += written;
    const typed = react(text);
    if (typed !== undefined) child.stdin.write(typed);
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, text };
}

/** Types each text once what it waits for was written, one after the other. */
export function typing(...steps: [awaited: string, typed: string][]): (written: string) => string | undefined {
  let seen = 0;
  return (written) => {
    const [step] = steps;
    const at = step === undefined ? -1 : written.indexOf(step[0], seen);
    if (step === undefined || at < 0) return undefined;
    seen = at + step[0].length;
    steps.shift();
    return step[1];
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const SEQUENCE = /(\u001b\[[\d;?]*[A-Za-z]|\r?\n|\r)/;

/** What stays on the screen of a terminal with lines of any length, as far as the command moves its cursor. */
export function screenOf(text: string): string {
  const lines = [""];
  let [row, column] = [0, 0];
  for (const part of text.split(SEQUENCE)) {
    const line = lines[row] ?? "";
    if (part.startsWith("\u001b")) {
      if (part.endsWith("A")) row = Math.max(0, row - Number.parseInt(part.slice(2), 10));
      if (part.endsWith("J")) lines.splice(row, lines.length, line.slice(0, column));
    } else if (part === "\r") column = 0;
    else if (part.endsWith("\n")) {
      [row, column] = [row + 1, 0]; // a terminal writes \r\n for it
      lines[row] ??= "";
    } else {
      lines[row] = line.slice(0, column).padEnd(column) + part + line.slice(column + part.length);
      column += part.length;
    }
  }
  return lines.join("\n");
}
