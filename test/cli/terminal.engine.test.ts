import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

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

const SCRIPT = "/usr/bin/script";
const reason = existsSync(SCRIPT) ? "" : " (skipped: there is no `script` here to make a terminal with)";

/** Runs the command in a pseudo-terminal. @param react gets what it wrote, and returns what is typed */
async function inTerminal(args: string, react: (written: string) => string | undefined) {
  const line = command.commandLine(args);
  const child = spawn(SCRIPT, ["-qec", line, "/dev/null"], {
    cwd: command.directory,
    env: command.env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (written: string) => {
    text += written;
    const typed = react(text);
    if (typed !== undefined) child.stdin.write(typed);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, text };
}

const answering = (answer: string) => {
  let answered = false;
  return (written: string) => {
    if (answered || !written.includes("[yes/no] ")) return undefined;
    answered = true;
    return `${answer}\r`;
  };
};

test.skipIf(reason !== "")(
  `in a terminal, up shows its preview and asks, and "yes" alone goes on${reason}`,
  async () => {
    const refused = await inTerminal("up --stack dev", answering("no"));
    expect(refused.text).toContain("  + robot (M2M) to create\r\n");
    expect(refused.text).toContain("Apply this to dev? [yes/no] ");
    expect(refused.text).toContain("Nothing was changed.\r\n");
    expect([refused.code, emulator.clients().length]).toEqual([5, 0]);
    const agreed = await inTerminal("up --stack dev", answering("yes"));
    expect(agreed.text).toContain("dev: up done\r\n  + robot (M2M) created\r\n");
    expect([agreed.code, emulator.clients().length]).toEqual([0, 1]);
  },
);

test.skipIf(reason !== "")(
  `Ctrl-C in a terminal reaches the engine once: the step under way is recorded${reason}`,
  async () => {
    emulator.faults.add({ call: "createOAuthClient", fault: "delay", delayMs: 3000, when: "after", times: 1 });
    let pressed = false;
    const { code, text } = await inTerminal("up --stack dev --yes", () => {
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
