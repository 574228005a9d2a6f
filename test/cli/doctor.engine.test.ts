import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { undocumented } from "../../harness/command-schema.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";
import { HAS_TERMINAL, inTerminal, NO_TERMINAL, typing } from "../../harness/terminal.ts";

test("doctor goes through all that up needs, and says of each what to do", async () => {
  const emulator = await startEmulator();
  try {
    await using command = await PulumiCarto.create(emulator.env);
    const { CARTO_M2M_CLIENT_ID, CARTO_M2M_CLIENT_SECRET = "" } = emulator.env;
    const well = await command.run(["doctor", "--stack", "dev"]);
    expect([well.code, well.stderr]).toEqual([0, ""]);
    expect(well.stdout.split("\n\n")[0]?.split("\n")).toEqual([
      `ok   node: ${process.versions.node}`,
      expect.stringMatching(/^ok {3}engine: Pulumi 3\.\d+\.\d+$/),
      "ok   [dev] backend: stack dev does not exist yet: up creates it",
      "ok   [dev] passphrase: given for the secrets of the stack",
      `ok   [dev] credentials: M2M OAuth client ${CARTO_M2M_CLIENT_ID}, from the environment`,
      "ok   [dev] token: accepted for user auth0|emulator-admin",
      `ok   [dev] discovery: tenant ${new URL(emulator.url).host}`,
      "ok   [dev] contract: a list call answered as assumed: the caller has 1 client",
    ]);
    expect(well.stdout).toContain("`pulumi-carto doctor --env ENVIRONMENT --probe`");
    expect(well.stdout).not.toContain(CARTO_M2M_CLIENT_SECRET);

    emulator.faults.add({ call: "listOAuthClients", fault: "status", status: 200, body: { clients: [] } });
    const env = { PULUMI_BACKEND_URL: "file:///nowhere/at/all", PATH: command.env.PATH };
    const ill = await command.run(["doctor", "--stack", "dev", "--json"], env);
    const report = JSON.parse(ill.stdout);
    expect([ill.code, report.version, report.command, report.ok]).toEqual([1, 1, "doctor", false]);
    const failed = report.checks.filter((check: { ok: boolean }) => !check.ok);
    expect(failed.map(({ subject, environment }: Record<string, string>) => [subject, environment])).toEqual([
      ["backend", "dev"],
      ["contract", "dev"],
    ]);
    expect(failed[1].message).toBe(
      'Listing OAuth clients: the answer breaks the assumed contract at data, page, page_size, total. Compare docs/credentials-api.yaml with your tenant (README, "What is assumed").',
    );
    expect(ill.stdout).not.toContain('"subject": "owner"');
    const lost = await command.run(["doctor", "--stack", "dev"], {
      CARTO_CREDENTIALS_URL: `${emulator.url}/workspace-api`,
      CARTO_M2M_CLIENT_SECRET: "planted-wrong-secret",
    });
    expect(lost.code).toBe(1);
    expect(lost.stdout).toContain("FAIL [dev] token: ");
    expect(lost.stdout.split("was refused an access token")).toHaveLength(2);
    expect(lost.stdout + lost.stderr).not.toContain("planted-wrong-secret");
  } finally {
    await emulator.close();
  }
});

test("doctor fails while a variable is set that makes Pulumi or Node write secrets", async () => {
  await using emulator = await startEmulator();
  await using command = await PulumiCarto.create(emulator.env);
  const variables = {
    PULUMI_DEBUG_GRPC: "planted/grpc.json",
    PULUMI_OPTION_VERBOSE: "9",
    PULUMI_OPTION_LOGTOSTDERR: "true",
    PULUMI_OPTION_TRACING: "file:planted.trace",
    NODE_DEBUG: "planted",
  };
  const { code, stdout } = await command.run(["doctor", "--stack", "dev"], variables);
  const lines = stdout.split("\n").filter((line) => line.includes("diagnostics: "));
  expect([code, lines]).toEqual([
    1,
    Object.keys(variables).map(
      (name) =>
        `FAIL diagnostics: ${name} is set, and so secrets may be written in plain to a log: unset it (docs/security.md)`,
    ),
  ]);
  const empty = Object.fromEntries(Object.keys(variables).map((name) => [name, ""]));
  expect((await command.run(["doctor", "--stack", "dev"], empty)).stdout).not.toContain("diagnostics");
});

