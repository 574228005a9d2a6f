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
