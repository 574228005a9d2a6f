import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

test("fifty clients made by hand are imported by one command, and then unchanged", async () => {
  const emulator = await startEmulator();
  try {
    const session = await CartoSession.open(emulator);
    for (let index = 0; index < 50; index++) {
      const spa = { type: "spa", title: `App ${index % 40}`, login_uri: `https://app${index}.example.com/` };
      await session.call("POST", CLIENTS, index % 10 === 9 ? { type: "m2m", title: `Robot ${index}` } : spa);
    }
    await using command = await PulumiCarto.create(emulator.env);
    const before = await command.run(["unmanaged", "--json"]);
    expect([before.code, before.stderr]).toEqual([
      1,
      "unmanaged: stack default does not exist: nothing was ever deployed there. There is no clients.yaml either: name a manifest, or a stack with --stack\n",
    ]);

    const imported = await command.run(["import", "--stack", "adopted", "--all", "--yes"]);
    expect([imported.code, imported.stderr]).toEqual([0, ""]);
    const [summary, ...taken] = imported.stdout.trimEnd().split("\n");
    expect(taken.pop()).toBe(
      "The next up of this stack deletes what its manifest does not declare: use clients.yaml for it, or copy from there.",
    );
    expect(summary).toBe("adopted: 50 imported, declared in clients.yaml, with deletionProtection");
    expect(taken.shift()).toMatch(/^ {2}declared +kind +ID +name +managed by$/);
    expect(taken.every((line) => line.endsWith("  this stack: imported"))).toBe(true);
    expect(taken.map((line) => line.split(/ {2,}/)[3]).toSorted()).toEqual(
      emulator
        .clients()
        .map(({ client_id }) => client_id)
        .toSorted(),
    );
    // It holds no secret.
    expect((await stat(join(command.directory, "clients.yaml"))).mode & 0o777).toBe(0o666 & ~process.umask());
    const preview = await command.run(["preview", "--stack", "adopted", "--exit-code", "--refresh"]);
    expect([preview.code, preview.stdout]).toEqual([0, "[adopted] preview\nadopted: preview done\n  50 unchanged\n"]);

    // Nothing is left behind, and no secret is in plain text.
    const secrets = await Promise.all(
      emulator
        .clients()
        .map(async ({ client_id }) => (await session.call("GET", `${CLIENTS}/${client_id}`)).body.client_secret),
    );
    const stored = (await command.storedText()) + imported.stdout;
    expect(secrets.filter((secret) => secret === undefined || stored.includes(secret))).toEqual([]);

    const made = await session.call("POST", CLIENTS, { type: "m2m", title: "Late" });
    const after = await command.run(["unmanaged", "--stack", "adopted", "--json"]);
    expect(JSON.parse(after.stdout)).toMatchObject({
      ok: true,
      clients: [{ clientId: made.body.client_id, kind: "m2m", name: "Late" }],
    });

    // What another stack of the backend manages is not taken, and only counted.
    const rest = ["import", "none.yaml", "--stack", "second", "--all", "--output", "second.yaml"];
    const refused = await command.run(rest);
    expect(refused).toEqual({
      code: 3,
      stdout: "",
      stderr:
        "import: --all asks before it imports, and this is not a terminal, so the question cannot be asked: list the clients with --dry-run, then add --yes\n",
    });
    const looked = "second: looked at the backend's other stacks: adopted\n";
    const table = (manager: string) => [
      "  declared  kind  ID                                name  managed by",
      `  late      m2m   ${made.body.client_id}  Late  ${manager}`,
    ];
    const dry = await command.run([...rest, "--dry-run"]);
    expect(dry).toEqual({
      code: 0,
      stdout: `${looked}second: 1 to import; 50 managed by other stacks\n${table("no stack: to import").join("\n")}\n`,
      stderr: "",
    });
    // Where CARTO does not return a secret, nothing but that client is left out, and there is a way.
    emulator.faults.add({ call: "getOAuthClient", fault: "omit-secret", times: 1 });
    const without = await command.run([...rest.slice(0, -1), "none-taken.yaml", "--yes"]);
    expect([without.code, without.stderr]).toEqual([
      1,
      `import: late: CARTO does not return the secret of ${made.body.client_id}: put it into an environment variable and name that with --secret late=VARIABLE\n`,
    ]);
    emulator.faults.add({ call: "getOAuthClient", fault: "omit-secret", times: 1 });
    const secret = { LATE_SECRET: String(made.body.client_secret) };
    const taking = await command.run([...rest, "--yes", "--secret", "late=LATE_SECRET", "--no-protect"], secret);
    expect([taking.code, taking.stderr, taking.stdout.split("\n").slice(1, 4)]).toEqual([
      0,
      "",
      ["second: 1 imported, declared in second.yaml; 50 managed by other stacks", ...table("this stack: imported")],
    ]);
  } finally {
    await emulator.close();
  }
});

