import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../support/carto-session.ts";
import { PulumiCarto } from "../support/pulumi-carto.ts";

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
      "unmanaged: the stack does not exist: nothing was ever deployed there\n",
    ]);

    const imported = await command.run(["import", "--stack", "adopted", "--all"]);
    expect(imported).toEqual({
      code: 0,
      stdout: "adopted: 50 imported, declared in clients.yaml\n",
      stderr: "",
    });
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
    expect(JSON.parse(after.stdout).clients).toMatchObject([
      { clientId: made.body.client_id, kind: "m2m", name: "Late" },
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
    await using command = await PulumiCarto.create({ CARTO_M2M_CLIENT_ID, CARTO_M2M_CLIENT_SECRET });
    await command.write({
      "clients.yaml": `version: 1
clients:
  web: { kind: spa, name: Web, applicationLoginUrl: "https://web.example.com/" }
  robot: { kind: m2m, name: Robot }
environments: { prod: { tenant: { accountsUrl: "${emulator.url}", authUrl: "${emulator.url}" } } }
`,
    });
    const imported = await command.run(["import", "--env", "prod"]);
    expect(imported).toEqual({ code: 0, stdout: "prod: 1 imported; up will create robot\n", stderr: "" });
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
