import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";
import { HAS_TERMINAL, inTerminal, NO_TERMINAL, typing } from "../../harness/terminal.ts";

let emulator: Emulator;
let command: PulumiCarto;
beforeEach(async () => {
  emulator = await startEmulator();
  command = await PulumiCarto.create({ ...emulator.env, TERM: "xterm" });
  await command.write({ "clients.yaml": "version: 1\nclients:\n  robot: { kind: m2m, name: Robot }\n" });
});
afterEach(async () => {
  await command[Symbol.asyncDispose]();
  await emulator.close();
});

const terminal = (args: string, react: (written: string) => string | undefined) =>
  inTerminal(command.commandLine(args), { cwd: command.directory, env: command.env }, react);

test.skipIf(!HAS_TERMINAL)(
  `in a terminal, up shows its preview and asks, and "yes" alone goes on${NO_TERMINAL}`,
  async () => {
    const refused = await terminal("up --stack dev", typing(["[yes/no] ", "no\r"]));
    expect(refused.text).toContain("  + robot (M2M) to create\r\n");
    expect(refused.text).toContain("Apply this to dev? [yes/no] ");
    expect(refused.text).toContain("Nothing was changed.\r\n");
    expect([refused.code, emulator.clients().length]).toEqual([5, 0]);
    const agreed = await terminal("up --stack dev", typing(["[yes/no] ", "yes\r"]));
    expect(agreed.text).toContain("dev: up done\r\n  + robot (M2M) created\r\n");
    expect([agreed.code, emulator.clients().length]).toEqual([0, 1]);
    // The stack itself, its provider and its identity are not counted.
    const progress = [...agreed.text.matchAll(/\((\d+) s, (\d+) of (\d+)\)/g)];
    expect(new Set(progress.map(([, , , total]) => total))).toEqual(new Set(["1"]));
    expect(progress.every(([, , done = ""]) => ["0", "1"].includes(done))).toBe(true);
  },
);

test.skipIf(!HAS_TERMINAL)(
  `Ctrl-C in a terminal reaches the engine once: the step under way is recorded${NO_TERMINAL}`,
  async () => {
    emulator.faults.add({ call: "createOAuthClient", fault: "delay", delayMs: 3000, when: "after", times: 1 });
    let pressed = false;
    const { code, text } = await terminal("up --stack dev --yes", () => {
      if (pressed || emulator.faults.list()[0]?.hits !== 1) return undefined;
      pressed = true;
      return "\u0003";
    });
    expect(code, text).toBe(1);
    expect(text).toContain("dev: up failed, interrupted: what was done is recorded\r\n");
    expect(text).toContain("  + robot (M2M) created\r\n");
    const preview = await command.run(["preview", "--stack", "dev"]);
    expect(preview.stdout).toContain("dev: preview done\n  1 unchanged\n");
  },
);

const MANY = Array.from({ length: 14 }, (_, index) => `robot-${index + 1}`);

/** 14 clients in dev and prod; those that dev leaves out. */
function manyClients(...omitted: string[]): string {
  const clients = MANY.map((name) => `  ${name}: { kind: m2m, name: ${name} }\n`).join("");
  const dev = omitted.map((name) => `${name}: false`).join(", ");
  return `version: 1\nclients:\n${clients}environments: { prod: {}, dev: { clients: { ${dev} } } }\n`;
}

/** Each "x of y" of an environment's phase, in the order drawn, without repetitions. */
function countsOf(text: string, phase: string): string[] {
  const drawn = [...text.matchAll(new RegExp(`${phase} \\(\\d+ s, (\\d+ of \\d+)\\)`, "g"))].map(
    ([, counts = ""]) => counts,
  );
  return drawn.filter((counts, index) => counts !== drawn[index - 1]);
}

/** Whether the first numbers rise, and all are of the same total. */
function isRising(counts: readonly string[], total: number): boolean {
  const done = counts.map((one) => Number.parseInt(one, 10));
  return (
    counts.every((one) => one.endsWith(` of ${total}`)) &&
    done.every((count, index) => count <= total && count >= (done[index - 1] ?? 0))
  );
}

