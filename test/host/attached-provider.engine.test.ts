import { join } from "node:path";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";
import { canTellPeers } from "../../host/peer-process.ts";

const MANIFEST = `version: 1
clients:
  web: { kind: spa, name: Web, applicationLoginUrl: "https://web.example.com/" }
`;

/** Notes each script that Node is started with. */
const NOTE = 'require("node:fs").appendFileSync(__filename + ".txt", process.argv[1] + "\\n");';

test.runIf(canTellPeers())(
  "the command serves the provider itself, and shows its warnings; --provider-process starts one",
  async () => {
    await using emulator = await startEmulator();
    await using command = await PulumiCarto.create(emulator.env);
    await command.write({ "clients.yaml": MANIFEST, "note.cjs": NOTE });
    const noted = { NODE_OPTIONS: `--require ${join(command.directory, "note.cjs")}` };
    const host = "pulumi/cmd/dynamic-provider";

    // The client is created, and the answer says that it is not.
    emulator.faults.add({ call: "createOAuthClient", fault: "status", status: 400, when: "after", times: 1 });
    expect((await command.run(["up", "--stack", "dev", "--yes"], noted)).code).toBe(1);
    expect(await command.storedText()).toContain("dist/cli/main.js\n");
    expect(await command.storedText()).not.toContain(host);

    const up = await command.run(["up", "--stack", "dev", "--yes", "--json"], noted);
    expect([up.code, up.stderr]).toEqual([0, ""]);
    expect(up.stdout).toContain(
      "was created for this resource, and no resource of the stack has it. An interrupted `up` can leave one behind.",
    );
    expect(await command.storedText()).not.toContain(host);

    const destroy = await command.run(["destroy", "--stack", "dev", "--yes", "--provider-process"], noted);
    expect([destroy.code, destroy.stderr]).toEqual([0, ""]);
    expect(await command.storedText()).toContain(host);
    expect(emulator.clients()).toEqual([]);
  },
);
