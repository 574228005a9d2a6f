import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { killAll, processesIn } from "../../chaos/processes.ts";
import { startEmulator } from "../../emulator/index.ts";
import { CLIENTS } from "../../harness/carto-session.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

const MANIFEST = `version: 1
clients:
  robot: { kind: m2m, name: Robot }
  web: { kind: spa, name: Web, applicationLoginUrl: "https://web.example.com/" }
environments: { dev: {} }
`;

test("after the engine was killed, the next up says in one sentence what was interrupted, and makes each client once", async () => {
  await using emulator = await startEmulator();
  await using command = await PulumiCarto.create(emulator.env);
  const runtime = join(command.directory, "run");
  await mkdir(runtime, { mode: 0o700 });
  const env = { XDG_RUNTIME_DIR: runtime };
  await command.write({ "clients.yaml": MANIFEST });
  emulator.faults.add({ call: "createOAuthClient", fault: "delay", delayMs: 30_000, when: "after", times: 2 });
  const { done } = command.start(["up", "--env", "dev", "--yes", "--audit", "audit.jsonl"], env);
  await expect.poll(() => emulator.requests()[`POST ${CLIENTS}`], { timeout: 60_000 }).toBe(2);
  const engines = processesIn(command.directory).filter((one) => /^\S*pulumi /.test(one.command));
  expect(killAll(engines)).toBe(true);
  expect((await done).code).toBe(1);
  emulator.faults.clear();

  const up = ["up", "--env", "dev", "--yes"];
  const locked = await command.run(up, env);
  expect(locked.stdout).toMatch(
    /the stack is locked by .*: wait for it with --wait, or, if it no longer runs, remove the lock with `pulumi-carto cancel --env dev`\n/,
  );
  expect((await command.run(["cancel", "--env", "dev", "--yes"], env)).code).toBe(0);
  const interrupted = (doing: string) =>
    `  warning: an earlier run was interrupted while creating ${doing}: \`up\` takes over what it left at CARTO, and \`pulumi-carto refresh --stack dev\` then clears this message\n`;
  const again = await command.run(up, env);
  expect([again.code, again.stderr]).toEqual([0, ""]);
  expect(
    [interrupted("web and robot"), interrupted("robot and web")].some((text) => again.stdout.includes(text)),
    again.stdout,
  ).toBe(true);
  for (const { client_id, title } of emulator.clients()) {
    expect(again.stdout).toContain(`OAuth client ${client_id} ("${title}") was not created but adopted`);
  }
  expect(
    emulator
      .clients()
      .map(({ title }) => title)
      .sort(),
  ).toEqual(["Robot", "Web"]);
  const refreshed = await command.run(["refresh", "--env", "dev"], env);
  expect([refreshed.code, refreshed.stderr]).toEqual([0, ""]);
  const last = await command.run(up, env);
  expect(last).toEqual({ code: 0, stdout: "[dev] up\ndev: up done\n  2 unchanged\n", stderr: "" });
});
