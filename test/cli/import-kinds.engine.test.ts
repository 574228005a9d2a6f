import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";
import { fingerprint } from "../../kinds/api-access-token/fingerprint.ts";

/** Neither soon nor far away, so that no rule has anything to say. */
const EXPIRATION = `${new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 19)}Z`;
const TOKENS = "/api/v3/tokens";
const APPLICATIONS = "/workspace-api/applications";
const token = (name: string, source: string, more: object = {}) => ({
  name,
  grants: [{ connection_name: "carto_dw", source }],
  allowed_apis: ["sql", "maps"],
  referers: ["https://maps.example.com"],
  ...more,
});

async function withEmulator(work: (emulator: Emulator, session: CartoSession, command: PulumiCarto) => Promise<void>) {
  const emulator = await startEmulator();
  try {
    await using command = await PulumiCarto.create(emulator.env);
    await work(emulator, await CartoSession.open(emulator), command);
  } finally {
    await emulator.close();
  }
}

test("clients, tokens and applications made by hand are exported without values, and imported by one command", () =>
  withEmulator(async (emulator, session, command) => {
    const create = async (path: string, body: object) => (await session.call("POST", path, body)).body;
    await create(CLIENTS, { type: "spa", title: "Field maps", login_uri: "https://maps.example.com/" });
    const map = await create(TOKENS, token("Map", "carto.demo.points", { expiration_date: EXPIRATION }));
    const query = await create(
      TOKENS,
      token("Query", "SELECT * FROM a.b.c WHERE d = 1", { expiration_date: EXPIRATION }),
    );
    const card = {
      name: "Field maps",
      app_url: "https://maps.example.com/",
      sharing: { scope: "groups", groups: ["Analysts"] },
    };
    const application = await create(APPLICATIONS, card);
    // Seen, since it is shared, but somebody else's.
    const editor = await CartoSession.open(emulator, "editor");
    await editor.call("POST", APPLICATIONS, { name: "Theirs", app_url: "https://theirs.example.com/" });

    const exported = await command.run(["export", "--stack", "adopted"]);
    expect([exported.code, exported.stderr]).toEqual([0, ""]);
    expect(exported.stdout).toContain(`  # ID ${fingerprint(map.token)}
  map:
    kind: api-access-token
    name: Map
    grants:
      - connectionName: carto_dw
        source: carto.demo.points
    allowedApis:
      - sql
      - maps
    referers:
      - https://maps.example.com
    expirationDate: ${EXPIRATION}
`);
    expect(exported.stdout).toContain(`  # application ID ${application.application_id}
  field-maps-2:
    kind: application
    name: Field maps
    appUrl: https://maps.example.com/
    sharing:
      groups:
        - Analysts
`);
    expect(exported.stdout).not.toContain("Theirs");
    const one = await command.run(["export", "--stack", "adopted", "--kind", "aplication"]);
    expect(one).toEqual({
      code: 3,
      stdout: "",
      stderr: 'export: "aplication" is not a kind of resource: did you mean application?\n',
    });
    const tokens = await command.run(["export", "--stack", "adopted", "--kind", "api-access-token"]);
    expect(tokens.stdout.match(/kind: .*/g)).toEqual(["kind: api-access-token", "kind: api-access-token"]);

    const imported = await command.run(["import", "--stack", "adopted", "--all", "--yes"]);
    expect([imported.code, imported.stderr]).toEqual([0, ""]);
    expect(imported.stdout).toContain("adopted: 4 imported, declared in clients.yaml, with deletionProtection\n");
    const preview = await command.run(["preview", "--stack", "adopted", "--exit-code", "--refresh"]);
    expect([preview.code, preview.stdout]).toEqual([0, "[adopted] preview\nadopted: preview done\n  4 unchanged\n"]);
    expect((await command.run(["unmanaged", "--stack", "adopted"])).stdout).toBe("0 unmanaged, 4 managed\n");

    // Managed like any other: a change is an update in place.
    const manifest = join(command.directory, "clients.yaml");
    const changed = (await readFile(manifest, "utf8")).replace("source: carto.demo.points", "source: carto.demo.lines");
    await command.write({ "clients.yaml": changed });
    const up = JSON.parse((await command.run(["up", "--stack", "adopted", "--yes", "--json"])).stdout);
    expect(up.environments[0].summary).toMatchObject({ create: 0, update: 1, delete: 0, replace: 0, same: 3 });
    expect(emulator.tokens().map(({ grants }) => grants[0]?.source)).toContain("carto.demo.lines");
    expect((await session.call("GET", `${TOKENS}/${map.token}`)).body.name).toBe("Map");

    const told = [exported, imported, preview, tokens].map(({ stdout, stderr }) => stdout + stderr).join("\n");
    const stored = await command.storedText();
    expect([map.token, query.token].filter((value) => told.includes(value) || stored.includes(value))).toEqual([]);
  }));

