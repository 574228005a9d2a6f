import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { undocumented } from "../../harness/command-schema.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

let emulator: Emulator;
let command: PulumiCarto;
beforeEach(async () => {
  emulator = await startEmulator();
  command = await PulumiCarto.create(emulator.env);
  await command.write({
    "clients.yaml": `version: 1
clients:
  robot-49: { kind: m2m, name: Robot 49 }
  robot-5: { kind: m2m, name: Robot 5 }
environments: { dev: {}, prod: {} }
`,
  });
});
afterEach(async () => {
  await command[Symbol.asyncDispose]();
  await emulator.close();
});

/** A lock as a killed engine leaves it. */
async function lock(environment: string, pid: number): Promise<void> {
  const directory = join(command.directory, "backend/.pulumi/locks/organization/pulumi-carto", environment);
  await mkdir(directory, { recursive: true });
  const holder = { pid, username: "ana", hostname: hostname(), timestamp: "2026-07-01T08:00:00Z" };
  await writeFile(join(directory, "left.json"), JSON.stringify(holder));
}

test("output prints IDs, and secrets only when asked; the stack's own outputs hold the same", async () => {
  expect((await command.run(["up", "--env", "dev", "--yes"])).code).toBe(0);
  const session = await CartoSession.open(emulator);
  const [first, second] = ["Robot 5", "Robot 49"].map((name) => emulator.clients().find(({ title }) => title === name));
  const secretOf = async (id = "") => String((await session.call("GET", `${CLIENTS}/${id}`)).body.client_secret);
  const [id, secret] = [first?.client_id, await secretOf(first?.client_id)];

  const masked = await command.run(["output", "--env", "dev"]);
  expect(masked).toEqual({
    code: 0,
    stderr: "",
    stdout: [
      `robot-5   clientId      ${id}`,
      "robot-5   clientSecret  [secret]",
      `robot-49  clientId      ${second?.client_id}`,
      "robot-49  clientSecret  [secret]",
      "",
    ].join("\n"),
  });
  const json = await command.run(["output", "--env", "dev", "--client", "robot-5", "--json", "--show-secrets"]);
  expect(undocumented(json.stdout)).toEqual([]);
  expect(JSON.parse(json.stdout)).toEqual({
    version: 1,
    command: "output",
    ok: true,
    environments: [
      {
        environment: "dev",
        stack: "dev",
        clients: [{ client: "robot-5", kind: "m2m", clientId: id, clientSecret: secret }],
      },
    ],
  });
  const dotenv = await command.run(["output", "--env", "dev", "--client", "robot-5", "--dotenv", "--show-secrets"]);
  expect(dotenv.stdout).toBe(`ROBOT_5_CLIENT_ID=${id}\nROBOT_5_CLIENT_SECRET=${secret}\n`);
  const hidden = await command.run(["output", "--env", "dev", "--client", "robot-5", "--dotenv"]);
  expect(hidden.stdout).toBe(`ROBOT_5_CLIENT_ID=${id}\n# ROBOT_5_CLIENT_SECRET: add --show-secrets\n`);

  // IDs need no passphrase; a wrong one is explained.
  const without = { PULUMI_CONFIG_PASSPHRASE: "wrong" };
  expect((await command.run(["output", "--env", "dev"], without)).stdout).toBe(masked.stdout);
  const refused = await command.run(["output", "--env", "dev", "--show-secrets"], without);
  expect([refused.code, refused.stdout, refused.stderr]).toEqual([
    1,
    "",
    "output: the passphrase is not the one that the secrets of the stack are encrypted with: check PULUMI_CONFIG_PASSPHRASE\n",
  ]);

  // `stack` prints a command line that works anywhere.
  const place = await command.run(["stack", "--env", "dev", "--json"]);
  expect(undocumented(place.stdout)).toEqual([]);
  const [{ stack, pulumi, backend }] = JSON.parse(place.stdout).environments;
  expect([stack, backend]).toEqual(["organization/pulumi-carto/dev", command.env.PULUMI_BACKEND_URL]);
  const { PULUMI_BACKEND_URL: _, ...env } = command.env;
  const shell = async (line: string) => (await promisify(execFile)("/bin/sh", ["-c", line], { cwd: "/", env })).stdout;
  expect(await shell(pulumi)).toContain("Current stack is organization/pulumi-carto/dev:");
  const outputs = pulumi.replace(" stack --stack ", " stack output --json --show-secrets --stack ");
  expect(JSON.parse(await shell(outputs))).toEqual({
    clientIds: { "robot-5": id, "robot-49": second?.client_id },
    clientSecrets: { "robot-5": secret, "robot-49": await secretOf(second?.client_id) },
  });
});