const WEB = `version: 1
clients:
  web: { kind: spa, name: Web, applicationLoginUrl: "https://web.example.com/", deletionProtection: true }
environments: { dev: {} }
`;

test("another owner's credentials fail in preview and doctor, as up would; a protected delete is said to be refused", async () => {
  const emulator = await startEmulator();
  try {
    await using command = await PulumiCarto.create(emulator.envFor("admin"));
    await command.write({ "clients.yaml": WEB });
    expect((await command.run(["up", "--env", "dev", "--yes"])).code).toBe(0);
    const [{ client_id: id = "" } = {}] = emulator.clients();
    const editor = emulator.envFor("editor");

    const doctor = await command.run(["doctor", "--env", "dev"], editor);
    expect([doctor.code, doctor.stdout]).toEqual([
      1,
      expect.stringContaining(
        `FAIL [dev] owner: OAuth client ${id} ("web") belongs to auth0|emulator-admin, but the credentials are those of auth0|emulator-editor, who cannot see them. Use the owner's credentials.\n`,
      ),
    ]);
    expect((await command.run(["preview", "--env", "dev"], editor)).code).toBe(0);

    await command.write({ "clients.yaml": "version: 1\nclients: {}\nenvironments: { dev: {} }\n" });
    const foreign = await command.run(["preview", "--env", "dev"], editor);
    expect([foreign.code, foreign.stdout]).toEqual([
      1,
      expect.stringContaining(
        `OAuth client ${id} ("web") would be changed, but belongs to auth0|emulator-admin, and the credentials are those of auth0|emulator-editor, who cannot see it: \`up\` would fail. Use the owner's credentials`,
      ),
    ]);
    const reported = await command.run(["report", "--env", "dev"], editor);
    expect([reported.code, reported.stdout]).toEqual([
      1,
      expect.stringContaining(
        "would be changed, but belongs to `auth0|emulator-admin`, and the credentials are those of `auth0|emulator-editor`",
      ),
    ]);
    const own = await command.run(["preview", "--env", "dev"]);
    expect(own.stdout).toContain(
      "Deletion protection is on: `up` applies the rest of the change first, then fails at this client",
    );
  } finally {
    await emulator.close();
  }
});

test("doctor fails where up would have no passphrase, and finds one where the engine does", async () => {
  await using emulator = await startEmulator();
  await using command = await PulumiCarto.create(emulator.env);
  const provider = "  cloud: { secretsProvider: awskms://alias/pulumi }\n";
  await command.write({
    "clients.yaml": `${WEB.replace("environments: { dev: {} }", "environments:\n  dev: {}")}${provider}`,
    "passphrase.txt": "planted-passphrase",
  });
  const unset = { PULUMI_CONFIG_PASSPHRASE: undefined };
  const seen = async (environment: string, env: Record<string, string | undefined>) => {
    const { code, stdout, stderr } = await command.run(["doctor", "--env", environment], env);
    expect(stdout + stderr).not.toContain("planted");
    return [code, stdout.split("\n").find((line) => line.includes("passphrase: "))];
  };
  const missing = [
    1,
    "FAIL [dev] passphrase: there is no passphrase for the secrets of the stack: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, or give the environment a `secretsProvider`",
  ];
  const given = [0, "ok   [dev] passphrase: given for the secrets of the stack"];
  const file = (name: string) => ({ ...unset, PULUMI_CONFIG_PASSPHRASE_FILE: join(command.directory, name) });
  expect(await seen("dev", unset)).toEqual(missing);
  expect(await seen("dev", file("planted-nowhere.txt"))).toEqual(missing);
  expect(await seen("dev", file("passphrase.txt"))).toEqual(given);
  expect(await seen("dev", { ...unset, PULUMI_CONFIG_PASSPHRASE_DEV: "planted-passphrase" })).toEqual(given);
  expect(await seen("dev", { PULUMI_CONFIG_PASSPHRASE: "" })).toEqual(given);
  expect(await seen("cloud", unset)).toEqual([0, "ok   [cloud] passphrase: not needed"]);
});

