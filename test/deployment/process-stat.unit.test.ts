import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { processStat } from "../../deployment/process-stat.ts";

test("a process has a name and a start; one that is gone has none, and neither has a zombie", async () => {
  expect(processStat(process.pid)).toEqual({ name: expect.any(String), start: expect.stringMatching(/^\d+$/) });
  expect(processStat(2 ** 22 + 1)).toBeUndefined(); // beyond what Linux gives out
  // `exec` replaces the shell by a program that waits for no children.
  const shell = spawn("/bin/sh", ["-c", "sleep 0.2 & echo $!; exec sleep 60"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const pid = Number(String((await once(shell.stdout, "data"))[0]));
    expect(processStat(pid)?.name).toMatch(/^(sh|sleep)$/);
    for (let tries = 0; processStat(pid) !== undefined && tries < 100; tries++) await wait(50);
    expect(processStat(pid)).toBeUndefined();
    expect(() => process.kill(pid, 0)).not.toThrow();
  } finally {
    shell.kill("SIGKILL");
  }
});
