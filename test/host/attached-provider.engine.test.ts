import { join } from "node:path";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";
import { canTellPeers } from "../../host/peer-process.ts";

const manifest = (trigger: string) => `version: 1
clients:
  web: { kind: spa, name: Web, applicationLoginUrl: "https://web.example.com/", rotationTrigger: "${trigger}" }
`;

/** Notes each script that Node is started with. */
const NOTE = 'require("node:fs").appendFileSync(__filename + ".txt", process.argv[1] + "\\n");';

test.runIf(canTellPeers())(
  "the command serves the provider itself, and shows its warnings; --provider-process starts one",
  async () => {
    await using emulator = await startEmulator();
    await using command = await PulumiCarto.create(emulator.env);
    await command.write({ "clients.yaml": manifest("1"), "note.cjs": NOTE });
    const noted = { NODE_OPTIONS: `--require ${join(command.directory, "note.cjs")}` };
    const host = "pulumi/cmd/dynamic-provider";

    const up = await command.run(["up", "--stack", "dev", "--yes"], noted);
    expect([up.code, up.stderr]).toEqual([0, ""]);
    expect(await command.storedText()).toContain("dist/cli/main.js\n");
    expect(await command.storedText()).not.toContain(host);

    await command.write({ "clients.yaml": manifest("2") });
    const rotated = await command.run(["up", "--stack", "dev", "--yes", "--json"], noted);
    expect(rotated.code).toBe(0);
    expect(rotated.stdout).toContain(
      "is replaced: once it is deleted, every user and service of that client ID stops working.",
    );
    expect(await command.storedText()).not.toContain(host);

    const destroy = await command.run(["destroy", "--stack", "dev", "--yes", "--provider-process"], noted);
    expect([destroy.code, destroy.stderr]).toEqual([0, ""]);
    expect(await command.storedText()).toContain(host);
    expect(emulator.clients()).toEqual([]);
  },
);