test("a declared token is imported by name, by fingerprint, or by its value from a file or stdin, never from an argument", () =>
  withEmulator(async (emulator, session, command) => {
    const create = async (name: string, source: string) =>
      (await session.call("POST", TOKENS, token(name, source))).body.token as string;
    const [byName, byId, byFile] = [
      await create("By name", "a.b.one"),
      await create("By ID", "a.b.two"),
      await create("By file", "a.b.three"),
    ];
    const row = (name: string, source: string) =>
      `{ kind: api-access-token, name: ${name}, grants: [{ connectionName: carto_dw, source: ${source} }], allowedApis: [sql, maps], referers: [https://maps.example.com] }`;
    await command.write({
      "clients.yaml": `version: 1
clients:
  name: ${row("By name", "a.b.one")}
  id: ${row("Another name", "a.b.two")}
  file: ${row("A third name", "a.b.three")}
environments: { prod: {} }
`,
      "token.txt": `${byFile}\n`,
      "empty.txt": "\n",
      "other.txt": "token-of-somebody-else\n",
    });
    const importing = (...args: string[]) => command.run(["import", "--env", "prod", ...args]);

    const argument = await importing("--id", `id=${byId}`);
    expect(argument).toEqual({
      code: 3,
      stdout: "",
      stderr:
        "import: id: the ID of an API Access Token is its fingerprint, sha256- and 24 hexadecimal digits; for the token itself use --token-file\nNothing was imported.\n",
    });
    expect((await importing("--token-file", "file=empty.txt")).stderr).toBe(
      "import: --token-file: empty.txt contains no token: write the token and nothing else.\n",
    );
    expect((await importing("--token-file", "file=none.txt")).stderr).toBe(
      "import: --token-file: none.txt cannot be read (ENOENT).\n",
    );
    expect((await importing("--token-file", "file=other.txt")).stderr).toBe(
      "import: file: the calling user has no API Access Token with the value in other.txt\nNothing was imported.\n",
    );
    // Without the value in the listing nothing but the file tells which token it is.
    emulator.faults.add({ call: "listApiTokens", fault: "omit-secret", times: 1 });
    expect((await importing("--token-file", "file=token.txt", "--dry-run")).stderr).toBe(
      "import: name: CARTO's listing does not contain the token itself: give it with --token-file name=FILE\nNothing was imported.\n",
    );

    const done = await importing("--id", `id=${fingerprint(byId)}`, "--token-file", "file=token.txt");
    expect([done.code, done.stderr, done.stdout.split("\n")[0]]).toEqual([0, "", "prod: 3 imported"]);
    const preview = await command.run(["preview", "--env", "prod", "--json", "--refresh"]);
    expect(JSON.parse(preview.stdout).environments[0].summary).toMatchObject({ create: 0, update: 2, same: 1 });
    expect((await command.run(["up", "--env", "prod", "--yes"])).code).toBe(0);
    expect(
      emulator
        .tokens()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(["A third name", "Another name", "By name"]);

    const stdin = command.start(["import", "--env", "prod", "--token-file", "file=-", "--dry-run"], {}, `${byFile}\n`);
    expect((await stdin.done).stdout.split("\n")[0]).toBe("prod: 0 to import; 3 managed already");
    const told = [argument, done, preview, await stdin.done].map(({ stdout, stderr }) => stdout + stderr).join("\n");
    expect([byName, byId, byFile].filter((value) => told.includes(value))).toEqual([]);
  }));

test("a tenant without these APIs still exports its clients, and an expired token is left out by name", () =>
  withEmulator(async (emulator, session, command) => {
    await session.call("POST", CLIENTS, { type: "m2m", title: "Robot" });
    const soon = new Date(Date.now() + 1_500).toISOString();
    await session.call("POST", TOKENS, token("Old", "a.b.c", { expiration_date: soon }));
    emulator.faults.add({ call: "listApplications", fault: "status", status: 404 });
    await expect.poll(() => Date.now() > Date.parse(soon), { timeout: 5_000 }).toBe(true);
    const exported = await command.run(["export", "--stack", "dev"]);
    expect([exported.code, exported.stdout.match(/kind: .*/g)]).toEqual([0, ["kind: m2m"]]);
    expect(exported.stderr).toMatch(
      /^export: left out: Listing applications: there is no applications API at \S+ \(404\)\..*\nexport: left out: API Access Token "Old" has expired and can no longer be declared: delete it at CARTO\n$/,
    );
    const asked = await command.run(["export", "--stack", "dev", "--kind", "application"]);
    expect([asked.code, asked.stdout]).toEqual([1, ""]);
  }));
