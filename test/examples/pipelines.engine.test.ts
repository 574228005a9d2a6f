import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join, matchesGlob } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { exampleFiles } from "../../harness/example.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

const PIPELINES = await exampleFiles("pipelines");
const github = parse(PIPELINES[".github/workflows/oauth-clients.yml"] ?? "");
const gitlab = parse(PIPELINES[".gitlab-ci.yml"] ?? "");

interface Step {
  name?: string;
  uses?: string;
  if?: string;
  run?: string;
}

/** The shell steps of a GitHub job, without the installation of packages. */
const githubSteps = (job: string): string[] =>
  github.jobs[job].steps.flatMap(({ name, run }: Step) => (run === undefined || name === "Install" ? [] : [run]));

/** GitHub's own tool as far as the step needs it: lists, adds and edits the comments in `comments.json`. */
const GH = `#!/bin/sh
set -e
[ "$1" = api ] && shift
while [ $# -gt 0 ]; do
  case "$1" in
    --paginate|--silent) ;;
    --method) method=$2; shift ;;
    --field) body=\${2#body=@}; shift ;;
    --jq) filter=$2; shift ;;
    *) path=$1 ;;
  esac
  shift
done
case "$method $path" in
  " repos/stores/clients/issues/7/comments")
    exec jq -r "$filter" comments.json ;;
  "POST repos/stores/clients/issues/7/comments")
    change='. + [{id: (length + 1), user: {login: "github-actions[bot]"}, body: $body}]' ;;
  "PATCH repos/stores/clients/issues/comments/2")
    change='.[1].body = $body' ;;
  *) echo "gh: unexpected $method $path" >&2; exit 1 ;;
esac
jq --rawfile body "$body" "$change" comments.json > changed.json
mv changed.json comments.json
`;

/** `curl` as far as the GitLab job needs it: lists, adds and edits the notes in `notes.json`. */
const CURL = `#!/bin/sh
set -e
method=GET
while [ $# -gt 0 ]; do
  case "$1" in
    --fail|--silent|--show-error) ;;
    --header) [ "$2" = "PRIVATE-TOKEN: planted-secret-token" ]; shift ;;
    --request) method=$2; shift ;;
    --data-urlencode) body=\${2#body@}; shift ;;
    *) url=$1 ;;
  esac
  shift
done
notes=https://gitlab.example.com/api/v4/projects/1/merge_requests/7/notes
case "$method $url" in
  "GET $notes?per_page=100") exec cat notes.json ;;
  "POST $notes") change='. + [{id: (length + 1), body: $body}]' ;;
  "PUT $notes/2") change='.[1].body = $body' ;;
  *) echo "curl: unexpected $method $url" >&2; exit 1 ;;
esac
jq --rawfile body "$body" "$change" notes.json > changed.json
mv changed.json notes.json
`;

/** The example repository: the manifest at its base commit, changed in the working tree, the package installed. */
async function repository(): Promise<{
  command: PulumiCarto;
  sh: (step: string, env?: Record<string, string>) => Promise<Ran>;
  manifest: string;
}> {
  const command = await PulumiCarto.create(emulator.env);
  const { "clients.yaml": manifest = "" } = await exampleFiles("manifest");
  await command.write({ "clients.yaml": manifest });
  await symlink(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(command.directory, "node_modules"));
  const bin = join(command.directory, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "gh"), GH, { mode: 0o755 });
  await writeFile(join(bin, "curl"), CURL, { mode: 0o755 });
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
  // The commit `HEAD~1`, and the branch `empty`, have no manifest yet.
  await sh(
    `git init -q -b main && ${git} commit -q --allow-empty -m empty && git branch empty && git add clients.yaml && ${git} commit -qm base && git clone -q --bare . origin.git && git remote add origin origin.git`,
  );
  const changed = manifest.replace("https://pr-*.stores.example.com/", "https://preview-*.stores.example.com/");
  await command.write({ "clients.yaml": changed });
  return { command, sh, manifest: changed };
}

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What no rule allows: CARTO's URLs have no scheme but http and https. */
const broken = (manifest: string) => manifest.replaceAll("https:", "gopher:");

test("the GitHub review: one comment, added and then edited, also for what cannot be applied", async () => {
  const { command, sh, manifest } = await repository();
  await using _ = command;
  const foreign = { id: 1, user: { login: "reader" }, body: "<!-- pulumi-carto:report dev -->\nLooks like one." };
  await command.write({ "comments.json": JSON.stringify([foreign]) });
  const review = async (base: string) => {
    const codes: (number | null)[] = [];
    for (const step of githubSteps("review")) {
      const { code } = await sh(step, {
        BASE: base,
        PULL_REQUEST: "7",
        GITHUB_REPOSITORY: "stores/clients",
        GITHUB_STEP_SUMMARY: join(command.directory, "summary.md"),
        CARTO_M2M_CLIENT_ID: "",
        CARTO_M2M_CLIENT_SECRET: "",
      });
      codes.push(code);
    }
    const comments: { body: string }[] = JSON.parse((await sh("cat comments.json")).stdout);
    return { codes, comments: comments.map(({ body }) => body) };
  };
  const titled = (title: string) => expect.stringContaining(`\n## OAuth clients: ${title}\n`);

  const added = await review("HEAD~1");
  expect(added).toEqual({ codes: [2, 0, 0], comments: [foreign.body, titled("5 to create")] });
  const edited = await review("HEAD");
  expect(edited).toEqual({ codes: [2, 0, 0], comments: [foreign.body, titled("1 to update, 4 unchanged")] });
  expect(edited.comments[1]).toContain("https://preview-*.stores.example.com/");
  await command.write({ "clients.yaml": broken(manifest) });
  const refused = await review("HEAD");
  expect(refused.codes).toEqual([3, 0, 3]);
  expect(refused.comments).toEqual([foreign.body, expect.stringContaining("**This cannot be applied:")]);
  const summary = (await sh("cat summary.md")).stdout;
  for (const { comments } of [added, edited, refused]) expect(summary).toContain(comments[1]);
  expect(emulator.requests()).toEqual({});
});

