import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const CONTRACT = new URL("../carto/variant.yaml", import.meta.url);

const PROGRAM = `
import { M2mOAuthClient } from "pulumi-carto";
new M2mOAuthClient("service", { name: "Service" });
`;

test("a relative carto:contract of a program starts at the directory of Pulumi.yaml, wherever pulumi runs", async () => {
  await using emulator = await startEmulator({ contract: CONTRACT.pathname });
  await using workspace = await pulumiWorkspace({
    files: PROGRAM,
    env: emulator.env,
    config: { "carto:contract": "own/contract.yaml" },
  });
  await workspace.write({ "own/contract.yaml": await readFile(CONTRACT, "utf8"), "sub/empty": "" });
  const run = (line: string) => workspace.run("sh", ["-c", `cd sub && pulumi ${line} --yes --skip-preview`]);
  const { code, stdout } = await run("up");
  expect([code, emulator.clients().map(({ title }) => title)], stdout).toEqual([0, ["Service"]]);
  await workspace.placePlugin();
  await workspace.setConfig("carto:provider", "plugin");
  expect((await run("destroy")).code).toBe(0);
  expect(emulator.clients()).toEqual([]);
});

test("a relative carto:contract of pulumi-carto starts at the directory of the manifest, wherever the provider runs", async () => {
  await using emulator = await startEmulator({ contract: CONTRACT.pathname });
  await using command = await PulumiCarto.create(emulator.env);
  await mkdir(join(command.directory, "sub"));
  await command.write({
    "sub/clients.yaml": "version: 1\nclients: { robot: { kind: m2m, name: Robot } }\n",
    "sub/Pulumi.dev.yaml": "# ours\nconfig:\n  carto:contract: contract.yaml\n",
    "sub/contract.yaml": await readFile(CONTRACT, "utf8"),
  });
  const stack = ["sub/clients.yaml", "--stack", "dev"];
  expect(await command.run(["doctor", ...stack])).toMatchObject({ code: 0 });
  for (const more of [[], ["--provider-process"]]) {
    const up = await command.run(["up", ...stack, "--yes", ...more]);
    expect([more, up.code, emulator.clients().map(({ title }) => title)], up.stdout).toEqual([more, 0, ["Robot"]]);
    expect((await command.run(["destroy", ...stack, "--yes", ...more])).code).toBe(0);
    expect([more, emulator.clients()]).toEqual([more, []]);
  }
  await command.write({ "sub/Pulumi.dev.yaml": "config:\n  carto:contract: none.yaml\n" });
  const missing = await command.run(["up", ...stack, "--yes"]);
  expect([missing.code, missing.stdout]).toEqual([
    1,
    expect.stringContaining(`${command.directory}/sub/none.yaml does not exist`),
  ]);
}, 120_000);
