import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../support/carto-session.ts";
import { exampleFiles } from "../support/example.ts";
import { PulumiCarto } from "../support/pulumi-carto.ts";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

const PIPELINES = await exampleFiles("pipelines");
const github = parse(PIPELINES[".github/workflows/oauth-clients.yml"] ?? "");
const gitlab = parse(PIPELINES[".gitlab-ci.yml"] ?? "");

/** The shell steps of a GitHub job, without the installation of packages. */
const githubSteps = (job: string): string[] =>
  github.jobs[job].steps
    .filter(({ name, run }: { name?: string; run?: string }) => run !== undefined && name !== "Install")
    .map(({ run }: { run: string }) => run);

/** The example repository: the manifest at its base commit, changed in the working tree, the package installed. */
async function repository(): Promise<{
  command: PulumiCarto;
  sh: (step: string, env?: Record<string, string>) => Promise<Ran>;
}> {
  const command = await PulumiCarto.create(emulator.env);
  const { "clients.yaml": manifest = "" } = await exampleFiles("manifest");
  await command.write({ "clients.yaml": manifest });
  await symlink(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(command.directory, "node_modules"));
  const bin = join(command.directory, "bin");
  await mkdir(bin);
  // GitHub's own tool, as far as the step needs it: what it was asked to post.
  await writeFile(join(bin, "gh"), '#!/bin/sh\necho "gh $*"\n', { mode: 0o755 });
  const sh = (step: string, env: Record<string, string> = {}) =>
    new Promise<Ran>((resolve) => {
      const options = {
        cwd: command.directory,
        env: { ...command.env, PATH: `${bin}:${command.env.PATH}`, npm_config_offline: "true", ...env },
      };
      const child = execFile("bash", ["-eo", "pipefail", "-c", step], options, (_, stdout, stderr) =>
        resolve({ code: child.exitCode, stdout, stderr }),
      );
    });
  const git = "git -c user.name=test -c user.email=test@example.com";
  await sh(
    `git init -q -b main && git add clients.yaml && ${git} commit -qm base && git clone -q --bare . origin.git && git remote add origin origin.git`,
  );
  const changed = manifest.replace("https://pr-*.stores.example.com/", "https://preview-*.stores.example.com/");
  await command.write({ "clients.yaml": changed });
  return { command, sh };
}

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

test("the GitHub pipeline: a review without credentials, up as reviewed, drift at night", async () => {
  const { command, sh } = await repository();
  await using _ = command;
  const summary = join(command.directory, "summary.md");
  const review = {
    BASE: "HEAD",
    PULL_REQUEST: "7",
    GITHUB_STEP_SUMMARY: summary,
    CARTO_M2M_CLIENT_ID: "",
    CARTO_M2M_CLIENT_SECRET: "",
  };
  const outputs: string[] = [];
  for (const step of githubSteps("review")) {
    const ran = await sh(step, review);
    expect(ran.code, ran.stderr).toBe(0);
    outputs.push(ran.stdout);
  }
  expect(outputs.join("")).toContain("gh pr comment 7 --body-file report.md --edit-last --create-if-none\n");
  expect((await sh("cat summary.md")).stdout).toContain("https://preview-*.stores.example.com/");
  expect(emulator.requests()).toEqual({});

  expect(github.jobs.deploy.strategy.matrix.environment).toEqual(["dev", "staging", "prod"]);
  for (const step of githubSteps("deploy")) {
    const ran = await sh(step, { ENVIRONMENT: "prod" });
    expect(ran.code, ran.stderr).toBe(0);
  }
  const titles = emulator.clients().map(({ title }) => title);
  expect(titles.toSorted()).toEqual(["Nightly import (prod)", "Store locator (prod)"]);

  const [drift = ""] = githubSteps("drift");
  expect((await sh(drift, { ENVIRONMENT: "prod" })).code).toBe(0);
  const session = await CartoSession.open(emulator);
  const prod = emulator.clients().find(({ title }) => title === "Store locator (prod)");
  await session.call("PATCH", `${CLIENTS}/${prod?.client_id}`, { title: "Renamed by hand" });
  const found = await sh(drift, { ENVIRONMENT: "prod" });
  expect([found.code, found.stdout]).toEqual([
    2,
    expect.stringContaining("name: Renamed by hand -> Store locator (prod)"),
  ]);
});

test("the GitLab pipeline: a review without credentials, up, drift at night", async () => {
  const { command, sh } = await repository();
  await using _ = command;
  const script = (job: string) => gitlab[job].script.join("\n");
  const review = await sh(script("review"), {
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
    CARTO_M2M_CLIENT_ID: "",
    CARTO_M2M_CLIENT_SECRET: "",
  });
  expect(review.code, review.stderr).toBe(0);
  expect((await sh("cat report.xml")).stdout).toContain("<testsuite");
  expect((await sh(script("deploy"), { ENVIRONMENT: "staging" })).code).toBe(0);
  expect((await sh(script("drift"), { ENVIRONMENT: "staging" })).code).toBe(0);
});
