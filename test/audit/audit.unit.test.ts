import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { actorOfCi } from "../../audit/actor.ts";
import { type AuditEntry, appendAudit, assertAppendable, verifyAudit } from "../../audit/audit.ts";
import { changesFromEvents } from "../../change/from-engine-events.ts";
import { announce } from "../../harness/engine-events.ts";

const folders: string[] = [];
let file: string;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-carto-audit-"));
  folders.push(folder);
  file = join(folder, "audit.jsonl");
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

const entry = (number: number): AuditEntry => ({
  at: `2026-01-01T00:00:0${number}Z`,
  actor: { name: "sam", source: "git" },
  command: "up",
  environment: "prod",
  stack: "prod",
  result: "succeeded",
  changes: changesFromEvents(announce("delete", { name: `client-${number}`, kind: "m2m", old: { name: "x" } }), "prod"),
});

async function fiveRecords(): Promise<string[]> {
  for (const number of [1, 2, 3, 4, 5]) await appendAudit(file, [entry(number)]);
  return (await readFile(file, "utf8")).trimEnd().split("\n");
}

async function problemsAfter(change: (lines: string[]) => string[]): Promise<string[]> {
  await writeFile(
    file,
    change(await fiveRecords())
      .map((line) => `${line}\n`)
      .join(""),
  );
  return (await verifyAudit(file)).problems;
}

describe("verifying an audit file", () => {
  test("an untouched file has no problem, and its head is the last record", async () => {
    const lines = await fiveRecords();
    const last = JSON.parse(lines[4] ?? "");
    expect(await verifyAudit(file)).toEqual({ records: 5, head: { sequence: 5, hash: last.hash }, problems: [] });
    expect(last).toMatchObject({ version: 1, ...entry(5) });
  });

  test("an altered line is found", async () => {
    expect(await problemsAfter((lines) => lines.with(2, lines[2]?.replace("sam", "eve") ?? ""))).toEqual([
      "Line 3: was altered, its hash does not fit its text.",
    ]);
  });

  test("a space added to a line is found", async () => {
    expect(await problemsAfter((lines) => lines.with(2, lines[2]?.replace('"actor":', '"actor": ') ?? ""))).toEqual([
      "Line 3: was altered, its hash does not fit its text.",
    ]);
  });

  test("a line altered with a hash that fits is found by the line after it", async () => {
    const other = join(file, "..", "other.jsonl");
    for (const number of [1, 2, 9]) await appendAudit(other, [entry(number)]);
    const forged = (await readFile(other, "utf8")).split("\n")[2] ?? "";
    expect(await problemsAfter((lines) => lines.with(2, forged))).toEqual([
      "Line 4: record 4 does not follow record 3: lines were removed, added or reordered.",
    ]);
  });

  test.each([0, 1, 2, 3])("removed line %i of five is found", async (index) => {
    expect(await problemsAfter((lines) => lines.toSpliced(index, 1))).toEqual([
      `Line ${index + 1}: record ${index + 2} does not follow record ${index}: lines were removed, added or reordered.`,
    ]);
  });

  test("lines removed at the end are found by the sealed head", async () => {
    expect(await problemsAfter((lines) => lines.slice(0, 3))).toEqual([
      "The file ends with record 3, but record 5 was sealed: its last lines were removed.",
    ]);
  });

  test("an emptied file is found", async () => {
    expect(await problemsAfter(() => [])).toEqual([
      "The file ends with record 0, but record 5 was sealed: its last lines were removed.",
    ]);
  });

  test("reordered lines are found", async () => {
    const problems = await problemsAfter(([a = "", b = "", c = "", ...rest]) => [a, c, b, ...rest]);
    expect(problems[0]).toBe("Line 2: record 3 does not follow record 1: lines were removed, added or reordered.");
  });

  test("a line added by hand is found", async () => {
    expect(await problemsAfter((lines) => [...lines.slice(0, 2), '{"version":1}', ...lines.slice(2)])).toEqual([
      "Line 3: is not an audit record.",
    ]);
  });

  test("a file rewritten from the start does not fit its seal", async () => {
    await fiveRecords();
    const other = join(file, "..", "other.jsonl");
    for (const number of [6, 7, 8, 9, 5]) await appendAudit(other, [entry(number)]);
    await writeFile(file, await readFile(other));
    expect((await verifyAudit(file)).problems).toEqual([
      "Line 5: is not the record 5 that was sealed: the file was rewritten.",
    ]);
  });

  test("without its head, a file is complete only if the last hash is given", async () => {
    const lines = await fiveRecords();
    await rm(`${file}.head`);
    expect((await verifyAudit(file)).problems).toEqual([
      `${file}.head is missing: lines removed at the end cannot be detected. Give the last known hash with --head.`,
    ]);
    expect((await verifyAudit(file, JSON.parse(lines[4] ?? "").hash)).problems).toEqual([]);
    expect((await verifyAudit(file, JSON.parse(lines[3] ?? "").hash)).problems).toHaveLength(1);
  });
});

