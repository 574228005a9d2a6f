import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const PROGRAM = `
import { M2mOAuthClient } from "pulumi-carto";
new M2mOAuthClient("robot", { name: "Robot" });
`;

test("a preview shows what was declared or has drifted, and no internals of the provider", async () => {
  const emulator = await startEmulator();
  await using workspace = await pulumiWorkspace({ files: PROGRAM, env: emulator.env });
  /** The properties of the client, as the preview's lines show them. */
  const shown = async () => {
    const { stdout } = await workspace.succeed("preview", "--diff");
    const [, client = ""] = stdout.split(":M2mOAuthClient::robot]\n");
    const [properties = ""] = client.split("Resources:");
    return properties
      .trimEnd()
      .split("\n")
      .map((line) => line.trim().replace(/ +:/, ":"));
  };
  try {
    expect(await shown()).toEqual([`name: "Robot"`]);
    await workspace.succeed("up");
    const [client] = emulator.clients();
    const session = await CartoSession.open(emulator);
    await session.call("PATCH", `${CLIENTS}/${client?.client_id}`, { title: "Renamed by hand" });
    await workspace.succeed("refresh");
    expect(await shown()).toEqual([`~ name: "Renamed by hand" => "Robot"`]);
  } finally {
    await emulator.close();
  }
});
