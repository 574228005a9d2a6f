/** Tells a run to stop. */
export interface Interruption {
  /** Aborted by the first signal. */
  signal: AbortSignal;
  /**
   * Aborted when the engine has to be interrupted too. Ctrl-C in a terminal reaches the engine by itself, and hearing of it twice means
   * "at once" to it.
   */
  engineSignal: AbortSignal;
  /** Shows a line that stays on the screen. Set by what draws there; unset: stderr. */
  show?: ((line: string) => void) | undefined;
  /** Commands that remove the locks of stacks that are being changed, should the process end at once. */
  readonly unlocks: Set<string>;
}

/** Lets SIGINT and SIGTERM end `work` in good order; a second one ends the process. */
export async function interruptible<Result>(work: (interruption: Interruption) => Promise<Result>): Promise<Result> {
  const [all, engine] = [new AbortController(), new AbortController()];
  const interruption: Interruption = { signal: all.signal, engineSignal: engine.signal, unlocks: new Set() };
  const show = (line: string) => (interruption.show ?? ((text) => process.stderr.write(text)))(`${line}\n`);
  const interrupt = (name: NodeJS.Signals) => {
    if (all.signal.aborted) {
      show(stoppedText([...interruption.unlocks]));
      process.exit(130);
    }
    show("Stopping after the steps in progress. Press Ctrl-C again to stop at once.");
    all.abort();
    if (name !== "SIGINT" || process.stdin.isTTY !== true) engine.abort();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await work(interruption);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

function stoppedText(unlocks: readonly string[]): string {
  if (unlocks.length === 0) return "Stopped at once.";
  return [
    "Stopped at once: steps in progress may not be recorded, and a stack may still be locked. If the next run says so, remove the lock, then run `up` again:",
    ...unlocks.map((line) => `  ${line}`),
  ].join("\n");
}
