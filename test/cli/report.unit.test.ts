import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { appendAudit } from "../../audit/audit.ts";

const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const directories: string[] = [];
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "pulumi-carto-report-"));
  directories.push(directory);
  await writeFile(join(directory, "old.yaml"), OLD);
  await writeFile(join(directory, "clients.yaml"), NEW);
});
afterAll(() => Promise.all(directories.map((each) => rm(each, { recursive: true }))));

const OLD = `version: 1
clients:
  api: { kind: m2m, name: API }
  web: { kind: spa, name: Web, applicationLoginUrl: "https://web.example.com/" }
`;
const NEW = `version: 1
clients:
  api: { kind: m2m, name: API }
  web: { kind: spa, name: Web, applicationLoginUrl: "https://web.example.com/", allowedCallbackUrls: ["https://web.example.com/", "http://web.example.com/"] }
`;
const DELETION = "version: 1\nclients:\n  api: { kind: m2m, name: API }\n";

/** Runs the command as a process of its own, without anything of this process's environment. */
function pulumiCarto(...args: string[]) {
  const options = { cwd: directory, env: { PATH: process.env.PATH ?? "" } };
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

const read = (file: string) => readFile(join(directory, file), "utf8");

describe("pulumi-carto report --diff", () => {
  test("prints Markdown, and exits with 0 unless --fail-on is given", async () => {
    const { code, stdout, stderr } = await pulumiCarto("report", "--diff", "old.yaml", "clients.yaml");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("## OAuth clients: 1 to update, 1 unchanged\n");
    expect(stdout).toContain("`clients.yaml:4`");
  });

  test("links to the rules on the page that --rules-url gives", async () => {
    const { stdout } = await pulumiCarto(
      "report",
      "--diff",
      "old.yaml",
      "clients.yaml",
      "--rules-url",
      "https://docs.example.com/rules",
    );
    expect(stdout).toContain("[`plain-http`](https://docs.example.com/rules#plain-http)");
  });

  test("writes each file in the format of its extension, and Markdown points to the whole", async () => {
    const files = ["out/report.md", "out/report.html", "report.json", "report.sarif", "report.xml"];
    const { code, stderr } = await pulumiCarto(
      "report",
      "--diff",
      "old.yaml",
      "clients.yaml",
      ...files.flatMap((file) => ["-o", file]),
    );
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `OAuth clients: 1 to update, 1 unchanged -> ${files.join(", ")}\n`,
    });
    const starts = await Promise.all(files.map(async (file) => (await read(file)).slice(0, 24)));
    expect(starts).toEqual(
      [
        "<!-- pulumi-carto:report",
        "<!doctype html>\n<html lan",
        '{\n  "$schema": "https://u',
        '{\n  "$schema": "https://d',
        '<?xml version="1.0" enco',
      ].map((start) => start.slice(0, 24)),
    );
    const [run] = JSON.parse(await read("report.sarif")).runs;
    expect(run.results[0].locations[0].physicalLocation.region.startLine).toBe(4);
  });

  test("prints the failures of a refused manifest on stderr when the report goes to a file", async () => {
    await writeFile(join(directory, "clients.yaml"), NEW.replace("kind: m2m, name", "kind: m2m, nme"));
    const { code, stdout, stderr } = await pulumiCarto("report", "--diff", "old.yaml", "clients.yaml", "-o", "x.html");
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    const lines = stderr.trimEnd().split("\n");
    expect(lines.pop()).toBe("OAuth clients: the manifest is refused -> x.html");
    const checked = await pulumiCarto("check", "clients.yaml");
    expect(lines).toEqual(checked.stdout.split("\n").filter((line) => line.startsWith("clients.yaml:3:")));
    expect(lines[0]).toMatch(/^clients\.yaml:3:\d+ clients\.api.*\([a-z-]+\)$/);
  });

  test("prints the failures of a client, each at its line and environment", async () => {
    await writeFile(join(directory, "clients.yaml"), NEW.replace('"http://web', '"ftp://web'));
    const { stderr } = await pulumiCarto("report", "--diff", "old.yaml", "clients.yaml", "-o", "x.html");
    expect(stderr).toMatch(
      /^clients\.yaml:4:\d+ \[[a-z]+\] clients\.web\.allowedCallbackUrls\[1\]: .* \(http-or-https\)\n/,
    );
  });

  test.each([
    ["none", 0],
    ["destructive", 0],
    ["exposure", 2],
    ["advice", 2],
    ["any", 2],
  ])("a finding ends with --fail-on %s in %i", async (failOn, code) => {
    expect((await pulumiCarto("report", "--diff", "old.yaml", "clients.yaml", "--fail-on", failOn)).code).toBe(code);
  });

  test("two directories are compared with the settings of their stacks: a loosened policy is an exposure", async () => {
    const settings = (policy: string) => `config:\n  carto:policy: ${policy}\n`;
    for (const [name, policy] of [
      ["base", "production"],
      ["head", "standard"],
    ] as const) {
      await mkdir(join(directory, name));
      await writeFile(join(directory, name, "clients.yaml"), `${OLD}environments:\n  dev: {}\n`);
      await writeFile(join(directory, name, "Pulumi.dev.yaml"), settings(policy));
    }
    const { code, stdout } = await pulumiCarto(
      "report",
      ...["--diff", "base", "head", "--fail-on", "exposure", "--format", "json"],
    );
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: "exposure",
      exposures: [
        {
          environment: "dev",
          rule: "control-weakened",
          property: "policy",
          location: { file: "head/Pulumi.dev.yaml", line: 2, column: 3 },
        },
      ],
    });
  });

  test("a deletion ends with --fail-on destructive in 2", async () => {
    await writeFile(join(directory, "clients.yaml"), DELETION);
    expect((await pulumiCarto("report", "--diff", "old.yaml", "clients.yaml", "--fail-on", "destructive")).code).toBe(
      2,
    );
  });

  test("a file that is not a manifest is reported with its failures, and exits with 3", async () => {
    await writeFile(join(directory, "clients.yaml"), "version: 1\nclients:\n  api: { kind: m2m, nam: API }\n");
    const { code, stdout } = await pulumiCarto("report", "--diff", "old.yaml", "clients.yaml", "--format", "json");
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: "invalid",
      failures: [{ property: "clients.api.name", rule: "required" }, { rule: "unknown-property" }],
      changes: [],
    });
  });

  test("a broken rule is a report of the whole change, and ends in 3", async () => {
    const broken = NEW.replace("http://web.example.com/", "https://sub.*.example.com/").replace("API", "The API");
    await writeFile(join(directory, "clients.yaml"), broken);
    const { code, stdout, stderr } = await pulumiCarto("report", "--diff", "old.yaml", "clients.yaml");
    expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
    expect(stdout).toContain("## OAuth clients: 2 to update\n\n**This cannot be applied");
    expect(stdout).toContain("- Name: `API` → `The API`\n");
  });

  test("live, the engine is not asked for a broken rule, and a note says what shows the change", async () => {
    await writeFile(
      join(directory, "clients.yaml"),
      `${NEW.replace("http://web", "https://sub.*")}environments:\n  dev: {}\n`,
    );
    const { code, stdout, stderr } = await pulumiCarto("report", "--env", "dev", "--format", "json");
    expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: "invalid",
      changes: [],
      notes: ["The engine was not asked; `report --diff` still shows what changes against an older version."],
    });
  });

  test("absolute paths of this machine are not in a report", async () => {
    const { stdout } = await pulumiCarto(
      "report",
      "--diff",
      join(directory, "old.yaml"),
      join(directory, "clients.yaml"),
      "--format",
      "sarif",
    );
    expect(stdout).toContain('"uri": "clients.yaml"');
    expect(stdout).not.toContain(directory);
  });

  test.each([
    [["--diff", "old.yaml", "gone.yaml"], "report: gone.yaml: does not exist; an empty file means no manifest\n"],
    [
      ["--diff", "old.yaml"],
      "report: --diff takes the older and the newer version of the manifest: two files, or the two directories they are in\n",
    ],
    [[], "report: give --env for a live preview, or --diff OLD NEW for two versions of the manifest\n"],
    [
      ["--diff", "old.yaml", "clients.yaml", "-o", "report.pdf"],
      'report: report.pdf: no format has the extension ".pdf": write .md, .html, .json, .sarif, .xml, or give --format\n',
    ],
    [
      ["--diff", "old.yaml", "clients.yaml", "-o", "a.md", "-o", "b.md", "--format", "html"],
      "report: --format is for one --output: leave it out, and each file gets the format of its extension\n",
    ],
  ])("%j is refused with 3", async (args, message) => {
    expect(await pulumiCarto("report", ...args)).toEqual({ code: 3, stdout: "", stderr: message });
  });
});

