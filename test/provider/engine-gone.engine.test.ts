import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { killAll, processesIn } from "../../chaos/processes.ts";
import { startEmulator } from "../../emulator/index.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const PROGRAM = `
import { M2mOAuthClient } from "pulumi-carto";
new M2mOAuthClient("robot", { name: "Robot" });
`;

/** In the SDK's host, holds the loading of the provider's code until a file named `go` is there. */
const HOLD = `
import { existsSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
if (process.argv[1]?.includes("dynamic-provider")) registerHooks({
  load(url, context, next) {
    if (url.endsWith("/dist/provider/m2m.js")) {
      writeFileSync("loading", "");
      while (!existsSync("go")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
    return next(url, context);
  },
});
`;

test("an engine that is killed while its provider's code is still loading gets nothing deleted", async () => {
  const emulator = await startEmulator();
  await using workspace = await pulumiWorkspace({
    files: { "index.ts": PROGRAM, "hold.mjs": HOLD },
    env: emulator.env,
  });
  const [loading, go] = [join(workspace.directory, "loading"), join(workspace.directory, "go")];
  const providers = () =>
    processesIn(workspace.directory).filter(({ command }) => command.includes("dynamic-provider"));
  try {
    await workspace.succeed("up");
    const engine = spawn("pulumi", ["destroy", "--yes", "--skip-preview", "--non-interactive"], {
      cwd: workspace.directory,
      env: { ...workspace.env, NODE_OPTIONS: `--import ${join(workspace.directory, "hold.mjs")}` },
      detached: true,
      stdio: "ignore",
    });
    const closed = once(engine, "close");
    await expect.poll(() => existsSync(loading), { timeout: 60_000 }).toBe(true);
    engine.kill("SIGKILL");
    await closed;
    expect(providers()).not.toEqual([]);

    await writeFile(go, "");
    await expect.poll(providers, { timeout: 60_000 }).toEqual([]);
    expect(emulator.clients().map(({ title }) => title)).toEqual(["Robot"]);
  } finally {
    killAll(processesIn(workspace.directory));
    await emulator.close();
  }
});
