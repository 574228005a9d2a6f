import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempDisposableSync, symlinkSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sweep, temporaryDirectory } from "../../deployment/temporary-directory.ts";

let folder: ReturnType<typeof mkdtempDisposableSync>;

beforeEach(() => {
  folder = mkdtempDisposableSync(join(tmpdir(), "sweep-"));
  vi.stubEnv("XDG_RUNTIME_DIR", folder.path);
});
afterEach(() => {
  vi.unstubAllEnvs();
  folder.remove();
});

test("a temporary directory is below XDG_RUNTIME_DIR, for this user only, and goes when it is removed", async () => {
  const { path, remove } = temporaryDirectory("plan");
  expect([dirname(path), (await stat(path)).mode & 0o777]).toEqual([folder.path, 0o700]);
  writeFileSync(join(path, "plan.json"), "{}");
  remove();
  expect(existsSync(path)).toBe(false);
});

test("without a directory of one's own it is where temporary files are", () => {
  vi.stubEnv("XDG_RUNTIME_DIR", join(folder.path, "not-there"));
  vi.stubEnv("TMPDIR", folder.path);
  const { path, remove } = temporaryDirectory("work");
  expect(dirname(path)).toBe(folder.path);
  remove();
});

test("what a killed run left is removed, what a living one has stays, and so do names of another machine or of others", async () => {
  const killed = spawn(process.execPath, ["--eval", ""]);
  await once(killed, "exit");
  const { path: living, remove } = temporaryDirectory("import");
  const [, machine = ""] = /^pulumi-carto-import-([0-9a-f]{8})-/.exec(basename(living)) ?? [];
  const make = (name: string) => {
    const path = join(folder.path, name);
    mkdirSync(path);
    writeFileSync(join(path, "import.json"), "planted-secret");
    return path;
  };
  const dead = ["work", "import", "plan", "preview"].map((kind) =>
    make(`pulumi-carto-${kind}-${machine}-${killed.pid}-123-abcdef`),
  );
  const reused = make(`pulumi-carto-import-${machine}-${process.pid}-1-abcdef`);
  const kept = [
    make(`pulumi-carto-import-00000000-${killed.pid}-123-abcdef`),
    make("pulumi-carto-test-abcdef"),
    make("my-own"),
    living,
  ];
  const target = join(folder.path, "my-own");
  symlinkSync(target, join(folder.path, `pulumi-carto-plan-${machine}-${killed.pid}-9-abcdef`));
  sweep([folder.path]);
  expect([...dead, reused].filter((path) => existsSync(path))).toEqual([]);
  expect(kept.filter((path) => !existsSync(path))).toEqual([]);
  expect(existsSync(join(target, "import.json")), "a link is removed, not what it points at").toBe(true);
  remove();
});
