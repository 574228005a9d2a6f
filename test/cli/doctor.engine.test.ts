import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

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
      "ok   [dev] backend: stack dev is not there yet: up makes it",
      `ok   [dev] credentials: M2M OAuth client ${CARTO_M2M_CLIENT_ID}, from the environment`,
      "ok   [dev] token: accepted for user auth0|emulator-admin",
      `ok   [dev] discovery: tenant ${new URL(emulator.url).host}`,
      "ok   [dev] contract: a list call answered as assumed: the caller has 1 client",
    ]);
    expect(well.stdout).toContain("carto credentials list spa --debug");
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
    const lost = await command.run(["doctor", "--stack", "dev"], { CARTO_M2M_CLIENT_SECRET: "planted-wrong-secret" });
    expect(lost.code).toBe(1);
    expect(lost.stdout).toContain("FAIL [dev] token: ");
    expect(lost.stdout + lost.stderr).not.toContain("planted-wrong-secret");
  } finally {
    await emulator.close();
  }
});
