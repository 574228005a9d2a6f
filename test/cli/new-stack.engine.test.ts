import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

const MANIFEST = `version: 1
clients:
  robot: { kind: m2m, name: Robot }
environments: { dev: {}, prod: { policy: production } }
`;

/** Every file of the backend that belongs to a stack: states, their history, backups and locks. */
const stackFiles = async ({ directory }: PulumiCarto) =>
  (await readdir(join(directory, "backend"), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.startsWith("meta.yaml"))
    .map(({ name }) => name);

test.each(["preview", "up", "refresh", "destroy", "import", "unmanaged", "doctor"])(
  "%s refuses a stack that no environment has, names the nearest, and starts nothing",
  async (command) => {
    await using carto = await PulumiCarto.create();
    await carto.write({ "clients.yaml": MANIFEST });
    const yes = ["up", "destroy"].includes(command) ? ["--yes"] : [];
    expect(await carto.run([command, "--stack", "prdo", ...yes])).toEqual({
      code: 3,
      stdout: "",
      stderr:
        'clients.yaml:4:1 environments: "prdo" is not the stack of an environment: did you mean "prod"? (unknown-environment)\n' +
        "clients.yaml: nothing was started\n",
    });
    expect(await stackFiles(carto)).toEqual([]);
  },
);

test("a preview of a stack that does not exist shows its creation and writes nothing; its plan can be applied", async () => {
  await using emulator = await startEmulator();
  await using carto = await PulumiCarto.create(emulator.env);
  await carto.write({ "clients.yaml": MANIFEST });
  const preview = await carto.run(["preview", "--env", "dev", "--save-plan", "plans", "--exit-code"]);
  expect([preview.code, preview.stderr]).toEqual([2, ""]);
  expect(preview.stdout).toContain("+ robot");
  const report = await carto.run(["report", "--env", "dev", "--format", "json"]);
  expect(report.code).toBe(0);
  expect(JSON.parse(report.stdout).changes).toMatchObject([{ client: "robot", action: "create" }]);
  expect(await stackFiles(carto)).toEqual([]);

  const up = await carto.run(["up", "--env", "dev", "--plan", "plans"]);
  expect([up.code, up.stderr]).toEqual([0, ""]);
  expect(emulator.clients()).toHaveLength(1);
  expect(await stackFiles(carto)).toContain("dev.json");
});

test("a preview without a passphrase fails as up would, also where the stack does not exist", async () => {
  await using emulator = await startEmulator();
  await using carto = await PulumiCarto.create(emulator.env);
  await carto.write({ "clients.yaml": MANIFEST });
  const preview = await carto.run(["preview", "--env", "dev"], { PULUMI_CONFIG_PASSPHRASE: undefined });
  expect([preview.code, preview.stderr]).toEqual([1, ""]);
  expect(preview.stdout).toContain("set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE");
});
