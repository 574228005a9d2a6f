// biome-ignore-all lint/suspicious/noTemplateCurlyInString: manifests have placeholders of their own
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Change } from "../../change/change.ts";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

let tenant: Emulator;

beforeAll(async () => {
  tenant = await startEmulator();
});
afterAll(() => tenant.close());

const manifest = (clients: string) => `version: 1
clients:
${clients}environments:
  dev: {}
  prod: { policy: production }
`;

const OLD = manifest(`  api: { kind: m2m, name: API, rotationTrigger: "1", deletionProtection: false }
  gone: { kind: m2m, name: Gone, deletionProtection: false }
  portal:
    kind: spa
    name: Portal
    applicationLoginUrl: https://portal.example.com/
    allowedLogoutUrls: [https://portal.example.com/, https://portal.example.com/bye]
  same: { kind: spa, name: Same, applicationLoginUrl: "https://same.example.com/" }
`);

const NEW = manifest(`  api: { kind: m2m, name: API, rotationTrigger: "2", deletionProtection: false }
  new: { kind: spa, name: New, applicationLoginUrl: "https://new.example.com/" }
  portal:
    kind: spa
    name: Portal of maps
    deletionProtection: false
    applicationLoginUrl: https://portal.example.com/
    allowedLogoutUrls: [https://portal.example.com/bye, https://portal.example.com/]
    allowedOrigins: [https://portal.example.com, "https://*.example.com"]
    allow: [{ rule: wildcard, url: "https://*.example.com", reason: one host per tenant }]
  same: { kind: spa, name: Same, applicationLoginUrl: "https://same.example.com/", allowedOrigins: ["https://same.example.com"] }
`);

interface Printed {
  verdict: string;
  changes: Change[];
  notes: string[];
}

