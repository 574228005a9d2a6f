import { createHash } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import type { Change } from "../change/change.ts";
import { withLock } from "../engine/lock.ts";
import { systemCode } from "../error/system-code.ts";
import { visibleJson } from "../kinds/visible-text.ts";
import type { Actor } from "./actor.ts";
import { AuditError } from "./audit-error.ts";

/** What one run did to one environment. Plain data without secrets. */
export interface AuditEntry {
  /** When it ended, RFC 3339. */
  at: string;
  actor: Actor;
  command: string;
  environment: string;
  stack: string;
  result: "succeeded" | "failed";
  /** Why it failed, as a stable code. */
  error?: string;
  /** The clients that it created, changed, replaced or deleted before it ended. */
  changes: Change[];
  /** What it began and deletion protection or CARTO refused. Absent: nothing. */
  refused?: Change[];
  /** The errors that the run printed, e.g. of a client that was refused before it was started. Absent: none. */
  problems?: { client?: string; message: string }[];
}

/** An entry in its place in the chain: one line of the file. */
interface AuditRecord extends AuditEntry {
  version: 1;
  /** From 1. */
  sequence: number;
  /** `hash` of the record before; 64 zeros for the first. */
  previous: string;
  /** SHA-256 of the line without this member, in hexadecimal. */
  hash: string;
}

/** The last record, as FILE.head seals it: without it, missing lines at the end could not be detected. */
export interface AuditHead {
  sequence: number;
  hash: string;
}

/** What was found in an audit file. */
export interface AuditVerification {
  records: number;
  /** Absent for an empty file. */
  head?: AuditHead;
  /** One sentence each, in the order of the file; none: nothing was altered, removed or reordered. */
  problems: string[];
}

const START: AuditHead = { sequence: 0, hash: "0".repeat(64) };
const LINE = /^(\{"version":1,"sequence":(\d+),"previous":"([0-9a-f]{64})",.*),"hash":"([0-9a-f]{64})"\}$/s;

interface ReadLine extends AuditHead {
  previous: string;
  intact: boolean;
}

function readLine(line: string): ReadLine | undefined {
  const [, body, sequence, previous, hash] = LINE.exec(line) ?? [];
  if (!body || !previous || !hash) return undefined;
  return { sequence: Number(sequence), previous, hash, intact: sha256(`${body}}`) === hash };
}

function writeLine(entry: AuditEntry, head: AuditHead): { line: string; head: AuditHead } {
  const sequence = head.sequence + 1;
  const record: Omit<AuditRecord, "hash"> = { version: 1, sequence, previous: head.hash, ...entry };
  const body = visibleJson(record, 0).trimEnd();
  const hash = sha256(body);
  return { line: `${body.slice(0, -1)},"hash":"${hash}"}\n`, head: { sequence, hash } };
}

/**
 * Finds every altered, removed, added or reordered line of an audit file.
 *
 * @param text of the file
 * @param sealed the head that the file should end with, from FILE.head or from a run's output
 */
function verifyAuditText(text: string, sealed?: AuditHead): AuditVerification {
  const problems: string[] = [];
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  if (text !== "" && !text.endsWith("\n")) problems.push(`Line ${lines.length}: is incomplete, its end is missing.`);
  let head = START;
  lines.forEach((line, index) => {
    const read = readLine(line);
    if (!read) {
      problems.push(`Line ${index + 1}: is not an audit record.`);
      return;
    }
    if (!read.intact) problems.push(`Line ${index + 1}: was altered, its hash does not fit its text.`);
    if (read.sequence !== head.sequence + 1 || read.previous !== head.hash) {
      problems.push(
        `Line ${index + 1}: record ${read.sequence} does not follow record ${head.sequence}: lines were removed, added or reordered.`,
      );
    }
    if (sealed?.sequence === read.sequence && sealed.hash !== read.hash) {
      problems.push(`Line ${index + 1}: is not the record ${sealed.sequence} that was sealed: the file was rewritten.`);
    }
    head = { sequence: read.sequence, hash: read.hash };
  });
  if (sealed && sealed.sequence > head.sequence) {
    problems.push(
      `The file ends with record ${head.sequence}, but record ${sealed.sequence} was sealed: its last lines were removed.`,
    );
  }
  return { records: lines.length, ...(head !== START && { head }), problems };
}

/**
 * Verifies an audit file against its hash chain and the `.head` file next to it.
 *
 * @param expected hash of a record that the file must hold as its last, e.g. from a pipeline's log; then FILE.head is not needed
 * @throws Error When the file cannot be read.
 */
export async function verifyAudit(file: string, expected?: string): Promise<AuditVerification> {
  const text = await readFile(file, "utf8");
  if (expected !== undefined) {
    const found = verifyAuditText(text);
    if (found.head?.hash !== expected)
      found.problems.push(`The file does not end with the record ${expected}: lines were removed, added or rewritten.`);
    return found;
  }
  const sealed = await readHead(file);
  const found = verifyAuditText(text, sealed);
  if (!sealed && found.records > 0) {
    found.problems.push(
      `${file}.head is missing: lines removed at the end cannot be detected. Give the last known hash with --head.`,
    );
  }
  return found;
}

/**
 * Appends entries to an audit file, which is created if it does not exist. Safe when several runs write to one file.
 *
 * @returns the new head
 * @throws AuditError When the file does not end with a whole record. Errors of the file system are thrown as they are.
 */
export async function appendAudit(file: string, entries: readonly AuditEntry[]): Promise<AuditHead> {
  return locked(file, async () => {
    let head = await lastHead(file);
    let text = "";
    for (const entry of entries) {
      const written = writeLine(entry, head);
      text += written.line;
      head = written.head;
    }
    const handle = await open(file, "a");
    try {
      await handle.appendFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await seal(file, head);
    return head;
  });
}

/**
 * Makes sure, before anything is changed, that a run can be recorded.
 *
 * @throws Error When it cannot, as `appendAudit` would.
 */
export async function assertAppendable(file: string): Promise<void> {
  await locked(file, async () => {
    await lastHead(file);
    await (await open(file, "a")).close();
  });
}

async function lastHead(file: string): Promise<AuditHead> {
  const text = (await readIfThere(file)) ?? "";
  const sealed = await readHead(file);
  const last = text.endsWith("\n") ? readLine(text.slice(text.lastIndexOf("\n", text.length - 2) + 1, -1)) : undefined;
  const head = text === "" ? START : last;
  const holds = head !== undefined && (last?.intact ?? true) && (sealed?.sequence ?? 0) <= head.sequence;
  if (!head || !holds) {
    throw new AuditError(
      "broken_record",
      `${file}: does not end with the expected record. Run \`pulumi-carto audit verify ${file}\`, then record to another file.`,
    );
  }
  return head;
}

async function readHead(file: string): Promise<AuditHead | undefined> {
  const text = await readIfThere(`${file}.head`);
  const [, sequence, hash] = /^(\d+) ([0-9a-f]{64})\n$/.exec(text ?? "") ?? [];
  return hash === undefined ? undefined : { sequence: Number(sequence), hash };
}

async function seal(file: string, { sequence, hash }: AuditHead): Promise<void> {
  // Nobody else writes it, the lock is ours; what a killed run left is written over.
  const beside = `${file}.head.new`;
  const handle = await open(beside, "w");
  try {
    await handle.writeFile(`${sequence} ${hash}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, `${file}.head`);
}

/** Opened first for the sake of the file system's own error, such as a folder that does not exist. */
async function locked<T>(file: string, action: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  await (await open(lock, "a")).close();
  return withLock(lock, {}, action);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
