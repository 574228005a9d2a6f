import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { killAll, processesIn } from "../../chaos/processes.ts";
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

const web = (...callbacks: string[]) => `
import { SpaOAuthClient } from "pulumi-carto";
new SpaOAuthClient("web", {
  name: "Web", applicationLoginUrl: "https://app.example.com/", allowedCallbackUrls: ${JSON.stringify(callbacks)},
});
`;
const ATTACK = "https://attacker.example.com/";

test("an update whose answers were lost is undone by the next up, though the program was reverted in between", async () => {
  const emulator = await startEmulator();
  await using workspace = await pulumiWorkspace({ files: web(), env: emulator.env });
  try {
    await workspace.succeed("up");
    await workspace.write({ "index.ts": web(ATTACK) });
    emulator.faults.add({ call: "updateOAuthClient", fault: "status", status: 504, when: "after", times: 5 });
    const failed = await workspace.pulumi("up");
    expect(failed.code).not.toBe(0);
    expect(failed.stdout + failed.stderr).toContain(
      "Whether the change was made is not known: the next `up` sends the whole declaration.",
    );
    expect(emulator.clients()[0]?.callbacks).toEqual([ATTACK]);

    await workspace.write({ "index.ts": web() });
    expect((await workspace.pulumi("preview", "--expect-no-changes")).code).not.toBe(0);
    await workspace.succeed("up");
    expect(emulator.clients()[0]?.callbacks).toEqual([]);
    await workspace.succeed("preview", "--expect-no-changes");
  } finally {
    await emulator.close();
  }
});

/** Begins an up, waits for its first call of this route, and kills the engine alone: its provider stays. */
async function upUntilEngineIsKilled(workspace: PulumiWorkspace, isReached: () => boolean): Promise<void> {
  const child = spawn("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"], {
    ...{ cwd: workspace.directory, env: workspace.env, detached: true, stdio: "ignore" },
  });
  const closed = once(child, "close");
  await expect.poll(isReached, { timeout: 60_000 }).toBe(true);
  child.kill("SIGKILL");
  await closed;
  await workspace.succeed("cancel", "--yes");
}

const providersIn = ({ directory }: PulumiWorkspace) =>
  processesIn(directory).filter(({ command }) => command.includes("dynamic-provider"));

test.each([
  ["create", "createOAuthClient", `POST ${CLIENTS}`],
  ["update", "updateOAuthClient", `PATCH ${CLIENTS}/{client_id}`],
] as const)(
  "the provider that a killed engine leaves waiting with its %s sends nothing later",
  async (what, call, route) => {
    const emulator = await startEmulator();
    await using workspace = await pulumiWorkspace({ files: web(), env: emulator.env });
    try {
      if (what === "update") await workspace.succeed("up");
      await workspace.write({ "index.ts": web(ATTACK) });
      emulator.resetRequests();
      emulator.faults.add({ call, fault: "status", status: 429, retryAfterSeconds: 15, times: 1 });
      await upUntilEngineIsKilled(workspace, () => (emulator.requests()[route] ?? 0) > 0);
      expect(providersIn(workspace)).toHaveLength(1); // waiting for Retry-After

      await workspace.write({ "index.ts": web() });
      await workspace.succeed("up");
      await expect.poll(() => providersIn(workspace), { timeout: 60_000 }).toEqual([]);
      // The refused one, and where there is something to create, that of the new run.
      expect(emulator.requests()[route]).toBe(what === "create" ? 2 : 1);
      expect(emulator.clients().map(({ callbacks }) => callbacks)).toEqual([[]]);
    } finally {
      killAll(processesIn(workspace.directory));
      await emulator.close();
    }
  },
);