test("output of an empty stack says that it has no clients, and what creates them", async () => {
  for (const run of ["up", "destroy"]) expect((await command.run([run, "--env", "dev", "--yes"])).code).toBe(0);
  const stderr = "output: stack dev has no clients: `up` creates what the manifest declares\n";
  expect(await command.run(["output", "--env", "dev"])).toEqual({ code: 0, stdout: "", stderr });
  expect(await command.run(["output", "--env", "dev", "--dotenv"])).toEqual({ code: 0, stdout: "", stderr });
  const args = ["output", "--env", "dev", "--client", "robot-5"];
  expect(await command.run(args)).toEqual({ code: 3, stdout: "", stderr });
  const json = await command.run(["output", "--env", "dev", "--json"]);
  expect([json.code, json.stderr, JSON.parse(json.stdout).environments]).toEqual([
    0,
    "",
    [{ environment: "dev", stack: "dev", clients: [] }],
  ]);
  await command.write({ "clients.yaml": "version: 1\nclients: {}\nenvironments: { dev: {} }\n" });
  const undeclared = await command.run(["output", "--env", "dev"]);
  expect(undeclared).toEqual({ code: 0, stdout: "", stderr: "output: stack dev has no clients\n" });
});

test("output says what it cannot print: a client that is not there, a stack that is not there, two environments in one file", async () => {
  expect((await command.run(["up", "--env", "dev", "--yes"])).code).toBe(0);
  expect(await command.run(["output", "--env", "dev", "--client", "robot-40"])).toEqual({
    code: 3,
    stdout: "",
    stderr: 'output: stack dev has no client "robot-40": did you mean "robot-49"?\n',
  });
  expect(await command.run(["output", "--env", "prod"])).toEqual({
    code: 1,
    stdout: "",
    stderr: "output: stack prod does not exist: nothing was ever deployed there\n",
  });
  expect(await command.run(["output", "--dotenv"])).toEqual({
    code: 3,
    stdout: "",
    stderr: "output: --dotenv prints one environment, and 2 are chosen: choose one with --env\n",
  });
});

test("a lock that a killed run left is named with the whole command that removes it, and that command works", async () => {
  expect((await command.run(["up", "--env", "dev", "--yes"])).code).toBe(0);
  expect(await command.run(["cancel", "--env", "dev"])).toEqual({
    code: 0,
    stdout: "dev: not locked; nothing to cancel\n",
    stderr: "",
  });
  await lock("dev", 2 ** 22 + 1); // beyond what Linux gives out
  const holder = `ana@${hostname()} (pid ${2 ** 22 + 1}) since 2026-07-01T08:00:00Z`;
  const refused = await command.run(["up", "--env", "dev", "--yes", "--var", "A=b c"]);
  expect(refused.stdout).toContain(
    `dev: up failed, the stack is locked by ${holder}: wait for it with --wait, or, if it no longer runs, remove the lock with \`pulumi-carto cancel --env dev --var 'A=b c'\`\n`,
  );
  expect(await command.run(["cancel", "--env", "dev"])).toEqual({
    code: 3,
    stdout: `dev: locked by ${holder}\n`,
    stderr: "cancel: this is not a terminal, so the question cannot be asked: add --yes\n",
  });
  expect(await command.run(["cancel", "--env", "dev", "--yes"])).toEqual({
    code: 0,
    stdout: `dev: locked by ${holder}\ndev: lock removed. \`up\` takes over what the interrupted run left at CARTO.\n`,
    stderr: "",
  });
  expect((await command.run(["up", "--env", "dev", "--yes"])).code).toBe(0);
  expect((await command.run(["cancel"])).stderr).toBe(
    "cancel: one environment at a time: name it with --env (dev, prod)\n",
  );
});

test("a lock whose holder runs here stays; one whose holder ended goes, even where nobody collects what ended", async () => {
  expect((await command.run(["up", "--env", "dev", "--yes"])).code).toBe(0);
  const pulumi = join(command.directory, "pulumi");
  await symlink("/bin/sh", pulumi);
  // The shell becomes a program that waits for no children: the one that was started before stays a zombie once it ends.
  const shell = spawn("/bin/sh", ["-c", 'exec 3<&0; "$0" -c "read line" <&3 & echo $!; exec sleep 60', pulumi], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const pid = Number(String((await once(shell.stdout, "data"))[0]));
    await lock("dev", pid);
    const holder = `ana@${hostname()} (pid ${pid}) since 2026-07-01T08:00:00Z`;
    expect(await command.run(["cancel", "--env", "dev", "--yes"])).toEqual({
      code: 1,
      stdout: `dev: locked by ${holder}\n`,
      stderr: `cancel: that process is still running on this machine: stop it first, with Ctrl-C or \`kill ${pid}\`\n`,
    });
    process.kill(pid, "SIGKILL");
    expect(await command.run(["cancel", "--env", "dev", "--yes"])).toEqual({
      code: 0,
      stdout: `dev: locked by ${holder}\ndev: lock removed. \`up\` takes over what the interrupted run left at CARTO.\n`,
      stderr: "",
    });
    expect(() => process.kill(pid, 0)).not.toThrow(); // it is a zombie
  } finally {
    shell.kill("SIGKILL");
  }
});
