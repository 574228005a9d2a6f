/** How a run learns that it is to stop. */
export interface Interruption {
  /** Aborted by the first signal. */
  signal: AbortSignal;
  /**
   * Aborted when the engine has to be told, too. Ctrl-C in a terminal reaches the engine by itself, and hearing of it twice means
   * "at once" to it.
   */
  engineSignal: AbortSignal;
}

/** Lets SIGINT and SIGTERM end `work` in good order; a second one ends the process. */
export async function interruptible<Result>(work: (interruption: Interruption) => Promise<Result>): Promise<Result> {
  const [all, engine] = [new AbortController(), new AbortController()];
  const interrupt = (name: NodeJS.Signals) => {
    if (all.signal.aborted) process.exit(130);
    process.stderr.write("Stopping after the steps that are under way; once more to stop at once.\n");
    all.abort();
    if (name !== "SIGINT" || process.stdin.isTTY !== true) engine.abort();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await work({ signal: all.signal, engineSignal: engine.signal });
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}
