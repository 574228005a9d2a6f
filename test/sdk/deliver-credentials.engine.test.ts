import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

/** A program whose rotation and receiver come from its configuration. */
const PROGRAM = `import * as pulumi from "@pulumi/pulumi";
import { deliverCredentials, M2mOAuthClient } from "pulumi-carto";

const config = new pulumi.Config();
const robot = new M2mOAuthClient("robot", { name: "Robot", rotationTrigger: config.require("trigger") });
await deliverCredentials("robot", robot, [
  { to: "dotenv", file: "secrets/robot.env" },
  { to: "command", run: ["node", config.require("receiver")] },
]);
`;
const RECEIVER = `import { readFileSync, writeFileSync } from "node:fs";
writeFileSync("received.json", readFileSync(0, "utf8"));
`;

test("a program delivers at up and not at preview; a failed delivery of a rotation keeps the old client", async () => {
  await using workspace = await pulumiWorkspace({
    files: { "index.ts": PROGRAM, "receiver.mjs": RECEIVER, "broken.mjs": "process.exitCode = 7;" },
    config: { trigger: "a", receiver: "receiver.mjs" },
    env: emulator.env,
  });
  const file = join(workspace.directory, "secrets/robot.env");
  await workspace.succeed("preview");
  expect(await stat(file).catch(() => "none")).toBe("none");

  await workspace.succeed("up");
  const [old = ""] = emulator.clients().map(({ client_id }) => client_id);
  const session = await CartoSession.open(emulator);
  const { client_secret: secret } = (await session.call("GET", `${CLIENTS}/${old}`)).body;
  expect(await readFile(file, "utf8")).toBe(`ROBOT_CLIENT_ID=${old}\nROBOT_CLIENT_SECRET=${secret}\n`);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(join(workspace.directory, "received.json"), "utf8"))).toEqual({
    clientId: old,
    clientSecret: secret,
  });

  await workspace.setConfig("trigger", "b");
  await workspace.setConfig("receiver", "broken.mjs");
  const failed = await workspace.pulumi("up");
  expect(failed.code).not.toBe(0);
  expect(failed.stdout + failed.stderr).toContain(
    "robot: not delivered to the stdin of `node broken.mjs`: the command ended with exit code 7; its output is not shown, as it may repeat the secret",
  );
  const both = emulator.clients().map(({ client_id }) => client_id);
  expect([both.length, both.includes(old)]).toEqual([2, true]);

  await workspace.setConfig("receiver", "receiver.mjs");
  await workspace.succeed("up");
  const [next = "", ...others] = emulator.clients().map(({ client_id }) => client_id);
  expect([others, next === old]).toEqual([[], false]);
  expect(JSON.parse(await readFile(join(workspace.directory, "received.json"), "utf8")).clientId).toBe(next);
});
