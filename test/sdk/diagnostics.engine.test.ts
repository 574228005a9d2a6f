import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const PROGRAM = `
import { M2mOAuthClient } from "pulumi-carto";
export const secret = new M2mOAuthClient("service", { name: "Service" }).clientSecret;
`;

test("docs/security.md says which of Pulumi's own diagnostics print secrets", async () => {
  const emulator = await startEmulator();
  try {
    const { CARTO_M2M_CLIENT_SECRET: management = "", ...env } = emulator.env;
    const printed: Record<string, string[]> = {};
    const measure = async (name: string, flags: string[], own: Record<string, string>, file?: string) => {
      await using workspace = await pulumiWorkspace({
        files: PROGRAM,
        env,
        secrets: { "carto:clientSecret": management, "carto:clientId": env.CARTO_M2M_CLIENT_ID ?? "" },
      });
      Object.assign(workspace.env, own);
      delete workspace.env.CARTO_M2M_CLIENT_ID;
      const { stdout, stderr, code } = await workspace.pulumi("up", ...flags);
      expect([name, code]).toEqual([name, 0]);
      const session = await CartoSession.open(emulator);
      const id = emulator.clients().at(-1)?.client_id;
      const { client_secret } = (await session.call("GET", `${CLIENTS}/${id}`)).body;
      const text =
        stdout + stderr + (file === undefined ? "" : await readFile(join(workspace.directory, file), "latin1"));
      const secrets = { management, created: client_secret };
      printed[name] = Object.entries(secrets).flatMap(([what, secret]) => (text.includes(secret) ? [what] : []));
    };
    await measure("none", [], {});
    await measure("--debug", ["--debug"], {});
    await measure("-v=9 --logtostderr", ["-v=9", "--logtostderr"], {});
    await measure("--tracing", ["--tracing=file:./up.trace"], {}, "up.trace");
    await measure("PULUMI_DEBUG_GRPC", [], { PULUMI_DEBUG_GRPC: "grpc.json" }, "grpc.json");
    const both = ["management", "created"];
    expect(printed).toEqual({
      none: [],
      "--debug": [],
      "-v=9 --logtostderr": both,
      "--tracing": both,
      PULUMI_DEBUG_GRPC: both,
    });
  } finally {
    await emulator.close();
  }
});
