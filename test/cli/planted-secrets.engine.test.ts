import { mkdir, mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { PlantedSecrets } from "../../harness/planted-secrets.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

const EXPIRES = `${new Date().getFullYear() + 1}-01-01T00:00:00Z`;
const manifest = (host: string) => `version: 1
clients:
  web: { kind: spa, name: Web, applicationLoginUrl: "https://${host}.example.com/" }
  robot: { kind: m2m, name: Robot }
  map:
    kind: api-access-token
    name: Map
    grants: [{ connectionName: carto_dw, source: carto.demo.points }]
    allowedApis: [sql]
    referers: ["https://${host}.example.com"]
    expirationDate: "${EXPIRES}"
  app: { kind: application, name: App, appUrl: "https://${host}.example.com/" }
environments: { dev: {} }
`;

/** What the environment of a pipeline has, too. */
const AROUND = {
  PULUMI_CONFIG_PASSPHRASE: "planted passphrase & more?",
  GITHUB_TOKEN: "planted-github-token",
  AWS_SECRET_ACCESS_KEY: "planted/aws+secret",
  PGPASSWORD: "planted-database-password",
  NPM_TOKEN: "planted-npm-token",
};
const FORMATS = ["report.md", "report.html", "report.json", "report.sarif", "report.xml"];
const outputs = (directory: string) => FORMATS.flatMap((name) => ["--output", join(directory, name)]);

test("no secret is in what any subcommand prints or writes, in any format, nor in the emulator's log", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "pulumi-carto-emulator-"));
  const db = join(folder.path, "carto.sqlite");
  const log: string[] = [];
  await using emulator = await startEmulator({ db, log: (line) => log.push(line) });
  const session = await CartoSession.open(emulator);
  await using command = await PulumiCarto.create({ ...emulator.env, ...AROUND });
  const runtime = join(command.directory, "run");
  const temporary = join(command.directory, "tmp");
  Object.assign(command.env, { TMPDIR: temporary, XDG_RUNTIME_DIR: runtime });
  for (const directory of [
    temporary,
    runtime,
    ...["live", "diff", "drift", "plans"].map((name) => join(command.directory, name)),
  ]) {
    await mkdir(directory, { mode: 0o700 });
  }
  const [around, secrets] = [new PlantedSecrets(), new PlantedSecrets()];
  for (const [name, value] of [...Object.entries(AROUND), ["an access token", session.token] as const]) {
    around.add(name, value);
    secrets.add(name, value);
  }
  secrets.add("the management client's secret", emulator.env.CARTO_M2M_CLIENT_SECRET ?? "");
  const printed: [string, string][] = [];
  const run = async (codes: number[], ...args: string[]) => {
    const { code, stdout, stderr } = await command.run(args);
    expect([args, code], stdout + stderr).toEqual([args, expect.toBeOneOf(codes)]);
    printed.push([args.join(" "), stdout + stderr]);
  };
  const learn = async () => {
    for (const { client_id } of emulator.clients()) {
      const { body } = await session.call("GET", `${CLIENTS}/${client_id}`);
      secrets.add(`secret of ${client_id}`, body.client_secret);
    }
    for (const { token } of (await session.call("GET", "/api/v3/tokens")).body.data)
      secrets.add(`token ${token.slice(-4)}`, token);
  };

  await command.write({ "clients.yaml": manifest("a"), "old.yaml": manifest("old") });
  await run([0], "check", "--json");
  await run([0], "preview", "--env", "dev", "--json");
  await run([0], "up", "--env", "dev", "--yes", "--audit", "audit.jsonl");
  await learn();
  await command.write({ "clients.yaml": manifest("b") });
  await run([0], "preview", "--env", "dev", "--save-plan", "plans");
  await run([0], "report", "--env", "dev", ...outputs("live"));
  await run([0], "report", "--diff", "old.yaml", "clients.yaml", ...outputs("diff"));
  await run([0], "up", "--env", "dev", "--yes", "--plan", "plans", "--audit", "audit.jsonl");
  await session.call("POST", CLIENTS, { type: "m2m", title: "Foreign" });
  await learn();
  for (const name of ["export", "unmanaged", "stack", "output"]) await run([0], name, "--env", "dev");
  await run([0], "import", "--env", "dev", "--all", "--yes", "--no-protect", "--output", "imported.yaml");
  for (const { client_id } of emulator.clients())
    await session.call("PATCH", `${CLIENTS}/${client_id}`, { title: "Drifted" });
  await run([0], "report", "--env", "dev", "--drift", ...outputs("drift"));
  await run([0], "refresh", "--env", "dev", "--json");
  await run([0], "doctor", "--env", "dev", "--json");
  // CARTO fails, refuses and answers nonsense: messages say so.
  emulator.faults.add({
    fault: "status",
    status: 400,
    call: "updateOAuthClient",
    times: 1,
    body: { error: "invalid_request", description: `Bearer ${session.token}` },
  });
  await run([1], "up", "--env", "dev", "--yes", "--audit", "audit.jsonl");
  await run([0], "audit", "verify", "audit.jsonl");
  await run([0], "destroy", "--env", "dev", "--yes", "--audit", "audit.jsonl", "--provider-process");

  const found = printed.flatMap(([what, text]) => secrets.in(text).map((secret) => `${what}: ${secret}`));
  const stored = await secrets.below(command.directory);
  expect([found, stored.found]).toEqual([[], []]);
  expect(secrets.in(log.join("\n"))).toEqual([]);
  // CARTO has its clients' secrets, and nothing else.
  expect(around.in(Buffer.concat([await readFile(db), await readFile(`${db}-wal`)]))).toEqual([]);
  expect([secrets.size >= 10, stored.files > 40]).toEqual([true, true]);
});
