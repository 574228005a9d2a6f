import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { HAS_TERMINAL, inTerminal, NO_TERMINAL, typing } from "../../harness/terminal.ts";

const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const MANIFEST = `version: 1
clients:
  web: { kind: m2m, name: Web }
  robot: { kind: m2m, name: Robot }
environments:
  dev: {}
  staging: { stack: acme/stage }
  prod: { clients: { extra: { kind: m2m, name: Extra } } }
`;

// Each completion is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

let cwd: string;
let env: Record<string, string>;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "pulumi-carto-completion-"));
  const command = join(cwd, "pulumi-carto");
  await writeFile(command, `#!/bin/sh\nexec '${process.execPath}' --no-warnings '${MAIN}' "$@"\n`);
  await chmod(command, 0o755);
  await writeFile(join(cwd, "clients.yaml"), MANIFEST);
  await writeFile(join(cwd, "other.yaml"), "version: 1\nclients: {}\nenvironments: { review: {} }\n");
  await writeFile(join(cwd, "hostile.yaml"), 'environments: { "$(touch planted)": {}, plain: {} }\n');
  env = { PATH: [cwd, process.env.PATH ?? ""].join(delimiter), HOME: cwd, TERM: "dumb", CI: "true" };
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const run = promisify(execFile);

/** The candidates for the last word, as the scripts get them. */
async function candidates(...words: string[]): Promise<string[]> {
  const { stdout } = await run(join(cwd, "pulumi-carto"), ["__complete", "--", ...words], { cwd, env });
  return stdout.split("\n").flatMap((line) => line.split("\t")[0] || []);
}

test("subcommands, options, fixed values and what a manifest declares are completed", async () => {
  expect(await candidates("pre")).toEqual(["preview"]);
  expect(await candidates("")).toContain("completion");
  expect(await candidates("")).not.toContain("__complete");
  expect(await candidates("up", "--pa")).toEqual(["--parallel"]);
  expect(await candidates("up", "-e", "")).toEqual(["dev", "staging", "prod"]);
  expect(await candidates("up", "--env", "dev,")).toEqual(["dev,staging", "dev,prod"]);
  expect(await candidates("up", "other.yaml", "--env", "")).toEqual(["review"]);
  expect(await candidates("up", "hostile.yaml", "--env", "")).toEqual(["plain"]);
  expect(await candidates("up", "--wait", "--prov")).toEqual(["--provider-process"]);
  expect(await candidates("up", "--stack", "a")).toEqual(["acme/stage"]);
  expect(await candidates("up", "--checkpoints", "")).toEqual(["every", "once"]);
  expect(await candidates("move", "")).toEqual(["web", "robot", "extra"]);
  expect(await candidates("move", "web", "--from", "st")).toEqual(["staging"]);
  expect(await candidates("output", "--client", "r")).toEqual(["robot"]);
  expect(await candidates("export", "--kind", "s")).toEqual(["spa"]);
  expect(await candidates("audit", "v")).toEqual(["verify"]);
  expect(await candidates("check", "cl")).toEqual([]);
});

test("a value after = is completed as the shell splits the word: whole, or in three", async () => {
  expect(await candidates("up", "--env=st")).toEqual(["--env=staging"]);
  expect(await candidates("up", "--env", "=", "st")).toEqual(["staging"]);
  expect(await candidates("up", "--env", "=")).toEqual(["dev", "staging", "prod"]);
});

test("another shell is refused", async () => {
  const refused = run(join(cwd, "pulumi-carto"), ["completion", "powershell"], { cwd, env });
  await expect(refused).rejects.toMatchObject({ code: 3, stderr: expect.stringContaining("bash, zsh, fish") });
});

test.skipIf(!HAS_TERMINAL)(
  `bash completes with Tab, and runs nothing that is typed or declared${NO_TERMINAL}`,
  async () => {
    const { text } = await inTerminal(
      `bash --norc -i`,
      { cwd, env: { ...env, PS1: "ready> " } },
      typing(
        ["ready> ", "source <(pulumi-carto completion bash); source <(pulumi-carto completion bash)\r"],
        ["ready> ", "pulumi-carto che\t --env=st\t\r"],
        ["ready> ", "pulumi-carto check hostile.yaml $(touch typed) --env pl\t\u0001#\r"],
        ["ready> ", "exit\r"],
      ),
    );
    expect(text).toContain("clients.yaml: ok (clients: staging 2)");
    expect(text).toMatch(/--env plain/);
    expect([existsSync(join(cwd, "planted")), existsSync(join(cwd, "typed"))]).toEqual([false, false]);
  },
);

const has = (shell: string) => {
  try {
    execFileSync(shell, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

test.skipIf(!(HAS_TERMINAL && has("zsh")))(
  `zsh completes with Tab${has("zsh") ? NO_TERMINAL : " (skipped: there is no zsh here)"}`,
  async () => {
    const { text } = await inTerminal(
      "zsh -f -i",
      { cwd, env: { ...env, PS1: "ready> ", FPATH: process.env.FPATH ?? "" } },
      typing(
        ["ready> ", "autoload -U compinit; compinit -D -u; source <(pulumi-carto completion zsh)\r"],
        ["ready> ", "pulumi-carto che\t--env=st\t\r"],
        ["ready> ", "exit\r"],
      ),
    );
    expect(text).toContain("clients.yaml: ok (clients: staging 2)");
    expect(existsSync(join(cwd, "planted"))).toBe(false);
  },
);

test.skipIf(!has("fish"))(`fish completes${has("fish") ? "" : " (skipped: there is no fish here)"}`, async () => {
  const complete = (line: string) => `pulumi-carto completion fish | source; complete -C '${line}'`;
  const { stdout } = await run("fish", ["--no-config", "-c", complete("pulumi-carto up --env dev,")], { cwd, env });
  expect(stdout.trim().split("\n")).toEqual(["dev,prod", "dev,staging"]);
  const { stdout: files } = await run("fish", ["--no-config", "-c", complete("pulumi-carto check ot")], { cwd, env });
  expect(files).toContain("other.yaml");
});
