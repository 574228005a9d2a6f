import { execFile } from "node:child_process";
import { userInfo } from "node:os";
import { promisify } from "node:util";
import { type Actor, actorOfCi } from "../../audit/actor.ts";
import { type AuditEntry, appendAudit, assertAppendable } from "../../audit/audit.ts";
import { readProcessSettings } from "../context/process-settings.ts";
import type { Diagnostic, Outcome } from "./outcome.ts";

/** Checks whether a run can be recorded, and reports why not. */
export async function canRecord(file: string): Promise<boolean> {
  try {
    await assertAppendable(file);
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    process.stderr.write(
      `${code === undefined ? message : `${file}: cannot be written: ${code}`}\nNothing was started.\n`,
    );
    return false;
  }
}

/**
 * Appends what a run did to an audit file, an entry per environment, and prints the hash that the file now ends with.
 *
 * @throws Error When the file cannot be appended to.
 */
export async function record(file: string, command: string, outcomes: readonly Outcome[]): Promise<void> {
  const actor = actorOfCi(readProcessSettings().variables) ?? (await actorOfGit());
  const at = new Date().toISOString();
  const entries = outcomes.map(
    ({ environment, stack, changes, refused, error, diagnostics }): AuditEntry => ({
      at,
      actor,
      command,
      environment,
      stack,
      result: error === undefined ? "succeeded" : "failed",
      ...(error && { error: error.code }),
      changes,
      ...(refused && { refused }),
      ...problemsOf(diagnostics),
    }),
  );
  const { sequence, hash } = await appendAudit(file, entries);
  process.stderr.write(`${file}: ends with record ${sequence}, ${hash}\n`);
}

function problemsOf(diagnostics: readonly Diagnostic[]): Pick<AuditEntry, "problems"> {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return errors.length === 0 ? {} : { problems: errors.map(({ severity: _, ...problem }) => problem) };
}

async function actorOfGit(): Promise<Actor> {
  const [email, name, commit] = await Promise.all([
    git("config", "user.email"),
    git("config", "user.name"),
    git("rev-parse", "HEAD"),
  ]);
  const who = email ?? name;
  return {
    ...(who === undefined ? { name: userInfo().username, source: "operating system" } : { name: who, source: "git" }),
    ...(commit !== undefined && { commit }),
  };
}

/** `undefined` where git is absent, or has nothing to say. */
async function git(...args: string[]): Promise<string | undefined> {
  try {
    return (await promisify(execFile)("git", args)).stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
