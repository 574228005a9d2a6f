import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { CartoSession } from "../../harness/carto-session.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000 + 3_600_000).toISOString().slice(0, 19);

const manifest = (source: string, days = 200) => `version: 1
clients:
  job: { kind: m2m, name: Job }
  map:
    kind: api-access-token
    name: Map
    grants: [{ connectionName: carto_dw, source: ${source} }]
    allowedApis: [sql, maps]
    referers: [https://maps.example.com]
    expirationDate: "${inDays(days)}Z"
environments: { dev: {} }
`;

test("a manifest's token is created next to a client and reported, and doctor says when it expires", async () => {
  const emulator = await startEmulator();
  try {
    await using command = await PulumiCarto.create(emulator.env);
    const carto = await CartoSession.open(emulator);
    const run = async (text: string, ...args: string[]) => {
      await command.write({ "clients.yaml": text });
      return command.run([...args, "--env", "dev"]);
    };
    const up = await run(manifest("carto.demo.points"), "up", "--yes");
    expect([up.code, emulator.tokens().length, emulator.clients().length], up.stdout + up.stderr).toEqual([0, 1, 1]);

    const preview = await run(manifest('"carto.demo.*"'), "preview");
    const told = preview.stdout + preview.stderr;
    expect(preview.code, told).toBe(0);
    expect(told).toContain("every table of carto.demo in carto_dw");
    // Only here is a clock: what compares two manifests is the same each day.
    const report = await run(manifest('"carto.demo.*"'), "report");
    expect(report.stdout).toContain("API Access Tokens expire: map in 200 days.");
    expect((await run(manifest('"carto.demo.*"'), "up", "--yes")).code).toBe(0);
    expect(emulator.tokens()).toMatchObject([{ grants: [{ source: "carto.demo.*" }] }]);

    expect((await run(manifest("carto.demo.points", 5), "up", "--yes")).code).toBe(0);
    const doctor = await run(manifest("carto.demo.points", 5), "doctor", "--exit-code");
    expect(doctor.stdout).toContain(
      "ok   [dev] expiration: API Access Tokens: map expires in 5 days. Write a later expirationDate, which replaces the token",
    );
    expect(doctor.code).toBe(4);

    const { body } = await carto.call("GET", "/api/v3/tokens");
    const printed = [up, preview, report, doctor].map(({ stdout, stderr }) => stdout + stderr).join("\n");
    expect(body.data.filter(({ token }: { token: string }) => printed.includes(token))).toEqual([]);
    expect((await run(manifest("carto.demo.points", 5), "destroy", "--yes")).code).toBe(0);
    expect([emulator.tokens(), emulator.clients()]).toEqual([[], []]);
  } finally {
    await emulator.close();
  }
});
