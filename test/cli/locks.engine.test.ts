// biome-ignore-all lint/suspicious/noTemplateCurlyInString: manifests have placeholders of their own
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { findPostgres, Postgres } from "../../harness/postgres.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

const HOLD_MS = 25_000;

const CLIENTS_YAML = `version: 1
clients:
  robot: { kind: m2m, name: Robot }
  web: { kind: spa, name: Web, applicationLoginUrl: "https://web.example.com/" }
environments: { dev: {}, staging: {} }
`;

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

const titles = () =>
  emulator
    .clients()
    .map(({ title }) => title)
    .toSorted();

/** Holds the next create open, so that the run that makes it holds its lock. */
function holdNextCreate(): () => Promise<void> {
  emulator.faults.add({ call: "createOAuthClient", times: 1, fault: "delay", delayMs: HOLD_MS, when: "after" });
  return () => vi.waitFor(() => expect(emulator.faults.list()[0]?.hits).toBe(1), { timeout: 60_000, interval: 50 });
}

test("a stack that another run holds is refused at once, naming the holder; --wait takes its turn", async () => {
  await using command = await PulumiCarto.create(emulator.env);
  await command.write({ "clients.yaml": CLIENTS_YAML });
  const held = holdNextCreate();
  const first = command.start(["up", "--env", "dev", "--yes"]);
  await held();
  const refused = await command.run(["up", "--env", "dev", "--yes", "--json"]);
  const [{ error }] = JSON.parse(refused.stdout).environments;
  expect([refused.code, error.code]).toEqual([1, "locked"]);
  expect(error.message).toMatch(
    /^the stack is locked by \S+@\S+ \(pid \d+\) since \S+: wait for it with --wait, or, if it no longer runs, remove the lock with `pulumi-carto cancel --env dev`$/,
  );
  const waiting = await command.run(["up", "--env", "dev", "--yes", "--wait", "120"]);
  expect([waiting.code, (await first.done).code]).toEqual([0, 0]);
  expect(waiting.stdout).toContain("[dev] waiting: the stack is locked by ");
  expect(waiting.stdout).toContain("dev: up done\n  2 unchanged\n");
  expect(waiting.stdout.match(/^\[dev\] (up|waiting: .*)$/gm)).toHaveLength(2);
  expect(titles()).toEqual(["Robot", "Web"]);
});

test("an interrupted up ends in order: what it created is in the state, and the next up makes the rest", async () => {
  await using command = await PulumiCarto.create(emulator.env);
  await command.write({ "clients.yaml": CLIENTS_YAML });
  const held = holdNextCreate();
  const { child, done } = command.start(["up", "--env", "dev", "--yes"]);
  await held();
  child.kill("SIGINT");
  const interrupted = await done;
  expect([interrupted.code, interrupted.stderr]).toEqual([
    1,
    "Stopping after the steps in progress. Press Ctrl-C again to stop at once.\n",
  ]);
  expect(interrupted.stdout).toContain("dev: up failed, interrupted: what was done is recorded\n");
  expect((await command.run(["up", "--env", "dev", "--yes"])).code).toBe(0);
  expect(titles()).toEqual(["Robot", "Web"]);
  const preview = await command.run(["preview", "--env", "dev", "--exit-code"]);
  expect([preview.code, preview.stdout]).toEqual([0, "[dev] preview\ndev: preview done\n  2 unchanged\n"]);
});

const postgres = await findPostgres();
const reason = "reason" in postgres ? ` (skipped: ${postgres.reason})` : "";

test.skipIf("reason" in postgres)(`two pipelines on PostgreSQL lose nothing of each other${reason}`, async () => {
  if ("reason" in postgres) return;
  await using server = await Postgres.start(postgres.bin);
  await using command = await PulumiCarto.create({ ...emulator.env, PULUMI_BACKEND_URL: server.url });
  await command.write({ "clients.yaml": CLIENTS_YAML.replace(/name: (Robot|Web)/g, 'name: "${stack} $1"') });
  const args = ["--yes", "--wait", "120"];
  const results = await Promise.all([
    command.run(["up", "--env", "dev", ...args]),
    command.run(["up", "--env", "staging,dev", ...args]),
  ]);
  expect(results.map(({ code, stdout }) => [code, stdout])).toEqual([
    [0, expect.any(String)],
    [0, expect.any(String)],
  ]);
  expect(titles()).toEqual(["dev Robot", "dev Web", "staging Robot", "staging Web"]);
  const preview = await command.run(["preview", "--env", "dev,staging", "--exit-code", "--refresh", "--json"]);
  const summaries = JSON.parse(preview.stdout).environments.map((one: { summary: object }) => one.summary);
  const unchanged = { create: 0, update: 0, delete: 0, replace: 0, drifted: 0, same: 2 };
  expect([preview.code, summaries]).toEqual([0, [unchanged, unchanged]]);
});
