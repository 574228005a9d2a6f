import { execFile } from "node:child_process";
import { readFileSync, readlinkSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import type { Engine } from "./engine.ts";

/** The SDK's host of dynamic providers is a shell script with Node below it: the engine is its parent's parent. */
const GENERATIONS = 4;
/** What the engine gives the SDK's host as its argument. */
const ENGINE_ADDRESS = /^127\.0\.0\.1:\d+$/;
const LISTENING = "0A";

/** What is read of the file that `pulumi preview --save-plan FILE` writes. */
interface Plan {
  resourcePlans?: Record<string, { goal?: { inputDiff?: { adds?: Record<string, unknown> } } }>;
}

interface Ancestor {
  pid: number;
  parent: number;
  command: string;
}

/**
 * The engine that started this process, found among its ancestors through /proc (Linux only). Elsewhere an engine counts as alive until
 * this process has another parent, and the `pulumi` on PATH reads the state.
 */
export function parentEngine(): Engine {
  const parent = process.ppid;
  const ancestors = ancestorsFrom(parent);
  const found = ancestors.findIndex(({ command }) => command === "pulumi");
  const toEngine = ancestors.slice(0, found === -1 ? 1 : found);
  const engine = found === -1 ? undefined : ancestors[found];
  // It may have been killed since it called: the ancestors of now are then other ones than it had.
  const aliveAtStart = listens(process.argv.slice(2).find((argument) => ENGINE_ADDRESS.test(argument)));
  return {
    // A process whose parent dies gets another one at once, while the dead one may stay a zombie.
    isAlive: () =>
      aliveAtStart &&
      process.ppid === parent &&
      toEngine.every(({ pid, parent: above }) => statusOf(pid)?.parent === above),
    replacesOnRequest: () =>
      (engine ? argumentsOf(engine.pid) : []).some((argument) => /^--(target-)?replace\b/.test(argument)),
    plannedInputs(urn) {
      const file = engine && planOf(engine.pid);
      const plan: Plan = JSON.parse((file && read(file)) || "{}");
      return plan.resourcePlans?.[urn]?.goal?.inputDiff?.adds;
    },
    async readState(stack) {
      const selection = stack === undefined ? [] : ["--stack", stack];
      const command = (engine && executableOf(engine.pid)) ?? "pulumi";
      const { stdout } = await promisify(execFile)(command, ["stack", "export", "--non-interactive", ...selection], {
        env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
        maxBuffer: Number.POSITIVE_INFINITY,
      });
      return JSON.parse(stdout).deployment ?? {};
    },
  };
}

/** Whether a process listens at this address of loopback, by the kernel's table; true where there is no such table or address. */
function listens(address: string | undefined): boolean {
  const sockets = address === undefined ? undefined : read("/proc/net/tcp");
  if (address === undefined || sockets === undefined) return true;
  const port = Number(address.split(":")[1]).toString(16).toUpperCase().padStart(4, "0");
  return sockets.split("\n").some((line) => {
    const [, local, , state] = line.trim().split(/\s+/);
    return state === LISTENING && local?.endsWith(`:${port}`) === true;
  });
}

function ancestorsFrom(pid: number): Ancestor[] {
  const ancestors: Ancestor[] = [];
  for (let next = pid; next > 1 && ancestors.length < GENERATIONS; ) {
    const status = statusOf(next);
    if (!status) break;
    ancestors.push(status);
    next = status.parent;
  }
  return ancestors;
}

function statusOf(pid: number): Ancestor | undefined {
  const text = read(`/proc/${pid}/stat`);
  // The command is in parentheses, and may contain some.
  const match = text === undefined ? null : /^\d+ \((.*)\) \S (\d+) /s.exec(text);
  return match ? { pid, parent: Number(match[2]), command: match[1] ?? "" } : undefined;
}

function argumentsOf(pid: number): string[] {
  return (read(`/proc/${pid}/cmdline`) ?? "").split("\0");
}

/** The file that an engine has from its `--plan FILE` or `--plan=FILE`. */
function planOf(pid: number): string | undefined {
  const given = argumentsOf(pid);
  const at = given.findIndex((argument) => /^--plan(=|$)/.test(argument));
  const file = given[at]?.split("=").slice(1).join("=") || given[at + 1];
  const directory = at === -1 ? undefined : targetOf(`/proc/${pid}/cwd`);
  const path = file && directory && resolve(directory, file);
  // A pipe, which the engine has read already, would never end.
  return path && statSync(path, { throwIfNoEntry: false })?.isFile() ? path : undefined;
}

function executableOf(pid: number): string | undefined {
  return targetOf(`/proc/${pid}/exe`);
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // gone, or no Linux
  }
}
