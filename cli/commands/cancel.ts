import { hostname } from "node:os";
import { holderText, type LockHolder } from "../../deployment/deployment-error.ts";
import { processStat } from "../../deployment/process-stat.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { printJson, refuse } from "../context/json.ts";
import { noQuestion } from "../context/no-question.ts";
import type { SelectionOptions } from "../context/selection.ts";
import { ask } from "../run/run-environments.ts";
import { withStacks } from "../run/stacks.ts";

/** Options of `cancel`. */
export interface CancelOptions extends SelectionOptions {
  yes?: boolean;
  json?: boolean;
}

/** Removes the lock that a killed run left behind, after naming its holder. */
export function cancel(file: string, options: CancelOptions): Promise<ExitCode> {
  const { yes, json } = options;
  const fail = (problem: string, exitCode?: ExitCode) => refuse("cancel", { json }, problem, exitCode);
  return withStacks("cancel", file, options, async (stacks) => {
    const [one] = stacks;
    if (one === undefined || stacks.length > 1) {
      const names = stacks.map(({ environment }) => environment.name).join(", ");
      return fail(`one environment at a time: name it with --env (${names})`);
    }
    const { name, stack } = one.environment;
    const say = (text: string) => (json ? process.stderr : process.stdout).write(`${name}: ${text}\n`);
    const done = (removed: boolean, holder: LockHolder | undefined) => {
      if (json) printJson("cancel", true, { environment: name, stack, removed, ...(holder && { holder }) });
      return EXIT.done;
    };
    await using deployment = await one.open(false);
    const lock = await deployment.lock();
    if (lock.locked === false) {
      say("not locked; nothing to cancel");
      return done(false, undefined);
    }
    const holder = lock.locked === true ? lock.holder : undefined;
    say(`locked by ${holder === undefined ? "an unknown user: the backend does not say who" : holderText(holder)}`);
    if (holder !== undefined && isRunning(holder)) {
      const problem = `that process is still running on this machine: stop it first, with Ctrl-C or \`kill ${holder.pid}\``;
      return fail(problem, EXIT.failed);
    }
    if (!yes) {
      const problem = noQuestion(json);
      if (problem !== undefined) return fail(problem);
      const question = "If that run is still at work, two runs would change the same clients. Remove the lock?";
      if (!(await ask(question))) {
        process.stdout.write("Nothing was changed.\n");
        return EXIT.declined;
      }
    }
    await deployment.cancel();
    say("lock removed. `up` takes over what the interrupted run left at CARTO.");
    return done(true, holder);
  });
}

/** Whether a `pulumi` with that process ID runs here. Unknown for another machine, and elsewhere than on Linux. */
function isRunning({ host, pid }: LockHolder): boolean {
  return host === hostname() && processStat(pid)?.name === "pulumi";
}
