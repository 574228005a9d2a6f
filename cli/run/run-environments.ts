import { mkdir } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import type { Checkpoints } from "../../deployment/checkpoints.ts";
import { formatFailure } from "../../manifest/failure.ts";
import { openEngine } from "../context/engine.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { printJson, refuse } from "../context/json.ts";
import { errorText, ownError } from "../context/own-error.ts";
import { readProcessSettings } from "../context/process-settings.ts";
import { type Selection, type SelectionOptions, selectEnvironments, selectionProblem } from "../context/selection.ts";
import { createStyle } from "../context/style.ts";
import { canRecord, record } from "./audit-record.ts";
import { keepHeapSmall } from "./heap.ts";
import { interruptible } from "./interruption.ts";
import { hasChanges, type Outcome } from "./outcome.ts";
import { outcomeText } from "./outcome-text.ts";
import { createProgress } from "./progress.ts";
import { loadDeployment, type RunPlan, runEnvironment, type Session } from "./run-environment.ts";

/** Options that every command with environments takes. */
export interface EnvironmentOptions extends SelectionOptions {
  /** How many environments run side by side. */
  parallel: number;
  /** True: ten minutes; a number: that many seconds. Unset: not at all. */
  wait?: true | number;
  /** Lets the engine start the provider in a process of its own. Unset: the command serves it. */
  providerProcess?: boolean;
  /** How often the state is written, `up` and `destroy` only. Unset: once for many creates and deletes. */
  checkpoints?: Checkpoints;
  json?: boolean;
  /** Whether advice on clients that do not change is shown, too. Unset: it is counted. */
  advice?: boolean;
  /** File that records who changed what, `up` and `destroy` only. Unset: none. */
  audit?: string;
}

/** What became of all environments of one call. */
export interface Runs {
  outcomes: Outcome[];
  /** Of the call: the outcomes' unless something else decided. */
  exitCode: ExitCode;
}

type Run = (plan: RunPlan) => Promise<Outcome[]>;

const DEFAULT_WAIT_SECONDS = 600;

/**
 * Reads the manifest, finds an engine, and runs plans over the chosen environments side by side. Prints the outcomes.
 *
 * @param command for `--json`
 */
export async function runEnvironments(
  command: string,
  file: string,
  options: EnvironmentOptions,
  work: (run: Run, selection: Selection) => Promise<Runs>,
): Promise<ExitCode> {
  const settings = readProcessSettings();
  const style = createStyle(settings.color && options.json !== true);
  const problem = selectionProblem(options);
  if (problem !== undefined) {
    return refuse(command, { json: options.json, environments: [] }, problem);
  }
  // What a manifest of 1,000 clients leaves behind counts, too. A refresh may do without the SDK, and then takes little memory.
  if (command !== "refresh") keepHeapSmall();
  const { selection, failures } = await selectEnvironments(file, options);
  if (selection === undefined) {
    if (options.json) printJson(command, false, { environments: [], failures });
    else process.stderr.write(`${failures.map(formatFailure).join("\n")}\n${file}: nothing was started\n`);
    return EXIT.invalid;
  }
  if (options.audit !== undefined && !(await canRecord(options.audit))) return EXIT.invalid;
  return interruptible(async (interruption) => {
    const progress = createProgress(settings, style, options.json === true);
    interruption.show = (line) => progress.warn(line);
    try {
      const log = (line: string) => process.stderr.write(`${line}\n`);
      const opening = openEngine(log, interruption.signal);
      // Beside it, and beside what a run looks at first; the run waits for it.
      if (command !== "refresh") loadDeployment().catch(() => {});
      const engine = await opening;
      const session: Session = {
        ...selection,
        engine,
        interruption,
        progress,
        met: new Map(),
        waitSeconds: options.wait === true ? DEFAULT_WAIT_SECONDS : (options.wait ?? 0),
        providerProcess: options.providerProcess ?? false,
        ...(options.checkpoints && { checkpoints: options.checkpoints }),
      };
      const run: Run = async (plan) => {
        for (const directory of [plan.savePlans]) if (directory) await mkdir(directory, { recursive: true });
        const show = inOrder((outcome: Outcome) => {
          progress.print(outcomeText(outcome, plan.title, style, options.advice));
        });
        const entries = [...selection.environments.entries()];
        const ran = await inParallel(entries, options.parallel, async ([index, one]) => {
          const outcome = await runEnvironment(one, selection.own(one), session, plan);
          progress.finish(one.name);
          show(index, outcome);
          return outcome;
        });
        const changes = (plan.operation === "up" || plan.operation === "destroy") && !plan.previewOnly;
        if (changes && options.audit !== undefined) await record(options.audit, command, ran);
        return ran;
      };
      const { outcomes, exitCode } = await work(run, selection);
      const ok = outcomes.length > 0 && outcomes.every((outcome) => outcome.ok);
      if (options.json) printJson(command, ok, { environments: outcomes });
      return exitCode;
    } catch (error) {
      if (!ownError(error) && !interruption.signal.aborted) throw error;
      const message = interruption.signal.aborted ? "Interrupted: nothing was started." : errorText(error);
      const code = interruption.signal.aborted ? "interrupted" : ownError(error)?.code;
      if (options.json) printJson(command, false, { environments: [], error: { code, message } });
      process.stderr.write(`${message}\n`);
      return code === "refused" ? EXIT.invalid : EXIT.failed;
    } finally {
      interruption.show = undefined;
      progress.close();
    }
  });
}

/** Shows results in the order of their indexes, each as soon as those before it are there. */
function inOrder<Result>(show: (result: Result) => void): (index: number, result: Result) => void {
  const waiting = new Map<number, Result>();
  let next = 0;
  return (index, result) => {
    waiting.set(index, result);
    for (let ready = waiting.get(next); ready !== undefined; ready = waiting.get(next)) {
      waiting.delete(next++);
      show(ready);
    }
  };
}

/** 1 when an environment failed, however the others fared. */
export function exitCodeOf(outcomes: readonly Outcome[], changesCount = false): ExitCode {
  if (outcomes.some(({ ok }) => !ok)) return EXIT.failed;
  return changesCount && outcomes.some(hasChanges) ? EXIT.changes : EXIT.done;
}

/**
 * Whether to go on: asked in a terminal.
 *
 * @returns undefined if no question can be asked
 */
export async function ask(question: string): Promise<boolean | undefined> {
  if (!readProcessSettings().interactive) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [yes/no] `)).trim());
  } finally {
    terminal.close();
  }
}

/** Works on items side by side, at most `limit` at once. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
