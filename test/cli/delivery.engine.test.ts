import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

const EXAMPLE = fileURLToPath(new URL("../../examples/delivery/", import.meta.url));

let emulator: Emulator;
let command: PulumiCarto;
beforeEach(async () => {
  emulator = await startEmulator();
  command = await PulumiCarto.create(emulator.env);
});
afterEach(async () => {
  await command[Symbol.asyncDispose]();
  await emulator.close();
});

const read = (file: string) => readFile(join(command.directory, file), "utf8");

async function credentials(id: string): Promise<{ clientId: string; clientSecret: string }> {
  const session = await CartoSession.open(emulator);
  const { body } = await session.call("GET", `${CLIENTS}/${id}`);
  return { clientId: id, clientSecret: String(body.client_secret) };
}

test("the example's service logs in with what up delivered", async () => {
  await command.write({ "clients.yaml": await readFile(join(EXAMPLE, "clients.yaml"), "utf8") });
  const preview = await command.run(["preview", "--env", "dev"]);
  expect(preview.stdout).toContain(
    "secret-delivered: `up` writes the credentials of this client to the dotenv file secrets/nightly-import.env",
  );
  expect(await stat(join(command.directory, "secrets")).catch(() => "none")).toBe("none");
  const up = await command.run(["up", "--env", "dev", "--yes"]);
  expect([up.code, up.stderr]).toEqual([0, ""]);
  expect(up.stdout).toContain("[dev] delivered to the dotenv file secrets/nightly-import.env\n");
  const file = join(command.directory, "secrets/nightly-import.env");
  expect([(await stat(file)).mode & 0o777, (await stat(join(command.directory, "secrets"))).mode & 0o777]).toEqual([
    0o600, 0o700,
  ]);
  const consumer = [`--env-file=${file}`, join(EXAMPLE, "consumer.mjs")];
  const env = { ...process.env, CARTO_AUTH_URL: emulator.url };
  expect((await promisify(execFile)(process.execPath, consumer, { env })).stdout).toBe(
    "got a Bearer token for 86400 seconds\n",
  );
});

const manifest = (trigger: string, receiver: string) => `version: 1
clients:
  robot:
    kind: m2m
    name: Robot
    rotationTrigger: ${trigger}
    deliver:
      - { to: json, file: robot.json }
      - { to: kubernetes, file: k8s/robot.yaml, name: robot, namespace: maps }
      - { to: command, run: [node, ${receiver}] }
`;

/** Keeps what it gets on stdin, says it on stdout as well, and shows that it has no credentials of CARTO. */
const RECEIVER = `import { readFileSync, writeFileSync } from "node:fs";
const text = readFileSync(0, "utf8");
console.log(text);
writeFileSync("received.json", JSON.stringify({ text, carto: process.env.CARTO_M2M_CLIENT_ID ?? "none" }));
`;

test("a rotation is delivered before the old client is deleted; a delivery that fails keeps the old one", async () => {
  await command.write({
    "clients.yaml": manifest("a", "receiver.mjs"),
    "receiver.mjs": RECEIVER,
    "broken.mjs": "console.error('no'); process.exitCode = 7;",
  });
  const refused = await command.run(["up", "--stack", "dev", "--yes"]);
  expect(refused).toEqual({
    code: 3,
    stdout: "",
    stderr:
      'dev: robot delivers with a command that is not allowed: add --allow-command "node receiver.mjs", or list the command under carto:deliveryCommands in Pulumi.dev.yaml\nNothing was started.\n',
  });
  const allowed = ["up", "--stack", "dev", "--yes", "--allow-command", "node receiver.mjs"];
  const up = await command.run(allowed);
  expect([up.code, up.stderr]).toEqual([0, ""]);
  const [old = ""] = emulator.clients().map(({ client_id }) => client_id);
  const first = await credentials(old);
  expect(JSON.parse(await read("robot.json"))).toEqual(first);
  expect(JSON.parse(await read("k8s/robot.yaml"))).toMatchObject({
    kind: "Secret",
    metadata: { name: "robot", namespace: "maps" },
    stringData: first,
  });
  const received = JSON.parse(await read("received.json"));
  expect([JSON.parse(received.text), received.carto]).toEqual([first, "none"]);
  expect(up.stdout).not.toContain(first.clientSecret);

  await command.write({ "clients.yaml": manifest("b", "broken.mjs") });
  const failed = await command.run([...allowed, "--allow-command", "node broken.mjs"]);
  expect(failed.code).toBe(1);
  expect(failed.stdout).toContain(
    "robot: not delivered to the stdin of `node broken.mjs`: the command ended with exit code 7; its output is not shown, as it may repeat the secret",
  );
  expect(failed.stdout).toContain("Nothing was deleted; run `up` again.");
  const both = emulator.clients().map(({ client_id }) => client_id);
  expect([both.length, both.includes(old)]).toEqual([2, true]);

  await command.write({ "clients.yaml": manifest("b", "receiver.mjs") });
  expect((await command.run(allowed)).code).toBe(0);
  const [next = "", ...others] = emulator.clients().map(({ client_id }) => client_id);
  expect([others, next === old]).toEqual([[], false]);
  const second = await credentials(next);
  expect(JSON.parse(JSON.parse(await read("received.json")).text)).toEqual(second);
  expect(JSON.parse(await read("robot.json"))).toEqual(second);
});

