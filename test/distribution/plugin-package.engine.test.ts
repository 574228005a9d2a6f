import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packPlugin } from "../../distribution/plugin-package.ts";
import { startEmulator } from "../../emulator/index.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const PROGRAM = `
name: test
runtime: yaml
resources:
  service: { type: "carto:M2mOAuthClient", properties: { name: Service } }
outputs: { id: "\${service.clientId}" }
`;

test("the archive is installed with the engine's own command, and serves a program without this package", async () => {
  const target = await mkdtemp(join(import.meta.dirname, "../../.pulumi-carto/plugin-"));
  await using emulator = await startEmulator();
  await using workspace = await pulumiWorkspace({
    files: { "Pulumi.yaml": PROGRAM },
    env: emulator.env,
    language: "yaml",
  });
  try {
    // What npm puts on PATH has the plugin of this repository.
    workspace.env.PATH = (workspace.env.PATH ?? "")
      .split(":")
      .filter((path) => !path.includes("node_modules/.bin"))
      .join(":");
    expect((await workspace.pulumi("preview")).stdout).toContain("no resource plugin 'pulumi-resource-carto' found");
    const { version, archives } = await packPlugin(target);
    expect(archives.map((path) => path.split("/").at(-1))).toEqual(
      ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64"].map(
        (platform) => `pulumi-resource-carto-v${version}-${platform}.tar.gz`,
      ),
    );
    await workspace.succeed("plugin", "install", "resource", "carto", version, "--file", archives[0] ?? "");
    const up = await workspace.succeed("up");
    expect(up.stderr).toBe("");
    expect((await workspace.outputs()).id).toBe(emulator.clients()[0]?.client_id);
    const schema = await workspace.succeed("package", "get-schema", "carto");
    expect(JSON.parse(schema.stdout).resources).toHaveProperty("carto:index:SpaOAuthClient");
    await workspace.succeed("destroy");
    expect(emulator.clients()).toEqual([]);
  } finally {
    await rm(target, { recursive: true, force: true });
  }
});
