import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { PlantedSecrets } from "../../harness/planted-secrets.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

const MANIFEST = "version: 1\nclients:\n  robot: { kind: m2m, name: Robot }\n";

test("docs/security.md says which of Pulumi's own diagnostics make the command write secrets", async () => {
  await using emulator = await startEmulator();
  const told: Record<string, string[]> = {};
  const measure = async (name: string, variables: (directory: string) => Record<string, string>) => {
    await using command = await PulumiCarto.create(emulator.env);
    await command.write({ "clients.yaml": MANIFEST });
    const logs = join(command.directory, "logs");
    await mkdir(logs);
    const up = await command.run(["up", "--stack", "dev", "--yes"], { TMPDIR: logs, ...variables(logs) });
    expect([name, up.code]).toEqual([name, 0]);
    const session = await CartoSession.open(emulator);
    const { body } = await session.call("GET", `${CLIENTS}/${emulator.clients().at(-1)?.client_id}`);
    const secrets = new PlantedSecrets();
    secrets.add("management", emulator.env.CARTO_M2M_CLIENT_SECRET ?? "");
    secrets.add("created", body.client_secret);
    const { found } = await secrets.below(command.directory);
    const written = found.map((one) => one.slice(one.lastIndexOf(": ") + 2));
    told[name] = [...new Set([...secrets.in(up.stdout + up.stderr), ...written])];
  };
  await measure("none", () => ({}));
  await measure("PULUMI_OPTION_VERBOSE", () => ({ PULUMI_OPTION_VERBOSE: "9" }));
  await measure("PULUMI_OPTION_TRACING", (logs) => ({ PULUMI_OPTION_TRACING: `file:${logs}/up.trace` }));
  await measure("PULUMI_DEBUG_GRPC", (logs) => ({ PULUMI_DEBUG_GRPC: `${logs}/grpc.json` }));
  expect(told).toEqual({
    none: [],
    PULUMI_OPTION_VERBOSE: ["created"],
    PULUMI_OPTION_TRACING: ["created"],
    PULUMI_DEBUG_GRPC: ["created"],
  });
});