test("the GitHub review starts for every file that the report compares", () => {
  const paths: string[] = github.on.pull_request.paths;
  for (const file of ["clients.yaml", "Pulumi.yaml", "Pulumi.yml", "Pulumi.prod.yaml", "Pulumi.prod.yml"]) {
    expect([file, paths.some((glob) => matchesGlob(file, glob))]).toEqual([file, true]);
  }
});

test("the GitHub review asks a fork's token for nothing that it may not do, and keeps the report of each run", () => {
  const expression = (text: string) => `\${{ ${text} }}`;
  const { env, steps } = github.jobs.review;
  expect(env.TOKEN_WRITES).toBe(expression("github.event.pull_request.head.repo.full_name == github.repository"));
  const conditions = steps.map((step: Step) => [step.name ?? step.uses, step.if]);
  expect(Object.fromEntries(conditions)).toMatchObject({
    Report: undefined,
    Comment: expression("!cancelled() && env.TOKEN_WRITES == 'true'"),
    "github/codeql-action/upload-sarif@v4": expression("!cancelled() && env.TOKEN_WRITES == 'true'"),
    "actions/upload-artifact@v4": expression("!cancelled()"),
    Check: expression("!cancelled()"),
  });
});

test("the GitHub pipeline: up as reviewed, a change of one of two clients, drift at night", async () => {
  const { command, sh, manifest } = await repository();
  await using _ = command;
  expect(github.jobs.deploy.strategy.matrix.environment).toEqual(["dev", "staging", "prod"]);
  const deploy = async () => {
    for (const step of githubSteps("deploy")) {
      const ran = await sh(step, { ENVIRONMENT: "prod" });
      expect(ran.code, ran.stderr).toBe(0);
    }
    return emulator
      .clients()
      .map(({ title }) => title)
      .toSorted();
  };
  expect(await deploy()).toEqual(["Nightly import (prod)", "Store locator (prod)"]);
  const ids = emulator.clients().map(({ client_id }) => client_id);
  await command.write({ "clients.yaml": manifest.replace("Nightly import", "Import of the night") });
  expect(await deploy()).toEqual(["Import of the night (prod)", "Store locator (prod)"]);
  expect(emulator.clients().map(({ client_id }) => client_id)).toEqual(ids);

  const [drift = ""] = githubSteps("drift");
  expect((await sh(drift, { ENVIRONMENT: "prod" })).code).toBe(0);
  const session = await CartoSession.open(emulator);
  const prod = emulator.clients().find(({ title }) => title === "Store locator (prod)");
  await session.call("PATCH", `${CLIENTS}/${prod?.client_id}`, { title: "Renamed by hand" });
  const found = await sh(drift, { ENVIRONMENT: "prod" });
  expect([found.code, found.stdout]).toEqual([
    2,
    expect.stringContaining("Name: Renamed by hand → Store locator (prod)"),
  ]);
});

test("the GitLab pipeline: a review without credentials, up, drift at night", async () => {
  const { command, sh, manifest } = await repository();
  await using _ = command;
  const script = (job: string) => gitlab[job].script.join("\n");
  const review = async (target: string) => {
    const { code } = await sh(script("review"), {
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: target,
      CARTO_M2M_CLIENT_ID: "",
      CARTO_M2M_CLIENT_SECRET: "",
    });
    return { code, report: (await sh("cat report.md && grep -o '<testsuites' report.xml")).stdout };
  };
  expect(await review("empty")).toEqual({
    code: 2,
    report: expect.stringContaining("## OAuth clients: 5 to create\n"),
  });
  expect(await review("main")).toEqual({
    code: 2,
    report: expect.stringContaining("## OAuth clients: 1 to update, 4 unchanged\n"),
  });
  await command.write({ "clients.yaml": broken(manifest) });
  expect(await review("main")).toEqual({ code: 3, report: expect.stringContaining("**This cannot be applied:") });
  await command.write({ "clients.yaml": manifest });
  expect((await sh(script("deploy"), { ENVIRONMENT: "staging" })).code).toBe(0);
  expect((await sh(script("drift"), { ENVIRONMENT: "staging" })).code).toBe(0);
});

test("the GitLab review comments once on a merge request, and edits its comment", async () => {
  const { command, sh } = await repository();
  await using _ = command;
  await command.write({ "notes.json": JSON.stringify([{ id: 1, body: "Looks good." }]) });
  const review = async (target: string) => {
    const { code } = await sh(gitlab.review.script.join("\n"), {
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: target,
      COMMENT_TOKEN: "planted-secret-token",
      CI_API_V4_URL: "https://gitlab.example.com/api/v4",
      CI_PROJECT_ID: "1",
      CI_MERGE_REQUEST_IID: "7",
    });
    const notes: { body: string }[] = JSON.parse((await sh("cat notes.json")).stdout);
    return { code, notes: notes.map(({ body }) => body) };
  };
  const titled = (title: string) => expect.stringContaining(`\n## OAuth clients: ${title}\n`);
  expect(await review("empty")).toEqual({ code: 2, notes: ["Looks good.", titled("5 to create")] });
  expect(await review("main")).toEqual({ code: 2, notes: ["Looks good.", titled("1 to update, 4 unchanged")] });
});
