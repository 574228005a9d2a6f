import { type Emulator, startEmulator } from "../emulator/index.ts";
import { audit, type Findings } from "./audit.ts";
import { CommandStack } from "./command-stack.ts";
import { EngineStack } from "./engine-stack.ts";
import { Killer } from "./killer.ts";
import { ProviderStack } from "./provider-stack.ts";
import type { Runner } from "./runner.ts";
import { type Run, type ScheduleOptions, schedule } from "./schedule.ts";
import type { Stack } from "./stack.ts";

/** What came of all runs; the findings of all audits are added up. */
export interface Figures extends Findings {
  runs: number;
  /** Of these on the real engine. */
  engineRuns: number;
  /** Operations that failed, by faults or kills: the next `up` had something to mend. */
  failures: number;
  /** Operations in which a process got SIGKILL. */
  kills: number;
  /** Of these on the real engine. */
  engineKills: number;
  /** Runs by the command, which writes the state once, at the end. */
  commandRuns: number;
  /** Kills of these. */
  commandKills: number;
  /** The most clients that one of these declared. */
  mostClients: number;
  /** Runs by a program in YAML on the plugin. */
  pluginRuns: number;
  /** Kills of these. */
  pluginKills: number;
  /** Kills of the engine alone: its provider goes on. */
  engineAlone: number;
  /** Kills of the provider alone. */
  providerAlone: number;
  /** Calls that met a fault. */
  faultHits: number;
  /** Clients, tokens and applications that were left at CARTO in the end, after everything was destroyed. */
  leftovers: number;
}

interface Room {
  emulator: Emulator;
  stack: Stack;
}

/**
 * Runs and disturbs stacks as scheduled. After each run the next `up` is left alone, and the emulator is asked what there is.
 *
 * @param tell takes a line per run
 * @throws Error When an undisturbed operation fails.
 */
export async function rehearse(options: ScheduleOptions, tell: (line: string) => void = () => {}): Promise<Figures> {
  const figures: Figures = {
    ...{
      runs: 0,
      engineRuns: 0,
      failures: 0,
      kills: 0,
      engineKills: 0,
      ...{ commandRuns: 0, commandKills: 0, mostClients: 0, pluginRuns: 0, pluginKills: 0 },
      engineAlone: 0,
      providerAlone: 0,
      faultHits: 0,
    },
    ...{ duplicates: 0, orphans: 0, lost: 0, stale: 0, leftovers: 0 },
  };
  await using rooms = new Rooms();
  // Each stack's runs follow one another; stacks are disturbed side by side.
  const byStack = new Map<string, Run[]>();
  for (const run of schedule(options)) {
    const key = `${run.on} ${run.stack}`;
    byStack.set(key, [...(byStack.get(key) ?? []), run]);
  }
  const settled = await Promise.allSettled([...byStack.values()].map((runs) => disturb(runs, rooms, figures, tell)));
  for (const result of settled) if (result.status === "rejected") throw result.reason;
  return figures;
}

async function disturb(runs: Run[], rooms: Rooms, figures: Figures, tell: (line: string) => void): Promise<void> {
  for (const run of runs) {
    const { emulator, stack } = await rooms.of(run);
    for (const fault of run.faults) emulator.faults.add(fault);
    const { succeeded, killed } = await stack.operate(run.operation, run.declared, run.kill);
    figures.faultHits += emulator.faults.list().reduce((hits, fault) => hits + fault.hits, 0);
    emulator.faults.clear();
    // As docs/lifecycle.md tells a user: nothing that was killed can have noted what it had sent.
    await stack.recover(run.then, killed || (!succeeded && deletes(run)));
    const findings = await audit(emulator, await stack.clients(), run.then);

    const onEngine = run.on === "engine" ? 1 : 0;
    figures.runs += 1;
    figures.engineRuns += onEngine;
    figures.kills += killed ? 1 : 0;
    figures.engineKills += killed ? onEngine : 0;
    if (run.by === "plugin") {
      figures.pluginRuns += 1;
      figures.pluginKills += killed ? 1 : 0;
    }
    if (run.by === "command") {
      figures.commandRuns += 1;
      figures.commandKills += killed ? 1 : 0;
      figures.mostClients = Math.max(figures.mostClients, Object.keys(run.declared).length);
    }
    figures.engineAlone += killed && run.kill?.target === "engine" ? 1 : 0;
    figures.providerAlone += killed && run.kill?.target === "provider" ? 1 : 0;
    figures.failures += succeeded ? 0 : 1;
    for (const finding of Object.keys(findings) as (keyof Findings)[]) figures[finding] += findings[finding];
    tell(describe(run, succeeded, killed, findings));
  }
  const [last] = runs;
  if (!last) return;
  const { emulator, stack } = await rooms.of(last);
  const { succeeded } = await stack.operate("destroy", {}, undefined);
  if (!succeeded) throw new Error("the last destroy failed");
  figures.leftovers += emulator.clients().length + emulator.tokens().length + emulator.applications().length;
}

/** Whether the operation was to delete a client, so that a failure may have come after that. */
function deletes({ operation, stillDeclared }: Run): boolean {
  return operation === "destroy" || !stillDeclared;
}

function describe(run: Run, succeeded: boolean, killed: boolean, findings: Findings): string {
  const where = run.by === "command" ? `command, ${Object.keys(run.declared).length} clients` : (run.by ?? run.on);
  const kill = killed ? `${run.kill?.target} killed` : "no kill";
  const wrong = Object.values(findings).some((count) => count > 0);
  return (
    `run ${run.number}: ${run.operation} on the ${where}, ${run.faults.length} faults, ${kill}: ${succeeded ? "succeeded" : "failed"}; ` +
    `then up: ${wrong ? `WRONG ${JSON.stringify({ findings, run })}` : `${Object.keys(run.then).length} clients as declared`}`
  );
}

const CREATE: Record<Runner | "provider", (env: Record<string, string>, killer: Killer) => Promise<Stack>> = {
  provider: (env, killer) => ProviderStack.create(env, killer),
  program: (env, killer) => EngineStack.create(env, killer),
  command: (env, killer) => CommandStack.create(env, killer),
  plugin: (env, killer) => EngineStack.createOnPlugin(env, killer),
};

/** A stack with an emulator of its own, so that whatever is at CARTO belongs to it. */
class Rooms implements AsyncDisposable {
  readonly #rooms = new Map<string, Room>();

  async of({ on, by, stack: index }: Run): Promise<Room> {
    const key = `${on} ${index}`;
    const known = this.#rooms.get(key);
    if (known) return known;
    const killer = new Killer();
    const emulator = await startEmulator({ log: killer.served });
    const stack = await CREATE[by ?? "provider"](emulator.env, killer);
    const room = { emulator, stack };
    this.#rooms.set(key, room);
    return room;
  }

  all(): Room[] {
    return [...this.#rooms.values()];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { emulator, stack } of this.all()) {
      await stack[Symbol.asyncDispose]();
      await emulator.close();
    }
  }
}
