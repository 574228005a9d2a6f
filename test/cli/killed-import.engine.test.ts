import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

/** Files below a directory, by name, that hold a text. */
async function filesWith(directory: string, text: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  return files.filter((_, index) => texts[index]?.includes(text));
}

test("an import that is killed leaves a file with secrets, and the next run removes it", async () => {
  const emulator = await startEmulator();
  try {
    const session = await CartoSession.open(emulator);
    const { body } = await session.call("POST", CLIENTS, { type: "m2m", title: "Robot" });
    await using command = await PulumiCarto.create(emulator.env);
    const runtime = join(command.directory, "run");
    await mkdir(runtime, { mode: 0o700 });
    const manifest = "version: 1\nclients:\n  robot: { kind: m2m, name: Robot }\n";
    await command.write({ "clients.yaml": manifest });
    const env = { XDG_RUNTIME_DIR: runtime };
    const { child, done } = command.start(["import", "--stack", "dev"], env);
    let left: string[] = [];
    while (left.length === 0 && child.exitCode === null) {
      left = await filesWith(runtime, body.client_secret);
      await nextTurn();
    }
    child.kill("SIGKILL");
    await done;
    expect(left, "the kill came while the file was there").toHaveLength(1);
    expect(await filesWith(runtime, body.client_secret)).toEqual(left);

    expect((await command.run(["doctor", "--stack", "dev"], env)).stdout).toContain("ok   ");
    expect(await filesWith(runtime, body.client_secret)).toEqual([]);
    expect(await readdir(runtime)).toEqual([]);
  } finally {
    await emulator.close();
  }
});

test.each([
  ["work", ["up", "--stack", "dev", "--yes"]],
  ["preview", ["preview", "--stack", "new"]],
])("a run that is killed leaves its %s directory, and the next run removes it", async (kind, args) => {
  await using emulator = await startEmulator();
  await using command = await PulumiCarto.create(emulator.env);
  const runtime = join(command.directory, "run");
  await mkdir(runtime, { mode: 0o700 });
  await command.write({ "clients.yaml": "version: 1\nclients:\n  robot: { kind: m2m, name: Robot }\n" });
  const env = { XDG_RUNTIME_DIR: runtime };
  const left = async () => (await readdir(runtime)).filter((name) => name.startsWith(`pulumi-carto-${kind}-`));
  const { child, done } = command.start(args, env);
  while ((await left()).length === 0 && child.exitCode === null) await nextTurn();
  child.kill("SIGKILL");
  await done;
  expect(await left(), "the kill came while the directory was there").toHaveLength(1);

  expect((await command.run(["doctor", "--stack", "dev"], env)).stdout).toContain("ok   ");
  expect(await left()).toEqual([]);
});
