import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withLock } from "../../engine/lock.ts";
import { temporaryDirectory } from "./fake-engine.ts";

const never = new AbortController().signal;

test("tasks under the same lock run one after the other, and a waiting one says so once", async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, "lock");
  const steps: string[] = [];
  const events = new EventEmitter();
  const released = once(events, "release");
  const started = once(events, "start");
  const one = withLock(file, { signal: never, onWait: () => steps.push("one waits") }, async () => {
    steps.push("one starts");
    events.emit("start");
    await released;
    steps.push("one ends");
  });
  await started;
  const two = withLock(file, { signal: never, onWait: () => events.emit("release") }, async () =>
    steps.push("two runs"),
  );
  await Promise.all([one, two]);
  expect(steps).toEqual(["one starts", "one ends", "two runs"]);
});

test("a task that throws releases the lock", async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, "lock");
  const options = { signal: never, onWait: () => {} };
  await expect(withLock(file, options, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await withLock(file, options, async () => "next")).toBe("next");
});

test("a waiting task can be aborted", async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, "lock");
  const controller = new AbortController();
  await withLock(file, { signal: never, onWait: () => {} }, async () => {
    const waiting = withLock(file, { signal: controller.signal, onWait: () => controller.abort() }, async () => "ran");
    await expect(waiting).rejects.toThrow("aborted");
  });
});

test("the lock of a killed process is free at once", async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, "lock");
  const lock = new URL("../../engine/lock.ts", import.meta.url).href;
  const script = `
    import { withLock } from ${JSON.stringify(lock)};
    const options = { signal: new AbortController().signal, onWait: () => {} };
    await withLock(${JSON.stringify(file)}, options, async () => { console.log("held"); await new Promise((resolve) => setInterval(resolve, 2 ** 30)); });
  `;
  const holder = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  const waits: string[] = [];
  const controller = new AbortController();
  const refused = withLock(file, { signal: controller.signal, onWait: () => controller.abort() }, async () => "ran");
  await expect(refused).rejects.toThrow("aborted");
  holder.kill("SIGKILL");
  await once(holder, "close");
  expect(await withLock(file, { signal: never, onWait: () => waits.push("waited") }, async () => "ran")).toBe("ran");
  expect(waits).toEqual([]);
});
