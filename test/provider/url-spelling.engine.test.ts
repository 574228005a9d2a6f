import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const LISTS = `applicationLoginUrl: "https://Two.Example.COM:443/Login", allowedCallbackUrls: ["https://Two.Example.COM/b"]`;
const PATCH = "PATCH /workspace-api/credentials/oauth-clients/{client_id}";

test("hosts that CARTO returns in lower case are not a difference: no diff, no PATCH, the state as written", async () => {
  await using emulator = await startEmulator();
  emulator.faults.add({ fault: "lower-case-hosts" });
  const program = `import { SpaOAuthClient } from "pulumi-carto";\nnew SpaOAuthClient("two", { name: "Two", ${LISTS} });`;
  await using workspace = await pulumiWorkspace({ files: program, env: emulator.env });
  await workspace.succeed("up");
  await workspace.succeed("preview", "--expect-no-changes");
  await workspace.succeed("up", "--refresh", "--expect-no-changes");
  await workspace.succeed("refresh", "--expect-no-changes");
  expect(emulator.requests()[PATCH]).toBeUndefined();
  const client = (await workspace.resources()).find(({ type }) => type.endsWith("SpaOAuthClient"));
  expect([client?.inputs?.applicationLoginUrl, client?.outputs?.allowedCallbackUrls]).toEqual([
    "https://Two.Example.COM:443/Login",
    ["https://Two.Example.COM/b"],
  ]);
});

test("another spelling of a host is nothing to preview, to refresh or to report", async () => {
  await using emulator = await startEmulator();
  emulator.faults.add({ fault: "lower-case-hosts" });
  await using command = await PulumiCarto.create(emulator.env);
  const manifest = (lists: string) =>
    `version: 1\nclients: { two: { kind: spa, name: Two, ${lists} } }\nenvironments: { dev: {}, adopted: {} }\n`;
  await command.write({
    "clients.yaml": manifest(LISTS),
    "lower.yaml": manifest(LISTS.replaceAll("Two.Example.COM", "two.example.com")),
  });
  expect((await command.run(["up", "--env", "dev", "--yes"])).code).toBe(0);
  for (const file of ["clients.yaml", "lower.yaml"]) {
    const preview = await command.run(["preview", file, "--env", "dev", "--refresh", "--exit-code"]);
    expect([preview.code, preview.stderr]).toEqual([0, ""]);
  }
  const drift = await command.run(["report", "--env", "dev", "--drift", "--fail-on", "any"]);
  expect([drift.code, drift.stderr]).toEqual([0, ""]);
  const diff = await command.run(["report", "--diff", "clients.yaml", "lower.yaml", "--fail-on", "any"]);
  expect([diff.code, diff.stderr]).toEqual([0, ""]);
});

test("clients that CARTO has in another spelling are imported as they are declared: nothing to preview, to report or to send", async () => {
  await using emulator = await startEmulator();
  const session = await CartoSession.open(emulator);
  const create = async (host: string) => {
    const urls = { login_uri: `https://${host}/Login`, callbacks: [`https://${host}/b`] };
    return (await session.call("POST", CLIENTS, { type: "spa", title: "Two", ...urls })).body.client_id;
  };
  // Of one name: only the URLs tell which is meant.
  await create("other.example.com");
  const id = await create("two.example.com");
  await using command = await PulumiCarto.create(emulator.env);
  const manifest = `version: 1\nclients: { two: { kind: spa, name: Two, ${LISTS} } }\nenvironments: { adopted: {} }\n`;
  await command.write({ "clients.yaml": manifest });
  emulator.resetRequests();
  const imported = await command.run(["import", "--env", "adopted"]);
  expect([imported.code, imported.stderr]).toEqual([0, ""]);
  expect(imported.stdout).toContain(`  two       spa   ${id}  Two   this stack: imported\n`);
  const preview = await command.run(["preview", "--env", "adopted", "--refresh", "--exit-code"]);
  expect([preview.code, preview.stderr]).toEqual([0, ""]);
  for (const more of [[], ["--drift"]]) {
    const report = await command.run(["report", "--env", "adopted", "--fail-on", "any", ...more]);
    expect([report.code, report.stderr]).toEqual([0, ""]);
    expect(report.stdout).toContain("## OAuth clients");
    expect(report.stdout).toContain("1 unchanged");
  }
  expect((await command.run(["up", "--env", "adopted", "--yes"])).code).toBe(0);
  expect(emulator.requests()[PATCH]).toBeUndefined();
});