describe("pulumi-carto audit verify", () => {
  const entry = {
    at: "2026-01-01T00:00:00Z",
    actor: { name: "sam", source: "git" },
    command: "up",
    environment: "prod",
    stack: "prod",
    result: "succeeded" as const,
    changes: [],
  };

  test("says that a whole file is whole, with its last hash", async () => {
    const { hash } = await appendAudit(join(directory, "audit.jsonl"), [entry, entry]);
    const stdout = `audit.jsonl: 2 records, none altered, removed or reordered; the last is ${hash}\n`;
    expect(await pulumiCarto("audit", "verify", "audit.jsonl")).toEqual({ code: 0, stdout, stderr: "" });
  });

  test("names the line that was altered, and ends with 1", async () => {
    const file = join(directory, "audit.jsonl");
    await appendAudit(file, [entry, entry]);
    await writeFile(file, (await read("audit.jsonl")).replace("sam", "eve"));
    const stderr = "audit.jsonl: Line 1: was altered, its hash does not fit its text.\n";
    expect(await pulumiCarto("audit", "verify", "audit.jsonl")).toEqual({ code: 1, stdout: "", stderr });
    const { stdout } = await pulumiCarto("audit", "verify", "audit.jsonl", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, command: "audit verify", ok: false, records: 2 });
  });

  test("a file that is not there ends with 3", async () => {
    expect(await pulumiCarto("audit", "verify", "gone.jsonl")).toEqual({
      code: 3,
      stdout: "",
      stderr: "audit: gone.jsonl: the file does not exist\n",
    });
  });
});
