import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const PROGRAM = {
  name: "test",
  runtime: "yaml",
  resources: { service: { type: "carto:M2mOAuthClient", properties: { name: "Service" } } },
};

test.runIf(process.platform === "linux").each([["--plan", "my plan.json"], ["--plan=my plan.json"]])(
  "the first up of a stack carries out a saved plan: %s",
  async (...flags) => {
    await using emulator = await startEmulator();
    await using workspace = await pulumiWorkspace({
      files: { "Pulumi.yaml": JSON.stringify(PROGRAM) },
      env: { ...emulator.env, PULUMI_EXPERIMENTAL: "true" },
      language: "yaml",
      plugin: true,
    });
    await workspace.succeed("preview", "--save-plan", "my plan.json");
    await workspace.succeed("up", ...flags);
    expect(emulator.clients().map(({ title }) => title)).toEqual(["Service"]);

    await workspace.succeed("preview", "--save-plan", "my plan.json");
    await workspace.succeed("up", ...flags);
    expect(emulator.clients()).toHaveLength(1);
  },
);
