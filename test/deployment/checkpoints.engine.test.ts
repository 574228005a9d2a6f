import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { processesIn } from "../../chaos/processes.ts";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

const CLIENTS = 40;

let emulator: Emulator;
let command: PulumiCarto;
/** Is told of every call that is served. */
let served: () => void;

beforeEach(async () => {
  served = () => {};
  emulator = await startEmulator({ log: () => served() });
  command = await PulumiCarto.create(emulator.env);
  const clients = Array.from(
    { length: CLIENTS },
    (_, index) => `  robot-${index}: { kind: m2m, name: Robot ${index} }\n`,
  );
  await command.write({ "clients.yaml": `version: 1\nproject: test\nclients:\n${clients.join("")}` });
  await mkdir(join(command.directory, "tmp"));
  command.env.TMPDIR = join(command.directory, "tmp"); // where the engine works
});
afterEach(async () => {
  await command[Symbol.asyncDispose]();
  await emulator.close();
});

/** IDs of the clients in the state. */
function managed(): string[] {
  const state = JSON.parse(readFileSync(join(command.directory, "backend/.pulumi/stacks/test/dev.json"), "utf8"));
  const resources = (state.checkpoint.latest.resources ?? []) as { type: string; id?: string }[];
  return resources.filter(({ type }) => type.endsWith(":M2mOAuthClient")).map(({ id }) => id ?? "");
}

const atCarto = () =>
  emulator
    .clients()
    .filter(({ title }) => title.startsWith("Robot"))
    .map(({ client_id }) => client_id);

/** Runs the command, and kills its engine when so many changes have been made. */
async function killedAfter(calls: number, operation: "up" | "destroy", target: "engine" | "command"): Promise<void> {
  const running = command.start([operation, "--stack", "dev", "--yes", "--checkpoints", "once"]);
  const before = atCarto().length;
  served = () => {
    if (Math.abs(atCarto().length - before) < calls) return;
    const isTarget = (line: string) =>
      target === "engine" ? /pulumi (up|destroy) /.test(line) : line.includes("main.js");
    for (const { pid, command: line } of processesIn(command.directory))
      if (isTarget(line)) process.kill(pid, "SIGKILL");
    served = () => {};
  };
  expect((await running.done).code).not.toBe(0);
}

/** As docs/lifecycle.md says. */
async function again(operation: "up" | "destroy", ...flags: string[]): Promise<void> {
  const args = [operation, "--stack", "dev", "--yes", ...flags];
  const first = await command.run(args);
  if (first.code === 0) return;
  expect(first.stdout).toContain("locked");
  const env = { ...command.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  await command.write({ "Pulumi.yaml": "name: test\nruntime: nodejs\n" });
  execFileSync("pulumi", ["cancel", "--stack", "dev", "--yes"], { cwd: command.directory, env, stdio: "pipe" });
  const second = await command.run(args);
  expect([second.code, second.stderr]).toEqual([0, ""]);
}

test.each(["engine", "command"] as const)(
  "an up whose %s is killed before the state is written is made good by the next one: every client once",
  async (target) => {
    await killedAfter(15, "up", target);
    expect(managed()).toEqual([]);
    const left = atCarto();
    expect(left.length).toBeGreaterThanOrEqual(15);
    await again("up", "--refresh");
    expect(managed().toSorted()).toEqual(atCarto().toSorted());
    expect(atCarto()).toHaveLength(CLIENTS);
    expect(atCarto()).toEqual(expect.arrayContaining(left));
  },
);

test("a destroy whose engine is killed before the state is written is made good by the next one", async () => {
  expect((await command.run(["up", "--stack", "dev", "--yes"])).code).toBe(0);
  await killedAfter(15, "destroy", "engine");
  expect(managed()).toHaveLength(CLIENTS);
  expect(atCarto().length).toBeLessThanOrEqual(CLIENTS - 15);
  await again("destroy");
  expect([managed(), atCarto()]).toEqual([[], []]);
});

const state = () => join(command.directory, "backend/.pulumi/stacks/test/dev.json");
const restore = () => copyFile(`${state()}.bak`, state());

function isWhole(file: string): boolean {
  try {
    return typeof JSON.parse(readFileSync(file, "utf8")) === "object";
  } catch {
    return false;
  }
}

/** Runs the command where no file may become longer than so many kilobytes: a write beyond fails, as on a full disk. */
async function runLimited(args: string, kilobytes: number): Promise<void> {
  const script = `ulimit -f ${kilobytes}; ${command.commandLine(args)}`;
  const { directory: cwd, env } = command;
  await once(spawn("bash", ["-c", script], { cwd, env, stdio: "ignore" }), "close");
}

test("Ctrl-C in an up that writes the state once: what was created is in the state, and the next up goes on from there", async () => {
  const { child, done } = command.start(["up", "--stack", "dev", "--yes", "--checkpoints", "once"]);
  served = () => {
    if (atCarto().length < 15) return;
    child.kill("SIGINT");
    served = () => {};
  };
  const interrupted = await done;
  expect([interrupted.code, interrupted.stdout]).toEqual([1, expect.stringContaining("interrupted")]);
  expect(managed().toSorted()).toEqual(atCarto().toSorted());
  const left = atCarto();
  await again("up");
  expect(managed().toSorted()).toEqual(atCarto().toSorted());
  expect([atCarto().length, left.every((id) => atCarto().includes(id))]).toEqual([CLIENTS, true]);
});

test("an up that cannot write the state at its end, as on a full disk, is made good by the next one", async () => {
  await runLimited("up --stack dev --yes --checkpoints once", 24);
  const left = atCarto();
  expect(left.length).toBeGreaterThan(0);
  // The engine leaves the state as it was, or cut off.
  if (!isWhole(state())) await restore();
  await again("up", "--refresh");
  expect(managed().toSorted()).toEqual(atCarto().toSorted());
  expect(atCarto()).toEqual(expect.arrayContaining(left));
  expect(atCarto()).toHaveLength(CLIENTS);
});

test("a state that was cut off is named with the way out, its backup, from which an up finds every client", async () => {
  expect((await command.run(["up", "--stack", "dev", "--yes", "--checkpoints", "once"])).code).toBe(0);
  const before = atCarto();
  const whole = readFileSync(state(), "utf8");
  const inTrue = whole.indexOf("true", 10_000) + 1;
  for (const end of [20_000, inTrue]) {
    writeFileSync(state(), whole.slice(0, end));
    const refused = await command.run(["up", "--stack", "dev", "--yes"]);
    expect([end, refused.code, refused.stdout]).toEqual([
      end,
      1,
      expect.stringContaining("copy `STACK.json.bak` to `STACK.json`"),
    ]);
  }
  await restore();
  await again("up", "--refresh");
  expect(managed().toSorted()).toEqual(before.toSorted());
  expect(atCarto()).toEqual(before);
});