test("doctor --probe asks first, says point by point what fits, and leaves nothing behind", async () => {
  await using emulator = await startEmulator();
  await using command = await PulumiCarto.create(emulator.env);
  const before = emulator.clients();
  const refused = await command.run(["doctor", "--stack", "dev", "--probe"]);
  expect(refused).toEqual({
    code: 3,
    stdout: "",
    stderr:
      "doctor: --probe asks before it creates a client, and this is not a terminal, so the question cannot be asked: add --yes\n",
  });
  emulator.faults.add({ fault: "no-idempotency" });
  const probed = await command.run(["doctor", "--stack", "dev", "--probe", "--yes", "--json"]);
  expect(undocumented(probed.stdout)).toEqual([]);
  const { checks } = JSON.parse(probed.stdout) as { checks: { subject: string; point: string; message: string }[] };
  const found = checks.filter(({ subject }) => subject === "probe");
  expect([probed.code, found.map(({ point }) => point)]).toEqual([
    0,
    ["create", "read", "key", "update", "list", "delete", "limits"],
  ]);
  expect(found[2]).toMatchObject({
    message:
      "key: idempotency keys are not honoured: the same key created a second client. Write `carto:idempotencyKeys: false` under `config` in Pulumi.<stack>.yaml",
    setting: { name: "idempotencyKeys", value: "false" },
  });
  expect(emulator.clients()).toEqual(before);
});

test("doctor names a wrong entry of the contract file without credentials, too", async () => {
  await using command = await PulumiCarto.create({ CARTO_CONTRACT: "contract.yaml" });
  await command.write({ "contract.yaml": "oauth-clients: { paths: { collection: //evil.example.net/x } }\n" });
  const { code, stdout } = await command.run(["doctor", "--stack", "dev"]);
  expect([code, stdout]).toEqual([
    1,
    expect.stringContaining(
      'FAIL [dev] contract: The contract "contract.yaml" cannot be used (carto:contract, CARTO_CONTRACT): oauth-clients.paths.collection must be a path such as /things, without host, query, "//" and "..".\n',
    ),
  ]);
  expect(stdout.split("cannot be used")).toHaveLength(2);
});

test("doctor --probe --write-contract writes a draft that doctor --probe passes with, and none for a tenant that fits", async () => {
  await using command = await PulumiCarto.create();
  await command.write({
    "variant.yaml": `
oauth-clients:
  paths: { collection: /v2/oauth/clients, one: "/v2/oauth/clients/{id}" }
  members: { client_id: id, title: name }
  list: { data: clients }
`,
  });
  await using emulator = await startEmulator({ contract: join(command.directory, "variant.yaml") });
  const before = emulator.clients();
  const args = ["doctor", "--stack", "dev", "--probe", "--yes", "--write-contract", "draft.yaml"];
  const written = await command.run([...args, "--json"], emulator.env);
  expect(undocumented(written.stdout)).toEqual([]);
  const { checks } = JSON.parse(written.stdout) as { checks: { point?: string; ok: boolean; setting?: object }[] };
  expect(written.code).toBe(1);
  const points = checks.filter(({ point }) => point !== undefined);
  expect(points.map(({ point, ok }) => [point, ok])).toEqual([
    ...Array(5).fill(["learned", true]),
    ["draft", true],
    ...["create", "read", "key", "update", "list", "delete", "limits"].map((point) => [point, true]),
  ]);
  expect(points[5]?.setting).toEqual({ name: "contract", value: "draft.yaml" });
  expect(await readFile(join(command.directory, "draft.yaml"), "utf8")).toBe(`\
# Where a tenant differs from the assumed contract, as \`pulumi-carto doctor --probe\` observed it.
# Everything that is not listed is as assumed. To use it, write
# \`carto:contract: THIS_FILE\` under \`config\` in Pulumi.<stack>.yaml, or set CARTO_CONTRACT.
oauth-clients:
  paths:
    # a list call answered there, and it lists the client that the caller logs in with
    collection: /v2/oauth/clients
    # a read of the created client succeeded there
    one: /v2/oauth/clients/{id}
  members:
    # it holds the name that was sent
    title: name
    # a read with its value found the client
    client_id: id
  list:
    # the only list in the answer to a list call
    data: clients
`);
  const withDraft = { ...emulator.env, CARTO_CONTRACT: "draft.yaml" };
  const again = await command.run(["doctor", "--stack", "dev", "--probe", "--yes"], withDraft);
  expect([again.code, again.stdout]).toEqual([
    0,
    expect.stringContaining("contract: a list call answered as draft.yaml"),
  ]);
  const over = await command.run(args, emulator.env);
  expect([over.code, over.stderr]).toEqual([
    3,
    "doctor: draft.yaml already exists: choose another file with --write-contract\n",
  ]);
  expect(emulator.clients()).toEqual(before);

  await using fitting = await startEmulator();
  const fits = await command.run([...args.slice(0, -1), "none.yaml"], fitting.env);
  expect([fits.code, fits.stdout]).toEqual([
    0,
    expect.stringContaining(
      "probe: draft: the tenant fits the assumed contract: no draft is needed, and none was written",
    ),
  ]);
  expect(existsSync(join(command.directory, "none.yaml"))).toBe(false);
  expect(fitting.clients()).toEqual([]);
});