test("declared clients of a tenant are found by name and imported under its provider", async () => {
  const emulator = await startEmulator();
  try {
    const session = await CartoSession.open(emulator);
    const web = { type: "spa", title: "Web", login_uri: "https://web.example.com/" };
    const { body } = await session.call("POST", CLIENTS, web);
    const { CARTO_M2M_CLIENT_ID = "", CARTO_M2M_CLIENT_SECRET = "" } = emulator.env;
    await using command = await PulumiCarto.create({
      ...{ CARTO_M2M_CLIENT_ID, CARTO_M2M_CLIENT_SECRET },
      CARTO_TRUSTED_HOSTS: new URL(emulator.url).host,
    });
    await command.write({
      "clients.yaml": `version: 1
clients:
  web: { kind: spa, name: Web, applicationLoginUrl: "https://web.example.com/" }
  robot: { kind: m2m, name: Robot }
environments: { prod: { tenant: { accountsUrl: "${emulator.url}", authUrl: "${emulator.url}" } } }
`,
    });
    const imported = await command.run(["import", "--env", "prod"]);
    expect(imported).toEqual({
      code: 0,
      stdout: [
        "prod: 1 imported; up will create robot",
        "  declared  kind  ID                                name  managed by",
        `  web       spa   ${body.client_id}  Web   this stack: imported`,
        "  robot     m2m   -                                 -     no stack: `up` creates it\n",
      ].join("\n"),
      stderr: "",
    });
    const other = await command.run(["import", "--env", "prod", "--id", "web=nope"]);
    expect(other).toEqual({
      code: 3,
      stdout: "",
      stderr: `import: web: the stack manages ${body.client_id} under this name: check --id\nNothing was imported.\n`,
    });
    const up = await command.run(["up", "--env", "prod", "--yes", "--json"]);
    const [{ summary }] = JSON.parse(up.stdout).environments;
    expect(summary).toEqual({ create: 1, update: 0, delete: 0, replace: 0, drifted: 0, same: 1 });
    const ids = emulator.clients().map(({ client_id }) => client_id);
    expect(ids).toHaveLength(2);
    expect(ids).toContain(body.client_id);
  } finally {
    await emulator.close();
  }
});

test("where another stack cannot be looked at, nothing is imported without --yes", async () => {
  const emulator = await startEmulator();
  try {
    const session = await CartoSession.open(emulator);
    await session.call("POST", CLIENTS, { type: "m2m", title: "Robot" });
    await using command = await PulumiCarto.create(emulator.env);
    expect((await command.run(["import", "--stack", "old", "--all", "--yes", "--output", "old.yaml"])).code).toBe(0);
    const state = join(command.directory, "backend", ".pulumi", "stacks", "pulumi-carto", "old.json");
    const { checkpoint, ...rest } = JSON.parse(await readFile(state, "utf8"));
    checkpoint.latest.resources[0].type = 7;
    await writeFile(state, JSON.stringify({ ...rest, checkpoint }));

    const refused = await command.run(["import", "--stack", "new", "--all", "--dry-run"]);
    expect(refused).toEqual({
      code: 3,
      stdout: "",
      stderr:
        "import: other stacks of the backend cannot be looked at and may manage clients of yours: their list (Pulumi: json: cannot unmarshal number into Go struct field ResourceV3.latest.resources.type of type tokens.Type): add --yes to import anyway\nNothing was imported.\n",
    });
    const taken = await command.run(["import", "--stack", "new", "--all", "--yes"]);
    expect([taken.code, taken.stdout.split("\n")[0]]).toEqual([
      0,
      "new: 1 imported, declared in clients.yaml, with deletionProtection",
    ]);
  } finally {
    await emulator.close();
  }
});