test("a delivery of an existing client that is added or changed is an exposure in a live preview and report, once", async () => {
  const declare = (...files: string[]) => {
    const deliver = files.map((file) => `{ to: json, file: ${file} }`).join(", ");
    return command.write({
      "clients.yaml": `version: 1
clients: { robot: { kind: m2m, name: Robot, deliver: [${deliver}] }, other: { kind: m2m, name: Other } }
environments: { dev: {} }
`,
    });
  };
  const preview = async () => (await command.run(["preview", "--env", "dev"])).stdout;
  await declare();
  expect((await command.run(["up", "--env", "dev", "--yes"])).code).toBe(0);
  await declare("a.json");
  expect(await preview()).toContain(
    "dev: preview done\n  ~ robot (M2M) to update\n      Exposure secret-delivered: `up` writes the credentials of this client to the json file a.json\n  1 to update, 1 unchanged\n",
  );
  const up = await command.run(["up", "--env", "dev", "--yes"]);
  expect(up.stdout).toContain("dev: up done\n  ~ robot (M2M) updated\n  1 updated, 1 unchanged\n");
  expect(await preview()).toContain("dev: preview done\n  2 unchanged\n");
  await declare("a.json", "b.json");
  const report = await command.run(["report", "--env", "dev", "--fail-on", "exposure"]);
  expect(report.code).toBe(2);
  expect(report.stdout).toContain("the json file `b.json`");
  expect(report.stdout).not.toContain("the json file `a.json`");
});

test("a link in the manifest's folder leads no delivery out of it", async () => {
  await mkdir(join(command.directory, "outside"));
  await mkdir(join(command.directory, "project"));
  await symlink(join(command.directory, "outside"), join(command.directory, "project/secrets"));
  await command.write({
    "project/clients.yaml":
      "version: 1\nclients: { robot: { kind: m2m, name: Robot, deliver: [{ to: json, file: secrets/robot.json }] } }\n",
  });
  const up = await command.run(["up", "project/clients.yaml", "--stack", "dev", "--yes"]);
  expect(up.code).toBe(1);
  expect(up.stdout).toContain(
    "robot: not delivered to the json file secrets/robot.json: a link leads out of the manifest's folder",
  );
  expect(await stat(join(command.directory, "outside/robot.json")).catch(() => "none")).toBe("none");
});

test("commands that the stack settings list run without a flag, and no others; GitHub's command gets the secret on stdin", async () => {
  const bin = join(command.directory, "bin");
  await mkdir(bin);
  // A stand-in: GitHub's own command would ask GitHub.
  await command.write({
    "clients.yaml": `version: 1
clients:
  robot:
    kind: m2m
    name: Robot
    deliver:
      - { to: command, run: [node, receiver.mjs] }
      - { to: github, repository: acme/jobs, secret: ROBOT_SECRET }
`,
    "receiver.mjs": RECEIVER,
    "Pulumi.dev.yaml": "config:\n  carto:deliveryCommands:\n    - node receiver.mjs\n",
    "bin/gh": '#!/bin/sh\necho "$*" > gh-arguments.txt\ncat > gh-stdin.txt\n',
  });
  await chmod(join(bin, "gh"), 0o755);
  const env = { PATH: `${bin}:${command.env.PATH}` };
  const refused = await command.run(["up", "--stack", "dev", "--yes"], env);
  expect([refused.code, refused.stderr]).toEqual([
    3,
    'dev: robot delivers with a command that is not allowed: add --allow-command "gh secret set ROBOT_SECRET --repo acme/jobs", or list the command under carto:deliveryCommands in Pulumi.dev.yaml\nNothing was started.\n',
  ]);
  expect(emulator.clients()).toEqual([]);

  await command.write({
    "Pulumi.dev.yaml":
      "config:\n  carto:deliveryCommands:\n    - node receiver.mjs\n    - gh secret set ROBOT_SECRET --repo acme/jobs\n",
  });
  const up = await command.run(["up", "--stack", "dev", "--yes"], env);
  expect([up.code, up.stderr], up.stdout).toEqual([0, ""]);
  const { clientId, clientSecret } = await credentials(emulator.clients()[0]?.client_id ?? "");
  expect(JSON.parse(JSON.parse(await read("received.json")).text)).toEqual({ clientId, clientSecret });
  expect([await read("gh-arguments.txt"), await read("gh-stdin.txt")]).toEqual([
    "secret set ROBOT_SECRET --repo acme/jobs\n",
    clientSecret,
  ]);
});