test("doctor --probe --write-contract ends with what it could not tell, and names the client that it could not delete", async () => {
  const contract = fileURLToPath(new URL("../carto/variant.yaml", import.meta.url));
  await using emulator = await startEmulator({ contract });
  await using command = await PulumiCarto.create(emulator.env);
  const args = ["doctor", "--stack", "dev", "--probe", "--yes", "--write-contract", "draft.yaml"];
  const { code, stdout, stderr } = await command.run(args);
  const [left] = emulator.clients();
  expect([code, stderr, emulator.clients().length]).toEqual([1, "", 1]);
  expect(stdout).toContain(`clean-up: the client "${left?.title}" is left at CARTO: delete it there\n`);
  expect(stdout).toMatch(
    /unknown: no member of the answer to a create could be used as the ID in a read\n.*draft: draft\.yaml was written with 3 entries, of which not every call could be tried\..*\n$/,
  );
});

test.skipIf(!HAS_TERMINAL)(
  `what a killed probe left is named by doctor, and the next probe offers to delete it${NO_TERMINAL}`,
  async () => {
    await using emulator = await startEmulator();
    await using command = await PulumiCarto.create({ ...emulator.env, TERM: "xterm" });
    const before = emulator.clients();
    emulator.faults.add({ call: "getOAuthClient", fault: "delay", delayMs: 60_000, when: "before", times: 1 });
    const { child, done } = command.start(["doctor", "--stack", "dev", "--probe", "--yes"]);
    await expect.poll(() => emulator.faults.list()[0]?.hits, { timeout: 60_000 }).toBe(1);
    child.kill("SIGKILL");
    await done;
    emulator.faults.clear();
    const [left] = emulator.clients().filter(({ client_id }) => before.every((one) => one.client_id !== client_id));
    const session = await CartoSession.open(emulator);
    const old = "pulumi-carto probe 2026-07-01T08:00:00.000Z 0123abcd: may be deleted (updated)";
    const older = (await session.call("POST", CLIENTS, { type: "m2m", title: old })).body;

    const { code, stdout } = await command.run(["doctor", "--stack", "dev"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`[dev] probe: left by earlier probes: `)]);
    expect(stdout).toContain(`${older.client_id} (since 2026-07-01T08:00:00.000Z)`);
    expect(stdout).toContain(`${left?.client_id} (since `);

    // A probe that is at work beside this one looks the same, so without a question only what is old is deleted.
    const probed = await command.run(["doctor", "--stack", "dev", "--probe", "--yes"]);
    expect(probed.stdout).toContain(`probe: left: deleted 1 client of earlier probes: ${older.client_id} (since `);
    expect(emulator.clients()).toHaveLength(before.length + 1);

    const { directory: cwd, env } = command;
    const line = command.commandLine("doctor --stack dev --probe");
    const asked = await inTerminal(line, { cwd, env }, typing(["[yes/no] ", "yes\r"], ["[yes/no] ", "no\r"]));
    expect(asked.text).toContain(`Delete 1 client of earlier probes: ${left?.client_id} (since `);
    expect([asked.code, emulator.clients()]).toEqual([5, before]);
  },
);