/** CARTO refuses three creates after four: of one environment, or of both. */
function refuseSome(): void {
  emulator.faults.add({ call: "createOAuthClient", fault: "status", status: 403, skip: 4, times: 3 });
}

test.skipIf(!HAS_TERMINAL)(
  `in a terminal, the progress of 14 clients in two environments counts up to 14 each: with failures, in the next run, and in a rollback of one${NO_TERMINAL}`,
  async () => {
    await command.write({ "clients.yaml": manyClients() });
    refuseSome();
    const failed = await terminal("up --env dev,prod --yes", () => undefined);
    expect([failed.code, failed.text.match(/error: robot-\d+: /g)?.length]).toEqual([1, 3]);
    const made = emulator.clients().length;
    expect(made).toBeLessThan(28);
    emulator.faults.clear();
    // Drawn every tenth of a second: what is unchanged is seen to be counted before the rest is done.
    for (const call of ["createOAuthClient", "deleteOAuthClient"])
      emulator.faults.add({ call, fault: "delay", delayMs: 700 });
    const again = await terminal("up --env dev,prod --checkpoints once", typing(["[yes/no] ", "yes\r"]));
    // A note stays, beside the progress and not instead of it.
    expect(again.text.match(/(dev|prod): the state is written once, at the end \(/g)).toHaveLength(2);
    expect([again.code, emulator.clients().length]).toEqual([0, 28]);
    for (const text of [failed.text, again.text]) {
      for (const name of ["dev", "prod"])
        expect([name, isRising(countsOf(text, `${name} up`), 14)], text).toEqual([name, true]);
    }
    // Results come in the order in which the environments were named, their clients as people count.
    expect(again.text.indexOf("dev: up done")).toBeLessThan(again.text.indexOf("prod: up done"));

    await command.write({ "clients.yaml": manyClients(...MANY.slice(2)) });
    const rolledBack = await terminal("up --env dev,prod", typing(["[yes/no] ", "yes\r"]));
    expect([rolledBack.code, emulator.clients().length]).toEqual([0, 16]);
    // What is deleted counts as well: the preview has met it.
    for (const name of ["dev", "prod"]) {
      const counts = countsOf(rolledBack.text, `${name} up`);
      expect([name, isRising(counts, 14)], counts.join()).toEqual([name, true]);
    }
    expect(countsOf(rolledBack.text, "dev up")).toContain("2 of 14");
    const deleted = [...rolledBack.text.matchAll(/ {2}- (robot-\d+) \(M2M\) deleted/g)].map(([, name]) => name);
    expect(deleted).toEqual(MANY.slice(2));
  },
  120_000,
);

test("without a terminal, each of 14 clients in two environments has one line as it is done, and failures none", async () => {
  await command.write({ "clients.yaml": manyClients() });
  refuseSome();
  const lines = (stdout: string, pattern: RegExp) => stdout.split("\n").filter((line) => pattern.test(line));
  const failed = await command.run(["up", "--env", "prod,dev", "--yes"]);
  expect([failed.code, lines(failed.stdout, /^ {2}error: robot-\d+: /).length]).toEqual([1, 3]);
  const created = lines(failed.stdout, /^\[(dev|prod)\] robot-\d+ created$/);
  expect([created.length, new Set(created).size]).toEqual([emulator.clients().length, created.length]);
  emulator.faults.clear();
  expect((await command.run(["up", "--env", "prod,dev", "--yes"])).stdout).toMatch(
    /prod: up done\n[\s\S]*dev: up done\n/,
  );

  await command.write({ "clients.yaml": manyClients(...MANY.slice(2)) });
  const rolledBack = await command.run(["up", "--env", "prod,dev", "--yes"]);
  const deleted = lines(rolledBack.stdout, /^\[dev\] robot-\d+ deleted$/);
  expect([rolledBack.code, deleted.length, new Set(deleted).size]).toEqual([0, 12, 12]);
  expect(rolledBack.stdout).toContain("prod: up done\n  14 unchanged\n");
  expect(rolledBack.stdout).toMatch(/\n {2}12 deleted, 2 unchanged\n$/);
  expect(rolledBack.stdout).not.toMatch(/ of \d/);
}, 120_000);