/** A process that appends a record to each file that it is told. */
class Writer {
  static readonly #script = `
    import { createInterface } from "node:readline";
    import { appendAudit } from ${JSON.stringify(new URL("../../audit/audit.ts", import.meta.url).href)};
    for await (const file of createInterface({ input: process.stdin })) {
      await appendAudit(file, [${JSON.stringify(entry(1))}]);
      console.log("appended");
    }`;
  readonly #child = spawn(process.execPath, ["--input-type=module", "--eval", Writer.#script], {
    stdio: ["pipe", "pipe", "inherit"],
  });

  append(path: string): void {
    this.#child.stdin.write(`${path}\n`);
  }

  async answer(): Promise<string> {
    const [answer] = await once(this.#child.stdout, "data");
    return String(answer);
  }

  async end(): Promise<void> {
    const closed = once(this.#child, "close");
    this.#child.stdin.end();
    await closed;
  }
}

describe("appending to an audit file", () => {
  test("many runs at once lose nothing and keep the chain", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => appendAudit(file, [entry(index % 10), entry(1)])));
    expect(await verifyAudit(file)).toMatchObject({ records: 40, problems: [] });
  });

  test("a seal that a killed run left half written is overwritten, and nothing is left next to the file", async () => {
    await writeFile(`${file}.head.new`, "1 half of a h");
    await appendAudit(file, [entry(1)]);
    expect((await readdir(dirname(file))).toSorted()).toEqual(["audit.jsonl", "audit.jsonl.head", "audit.jsonl.lock"]);
    expect((await verifyAudit(file)).problems).toEqual([]);
  });

  test("names with line separators stay in their line", async () => {
    await appendAudit(file, [{ ...entry(1), environment: "a\nb\u2028c" }]);
    expect((await readFile(file, "utf8")).split(/[\n\u2028]/)).toHaveLength(2);
    expect((await verifyAudit(file)).problems).toEqual([]);
  });

  test("a file whose end was cut is not added to", async () => {
    const lines = await fiveRecords();
    await writeFile(file, `${lines.slice(0, 4).join("\n")}\n`);
    const message = `${file}: does not end with the expected record. Run \`pulumi-carto audit verify ${file}\`, then record to another file.`;
    await expect(appendAudit(file, [entry(6)])).rejects.toThrow(message);
    await expect(assertAppendable(file)).rejects.toThrow(message);
    await writeFile(file, lines.join("\n"));
    await expect(assertAppendable(file)).rejects.toThrow(message);
  });

  test("a folder that does not exist is reported before anything is changed", async () => {
    await expect(assertAppendable(join(file, "..", "missing", "audit.jsonl"))).rejects.toThrow("ENOENT");
  });

  test("six processes that meet the lock of a run that was killed keep the chain, each time", async () => {
    const writers = Array.from({ length: 6 }, () => new Writer());
    try {
      for (let round = 0; round < 20; round++) {
        const own = `${file}-${round}`;
        await writeFile(`${own}.lock`, "");
        await utimes(`${own}.lock`, 0, 0);
        const done = writers.map((writer) => writer.answer());
        for (const writer of writers) writer.append(own);
        expect(await Promise.all(done)).toEqual(Array(6).fill("appended\n"));
        expect(await verifyAudit(own)).toMatchObject({ records: 6, head: { sequence: 6 }, problems: [] });
      }
    } finally {
      await Promise.all(writers.map((writer) => writer.end()));
    }
  }, 60_000);
});

describe("who ran it", () => {
  test.each([
    [
      {
        GITHUB_ACTIONS: "true",
        GITHUB_ACTOR: "bot",
        GITHUB_TRIGGERING_ACTOR: "sam",
        GITHUB_SERVER_URL: "https://github.com",
        GITHUB_REPOSITORY: "a/b",
        GITHUB_RUN_ID: "7",
        GITHUB_SHA: "c0ffee",
      },
      { name: "sam", source: "GitHub Actions", run: "https://github.com/a/b/actions/runs/7", commit: "c0ffee" },
    ],
    [
      {
        GITLAB_CI: "true",
        GITLAB_USER_LOGIN: "sam",
        CI_JOB_URL: "https://ci:token@gitlab.example/a/b/-/jobs/7",
        CI_COMMIT_SHA: "c0ffee",
      },
      { name: "sam", source: "GitLab CI", run: "https://(credentials)@gitlab.example/a/b/-/jobs/7", commit: "c0ffee" },
    ],
    [
      { TF_BUILD: "True", BUILD_BUILDID: "7" },
      { name: "unknown", source: "Azure Pipelines", run: "7" },
    ],
    [
      { CIRCLECI: "true", CIRCLE_USERNAME: "sam" },
      { name: "sam", source: "CircleCI" },
    ],
    [{ HOME: "/" }, undefined],
  ])("%o", (variables, actor) => {
    expect(actorOfCi(variables)).toEqual(actor);
  });
});
