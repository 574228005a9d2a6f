import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { holderText, type LockHolder } from "../../deployment/deployment-error.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { readProcessSettings } from "../context/process-settings.ts";
import type { SelectionOptions } from "../context/selection.ts";
import { ask } from "../run/run-environments.ts";
import { withStacks } from "../run/stacks.ts";

/** Options of `cancel`. */
export interface CancelOptions extends SelectionOptions {
  yes?: boolean;
}

/** Removes the lock that a killed run left behind, after naming its holder. */
export function cancel(file: string, options: CancelOptions): Promise<ExitCode> {
  return withStacks("cancel", file, options, async (stacks) => {
    const [one] = stacks;
    if (one === undefined || stacks.length > 1) {
      const names = stacks.map(({ environment }) => environment.name).join(", ");
      process.stderr.write(`cancel: one environment at a time: name it with --env (${names})\n`);
      return EXIT.invalid;
    }
    const { name } = one.environment;
    await using deployment = await one.open(false);
    const lock = await deployment.lock();
    if (lock.locked === false) {
      process.stdout.write(`${name}: not locked; nothing to cancel\n`);
      return EXIT.done;
    }
    const holder = lock.locked === true ? lock.holder : undefined;
    const who = holder === undefined ? "an unknown user: the backend does not say who" : holderText(holder);
    process.stdout.write(`${name}: locked by ${who}\n`);
    if (holder !== undefined && isRunning(holder)) {
      process.stderr.write(
        `cancel: that process is still running on this machine: stop it first, with Ctrl-C or \`kill ${holder.pid}\`\n`,
      );
      return EXIT.failed;
    }
    if (!options.yes) {
      if (!readProcessSettings().interactive) {
        process.stderr.write("cancel: this is not a terminal, so the question cannot be asked: add --yes\n");
        return EXIT.invalid;
      }
      const question = "If that run is still at work, two runs would change the same clients. Remove the lock?";
      if (!(await ask(question))) {
        process.stdout.write("Nothing was changed.\n");
        return EXIT.declined;
      }
    }
    await deployment.cancel();
    process.stdout.write(`${name}: lock removed. \`up\` takes over what the interrupted run left at CARTO.\n`);
    return EXIT.done;
  });
}

/** Whether a `pulumi` with that process ID runs here. Unknown for another machine. */
function isRunning({ host, pid }: LockHolder): boolean {
  if (host !== hostname()) return false;
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "pulumi";
  } catch {
    return false; // gone, or no Linux
  }
}
