import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { undocumented } from "../../harness/command-schema.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

const MANIFEST = `version: 1
clients:
  web: { kind: spa, name: Web, applicationLoginUrl: "https://web.example.com/", allowedCallbackUrls: ["https://*.example.com/"] }
  robot: { kind: m2m, name: Robot }
environments: { dev: {}, prod: {} }
`;

let emulator: Emulator;
let command: PulumiCarto;
beforeEach(async () => {
  emulator = await startEmulator();
  command = await PulumiCarto.create(emulator.env);
  await command.write({ "clients.yaml": MANIFEST });
});
afterEach(async () => {
  await command[Symbol.asyncDispose]();
  await emulator.close();
});

/** What a command prints with --json, which is one documented line. */
async function json(code: number, ...args: string[]) {
  const { stdout, stderr, code: ended } = await command.run([...args, "--json"]);
  expect([args.join(" "), undocumented(stdout), ended], stdout + stderr).toEqual([args.join(" "), [], code]);
  return { document: JSON.parse(stdout), stderr };
}

test("every command prints one documented line with --json, and people's text on stderr", async () => {
  const session = await CartoSession.open(emulator);
  const spa = { type: "spa", title: "Web", login_uri: "https://web.example.com/" };
  const made = (await session.call("POST", CLIENTS, spa)).body;

  const { document: checked } = await json(0, "check");
  expect(checked.files[0].findings.length).toBeGreaterThan(0);
  const { document: exported } = await json(0, "export", "--env", "dev");
  expect(exported.clients).toEqual([{ clientId: made.client_id, kind: "spa", name: "Web" }]);
  expect(exported.manifest).toContain("kind: spa");
  const { document: written } = await json(0, "export", "--env", "dev", "--output", "out.yaml");
  expect([written.output, written.manifest]).toEqual(["out.yaml", undefined]);

  const web = { client: "web", kind: "spa", clientId: made.client_id, name: "Web" };
  const robot = { client: "robot", kind: "m2m", state: "missing" };
  const { document: dry } = await json(0, "import", "--env", "dev", "--dry-run");
  expect(dry.environments[0].candidates).toEqual([{ ...web, state: "to-import" }, robot]);
  const { document: imported, stderr } = await json(0, "import", "--env", "dev");
  expect(imported.environments[0].candidates).toEqual([{ ...web, state: "imported" }, robot]);
  expect(stderr).toContain("dev: 1 imported; up will create robot\n");
  const { document: again } = await json(0, "import", "--env", "dev,prod");
  const managed = { client: "web", kind: "spa", clientId: made.client_id, state: "managed" };
  expect(again.environments.map(({ candidates }: { candidates: unknown }) => candidates)).toEqual([
    [managed, robot],
    [{ ...web, state: "elsewhere", manager: "dev" }, robot],
  ]);
  const { document: unknown } = await json(3, "import", "--env", "dev", "--id", "nobody=1");
  expect(unknown.environments[0].failures).toEqual(["nobody: the manifest declares no such client: check --id"]);

  await json(0, "preview", "--env", "dev");
  await json(0, "up", "--env", "dev", "--yes");
  await session.call("PATCH", `${CLIENTS}/${made.client_id}`, { title: "Changed" });
  const { document: refreshed } = await json(0, "refresh", "--env", "dev");
  expect(refreshed.environments[0].summary.drifted).toBe(1);
  await json(0, "output", "--env", "dev", "--show-secrets");
  await json(0, "stack", "--env", "dev");
  await json(0, "unmanaged", "--env", "dev");
  await json(0, "doctor", "--env", "dev");
  await json(0, "destroy", "--env", "dev", "--yes");
});

test("move and cancel print one documented line, too: what was done, that nothing was to do, and why not", async () => {
  const manifest = (dev: string, prod: string) =>
    `version: 1\nclients: { robot: { kind: m2m, name: Robot } }\nenvironments: { dev: ${dev}, prod: ${prod} }\n`;
  const without = "{ clients: { robot: false } }";
  await command.write({ "clients.yaml": manifest("{}", without) });
  await json(0, "up", "--env", "dev", "--yes");
  const args = ["move", "robot", "--from", "dev", "--to", "prod"];
  const { document: unasked } = await json(3, ...args);
  expect(unasked.error).toEqual({
    code: "refused",
    message: "--json does not ask questions: add --yes",
  });
  const { document: undeclared, stderr } = await json(3, ...args, "--yes");
  expect(stderr).toBe(`move: ${undeclared.error.message}\n`);
  await command.write({ "clients.yaml": manifest(without, "{}") });
  const clientId = emulator.clients()[0]?.client_id;
  const moved = { version: 1, command: "move", ok: true, client: "robot", clientId, from: "dev", to: "prod" };
  expect((await json(0, ...args, "--yes")).document).toEqual({ ...moved, moved: true });
  expect((await json(0, ...args, "--yes")).document).toEqual({ ...moved, moved: false });

  const cancelled = { version: 1, command: "cancel", ok: true, environment: "dev", stack: "dev" };
  const free = await json(0, "cancel", "--env", "dev");
  expect([free.document, free.stderr]).toEqual([
    { ...cancelled, removed: false },
    "dev: not locked; nothing to cancel\n",
  ]);
  const locks = join(command.directory, "backend/.pulumi/locks/organization/pulumi-carto/dev");
  await mkdir(locks, { recursive: true });
  const left = { pid: 4711, username: "ana", hostname: "build-7", timestamp: "2026-07-01T08:00:00Z" };
  await writeFile(join(locks, "left.json"), JSON.stringify(left));
  await json(3, "cancel", "--env", "dev");
  await json(3, "cancel", "--yes");
  const { document: removed } = await json(0, "cancel", "--env", "dev", "--yes");
  const holder = { user: "ana", host: "build-7", pid: 4711, since: "2026-07-01T08:00:00Z" };
  expect(removed).toEqual({ ...cancelled, removed: true, holder });
});

test("what is refused before it begins is one documented line, too", async () => {
  for (const [name, ...args] of [
    ["up", "--env", "dev"],
    ["destroy", "--env", "dev"],
    ["preview"],
    ["output", "--env", "dev", "--dotenv"],
    ["export", "--kind", "spaa"],
  ]) {
    const { document, stderr } = await json(3, name ?? "", ...args);
    expect(document.error.code).toBe("refused");
    expect(stderr).toBe(`${name}: ${document.error.message}\n`);
  }
});

test("a command that fails prints one documented line with the reason, too", async () => {
  const commands = ["output", "unmanaged"];
  for (const name of commands) {
    const { document, stderr } = await json(1, name, "--env", "dev");
    expect(document.error).toEqual({
      code: "no_stack",
      message: "stack dev does not exist: nothing was ever deployed there",
    });
    expect(stderr).toBe(`${name}: stack dev does not exist: nothing was ever deployed there\n`);
  }
  const { document: failed } = await json(1, "destroy", "--env", "dev", "--yes");
  expect(failed.environments[0].error.code).toBe("no_stack");
  await command.write({ "clients.yaml": MANIFEST.replace("environments:", "enviroments:") });
  for (const name of ["preview", "refresh", "doctor", "unmanaged", "output", "stack", "import", "export", "cancel"]) {
    const { document } = await json(3, name, "--env", "dev");
    expect(document.failures[0].reason).toContain("enviroments");
  }
  await json(3, "check");
});
