import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { homedir, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { systemCode } from "../error/system-code.ts";
import { processStat } from "./process-stat.ts";

/** What a directory is for; part of its name. */
export type TemporaryKind = "work" | "import" | "plan" | "preview";

const PREFIX = "pulumi-carto-";
/** Kind, machine, process, when it started, and what mkdtemp adds. */
const NAME = /^pulumi-carto-[a-z]+-([0-9a-f]{8})-(\d+)-(\d+)-[A-Za-z0-9]{6}$/;

let swept = false;

/**
 * A directory that only this user can enter, removed when the process ends, or by the next run if it was killed. It is below
 * `XDG_RUNTIME_DIR` where there is one: that is this user's own, in memory, and gone after the last logout.
 *
 * @returns its path, and a function that removes it
 */
export function temporaryDirectory(
  kind: TemporaryKind,
  onRemove?: (path: string) => void,
): { path: string; remove: () => void } {
  sweepOnce();
  const name = `${PREFIX}${kind}-${machine()}-${process.pid}-${startOf(process.pid)}-`;
  const path = realpathSync(mkdtempSync(join(root(), name)));
  const remove = () => {
    removals.delete(remove);
    if (removals.size === 0) process.off("exit", removeAll);
    rmSync(path, { recursive: true, force: true });
    onRemove?.(path);
  };
  // A second Ctrl-C ends the process where it stands.
  if (removals.size === 0) process.once("exit", removeAll);
  removals.add(remove);
  return { path, remove };
}

const removals = new Set<() => void>();

function removeAll(): void {
  for (const remove of removals) remove();
}

function root(): string {
  const own = process.env.XDG_RUNTIME_DIR;
  if (!own) return tmpdir();
  try {
    accessSync(own, constants.W_OK | constants.X_OK);
    return statSync(own).uid === process.getuid?.() ? own : tmpdir();
  } catch {
    return tmpdir(); // containers often name one that is not there
  }
}

/** Removes what runs of this user left that were killed. What cannot be removed is left: another run may be at it. */
export function sweep(directories: readonly string[] = [...new Set([root(), tmpdir()])]): string[] {
  const removed: string[] = [];
  for (const directory of directories) {
    for (const name of namesIn(directory)) {
      const [, on, pid, start] = NAME.exec(name) ?? [];
      const path = join(directory, name);
      // A process of another machine or container cannot be seen from here.
      if (on !== machine() || !isOwn(path) || startOf(Number(pid)) === start) continue;
      try {
        rmSync(path, { recursive: true, force: true });
        removeSelections(path);
        removed.push(path);
      } catch {
        // Nothing is worse than before.
      }
    }
  }
  return removed;
}

function sweepOnce(): void {
  if (swept) return;
  swept = true;
  sweep();
}

/** The end of the file in which the CLI notes, for a directory, the stack that was chosen there. @see `workspace.New` of Pulumi */
export function selectionSuffix(directory: string): string {
  return `-${createHash("sha1").update(join(directory, "Pulumi.yaml")).digest("hex")}-workspace.json`;
}

function removeSelections(directory: string): void {
  const workspaces = join(process.env.PULUMI_HOME || join(homedir(), ".pulumi"), "workspaces");
  for (const name of namesIn(workspaces)) {
    if (name.endsWith(selectionSuffix(directory))) rmSync(join(workspaces, name), { force: true });
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function isOwn(path: string): boolean {
  try {
    return statSync(path).uid === process.getuid?.();
  } catch {
    return false;
  }
}

/** Tells machines and containers apart that share a directory. */
function machine(): string {
  let namespace = "";
  try {
    namespace = readlinkSync("/proc/self/ns/pid");
  } catch {
    // Elsewhere than on Linux the name has to do.
  }
  return createHash("sha256").update(`${hostname()} ${namespace}`).digest("hex").slice(0, 8);
}

/** When a process started, as its kernel counts; "0" if unknown, "" for a process that is not there. */
function startOf(pid: number): string {
  const stat = processStat(pid);
  if (stat !== undefined) return stat.start;
  if (existsSync("/proc/self/stat")) return "";
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCode(error) === "ESRCH") return "";
  }
  return "0";
}
