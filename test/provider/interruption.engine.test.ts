import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { type PulumiWorkspace, pulumiWorkspace } from "../../harness/pulumi-workspace.ts";
import { CLIENTS } from "./lifecycle-fixture.ts";

const PROGRAM = `
import { M2mOAuthClient, SpaOAuthClient } from "pulumi-carto";
const web = new SpaOAuthClient("web", { name: "Web", applicationLoginUrl: "https://app.example.com/" });
const robot = new M2mOAuthClient("robot", { name: "Robot" }, { dependsOn: web });
new M2mOAuthClient("importer", { name: "Importer" }, { dependsOn: robot });
`;

const idsInState = async (workspace: PulumiWorkspace) =>
  (await workspace.resources()).filter(({ type }) => type.includes("carto:")).map(({ id }) => id);

test.each(["SIGINT", "SIGTERM"] as const)(
  "after %s in the middle of an up, what was created is in the state",
  async (signal) => {
    const emulator = await startEmulator();
    await using workspace = await pulumiWorkspace({ files: PROGRAM, env: emulator.env });
    try {
      // The second create is committed, but its answer is on its way when the signal comes.
      emulator.faults.add({
        call: "createOAuthClient",
        skip: 1,
        times: 1,
        fault: "delay",
        delayMs: 1500,
        when: "after",
      });
      const child = spawn("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"], {
        cwd: workspace.directory,
        env: workspace.env,
        detached: true,
        stdio: "ignore",
      });
      const closed = once(child, "close");
      await expect.poll(() => emulator.requests()[`POST ${CLIENTS}`], { timeout: 60_000 }).toBe(2);
      child.kill(signal);
      const [code] = await closed;
      expect(code).not.toBe(0);

      const created = emulator.clients().map(({ client_id }) => client_id);
      expect(created).toHaveLength(2);
      expect(await idsInState(workspace)).toEqual(created);
      await workspace.succeed("up");
      expect(emulator.clients().map(({ title }) => title)).toEqual(["Web", "Robot", "Importer"]);
      expect(await idsInState(workspace)).toEqual(emulator.clients().map(({ client_id }) => client_id));
    } finally {
      await emulator.close();
    }
  },
);