test("a change is the same list by the engine and by two manifests; drift and the audit record show what really happened", async () => {
  await using command = await PulumiCarto.create(tenant.env);
  const report = async (...args: string[]): Promise<Printed> => {
    const { stdout, stderr } = await command.run(["report", ...args, "--format", "json"]);
    expect(stderr).toBe("");
    return JSON.parse(stdout);
  };
  const environments = ["--env", "dev,prod"];
  await command.write({ "old.yaml": OLD, "clients.yaml": OLD });
  const up = await command.run(["up", ...environments, "--yes", "--audit", "audit.jsonl"], {
    GITHUB_ACTIONS: "true",
    GITHUB_ACTOR: "sam",
  });
  expect([up.code, up.stderr]).toEqual([
    0,
    expect.stringMatching(/^audit\.jsonl: ends with record 2, [0-9a-f]{64}\n$/),
  ]);
  const session = await CartoSession.open(tenant);
  const answers = await Promise.all(
    tenant.clients().map(({ client_id }) => session.call("GET", `${CLIENTS}/${client_id}`)),
  );
  const secrets = answers.flatMap(({ body }) => (body as { client_secret?: string }).client_secret ?? []);

  // The same change twice: the engine knows the client IDs besides.
  await command.write({ "clients.yaml": NEW });
  const live = await report(...environments);
  const diff = await report(...environments, "--diff", "old.yaml", "clients.yaml");
  const told = diff.changes.map(({ environment, client, action }) => `${environment} ${client} ${action}`);
  expect(told).toEqual(
    ["dev", "prod"].flatMap((name) => [
      `${name} gone delete`,
      `${name} api replace`,
      `${name} new create`,
      `${name} portal update`,
      `${name} same same`,
    ]),
  );
  // An older manifest has lines, a state has none.
  expect(live.changes.map(({ clientId, ...change }) => change)).toEqual(
    diff.changes.map(({ oldLocation, ...change }) => change),
  );
  expect(live.verdict).toBe("destructive");
  const ids = live.changes.filter(({ clientId }) => clientId !== undefined).map(({ clientId }) => clientId);
  expect(ids.length).toBe(8);
  const known = tenant.clients().map(({ client_id }) => client_id);
  expect(ids.filter((id) => !known.includes(id ?? ""))).toEqual([]);

  // The same bytes in every format, each time.
  const runs = await Promise.all(
    ["one", "two"].map(async (folder) => {
      const files = ["report.md", "report.html", "report.json", "report.sarif", "report.xml"].map(
        (file) => `${folder}/${file}`,
      );
      const { code } = await command.run([
        "report",
        ...environments,
        "--wait",
        ...files.flatMap((file) => ["--output", file]),
      ]);
      expect(code).toBe(0);
      return Promise.all(files.map((file) => readFile(join(command.directory, file), "utf8")));
    }),
  );
  expect(runs[0]).toEqual(runs[1]);
  expect(runs[0]?.join()).not.toContain(command.directory);

  // Someone changes one client at CARTO and deletes another; the declaration is what was last applied.
  const idOf = (name: string) =>
    live.changes.find(({ environment, client }) => environment === "dev" && client === name)?.clientId;
  const [portal, gone] = [idOf("portal"), idOf("gone")];
  await session.call("PATCH", `${CLIENTS}/${portal}`, { callbacks: ["https://*.evil.example/cb"] });
  await session.call("DELETE", `${CLIENTS}/${gone}`);
  const drift = await report(...environments, "--drift");
  const drifted = drift.changes.filter((change) => change.drift);
  expect(drifted.map(({ client, action, clientId }) => [client, action, clientId]).sort()).toEqual([
    ["gone", "delete", gone],
    ["portal", "update", portal],
  ]);
  expect(drifted.find(({ client }) => client === "portal")?.urls[0]).toMatchObject({
    added: ["https://*.evil.example/cb"],
    removed: ["https://portal.example.com/"],
  });
  expect(drifted.flatMap(({ findings }) => findings.map(({ rule }) => rule))).toContain("wildcard");
  expect((await command.run(["report", "--env", "dev", "--drift", "--fail-on", "any"])).code).toBe(2);

  // The record: every client with its ID, who and what, and no secret.
  await command.run(["destroy", "--env", "dev", "--yes", "--audit", "audit.jsonl"], {
    GITHUB_ACTIONS: "true",
    GITHUB_ACTOR: "kim",
  });
  const lines = (await readFile(join(command.directory, "audit.jsonl"), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(
    lines.map(({ sequence, actor, command, environment, result }) => [
      sequence,
      actor.name,
      command,
      environment,
      result,
    ]),
  ).toEqual([
    [1, "sam", "up", "dev", "succeeded"],
    [2, "sam", "up", "prod", "succeeded"],
    [3, "kim", "destroy", "dev", "succeeded"],
  ]);
  const recorded = lines.slice(0, 2).flatMap(({ changes }) => changes.map(({ newClientId }: Change) => newClientId));
  expect(recorded.length).toBe(8);
  expect(recorded).toEqual(expect.arrayContaining([portal, gone]));
  expect((await command.run(["audit", "verify", "audit.jsonl"])).code).toBe(0);
  const everything = JSON.stringify([live, diff, drift, lines, up, runs]);
  expect(secrets.length).toBeGreaterThanOrEqual(8);
  for (const secret of secrets) expect(everything).not.toContain(secret);

  // One that cannot be recorded is not begun.
  const refused = await command.run(["up", "--env", "dev", "--yes", "--audit", "missing/audit.jsonl"]);
  expect(refused).toEqual({
    code: 3,
    stdout: "",
    stderr: "missing/audit.jsonl: cannot be written: ENOENT\nNothing was started.\n",
  });
});

test("an environment that cannot be previewed is said to be unknown in the report, with a reason on stderr and exit code 1", async () => {
  await using command = await PulumiCarto.create(tenant.env);
  await command.write({ "clients.yaml": OLD });
  const wrong = { CARTO_M2M_CLIENT_ID_PROD: "nobody", CARTO_M2M_CLIENT_SECRET_PROD: "planted-secret" };
  const { code, stdout, stderr } = await command.run(["report", "--env", "dev,prod", "--format", "json"], wrong);
  expect(code).toBe(1);
  const { verdict, unknown } = JSON.parse(stdout);
  expect(verdict).toBe("exposure");
  expect(unknown).toEqual([
    {
      environment: "prod",
      reason: expect.stringMatching(
        /^It failed\. The M2M OAuth client nobody from the environment was refused an access token by \S+ \(401, invalid_client: /,
      ),
    },
  ]);
  expect(stderr).toMatch(/^prod: preview failed, /);
  expect(stdout + stderr).not.toContain("planted-secret");
});

test("a broken manifest is a report of its failures without asking the engine", async () => {
  await using command = await PulumiCarto.create({ PULUMI_BACKEND_URL: "" });
  await command.write({
    "clients.yaml":
      "version: 1\nclients:\n  web: { kind: spa, name: Web, applicationLoginUrl: ftp://x }\nenvironments:\n  dev: {}\n",
  });
  const { code, stdout } = await command.run(["report", "--env", "dev"]);
  expect(code).toBe(3);
  expect(stdout).toContain("### The manifest is refused\n\n- **Failure:** `clients.web.applicationLoginUrl` (");
});
