import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Change } from "../../change/change.ts";
import { startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

const manifest = (clients: string) => `version: 1\nclients:\n${clients}environments: { dev: {} }\n`;
const WEB = (name: string) => `  web: { kind: spa, name: ${name}, applicationLoginUrl: "https://web.example.com/" }\n`;
const KEPT = (more = "") => `  kept: { kind: m2m, name: Kept, deletionProtection: true${more} }\n`;

interface Recorded {
  result: string;
  changes: Change[];
  refused?: Change[];
  problems?: object[];
}

const told = (changes: readonly Change[] = []) => changes.map(({ client, action }) => `${client} ${action}`).sort();

const PROTECTED = (id = "") => `OAuth client ${id} ("Kept") has deletionProtection: to `;

async function protectedClient(command: PulumiCarto): Promise<() => Promise<Recorded | undefined>> {
  const before = manifest(KEPT() + WEB("Web"));
  await command.write({ "clients.yaml": before, "old.yaml": before });
  expect((await command.run(UP)).code).toBe(0);
  return async () => {
    const lines = (await readFile(join(command.directory, "audit.jsonl"), "utf8")).trimEnd().split("\n");
    return JSON.parse(lines.at(-1) ?? "");
  };
}

const UP = ["up", "--env", "dev", "--yes", "--audit", "audit.jsonl"];

test("a protected client that is taken out: the report says that the rest is applied first, up does that, and the audit record has both", async () => {
  const tenant = await startEmulator();
  try {
    await using command = await PulumiCarto.create(tenant.env);
    const lastRecord = await protectedClient(command);
    const kept = tenant.clients().find(({ title }) => title === "Kept")?.client_id;
    await command.write({
      "clients.yaml": manifest(`  added: { kind: m2m, name: Added }\n${WEB("Web of maps")}`),
    });
    const says =
      "- Deletion protection is on: `up` applies the rest of the change first, then fails at this client and keeps it.";
    expect((await command.run(["report", "--diff", "old.yaml", "clients.yaml"])).stdout).toContain(says);
    expect((await command.run(["report", "--env", "dev"])).stdout).toContain(says);

    expect((await command.run(UP)).code).toBe(1);
    expect(
      tenant
        .clients()
        .map(({ title }) => title)
        .sort(),
    ).toEqual(["Added", "Kept", "Web of maps"]);
    const record = await lastRecord();
    expect(record?.result).toBe("failed");
    expect(told(record?.changes)).toEqual(["added create", "web update"]);
    expect(record?.refused?.map(({ client, action, clientId }) => [client, action, clientId])).toEqual([
      ["kept", "delete", kept],
    ]);
    expect(record?.problems).toEqual([
      { client: "kept", message: expect.stringContaining(`${PROTECTED(kept)}delete`) },
    ]);
    expect((await command.run(["audit", "verify", "audit.jsonl"])).code).toBe(0);
    // The next one begins and refuses the same, and changes nothing.
    expect((await command.run(UP)).code).toBe(1);
    const next = await lastRecord();
    expect([told(next?.changes), told(next?.refused)]).toEqual([[], ["kept delete"]]);

    // The way out for a client that is declared no more, in the words of the command.
    const setting = `carto:unprotect: ${kept}`;
    const refused = await command.run(UP);
    expect(refused.stdout).toContain(
      `write \`${setting}\` under \`config\` in Pulumi.dev.yaml, then \`pulumi-carto up --stack dev\`.`,
    );
    await command.write({ "Pulumi.dev.yaml": `config:\n  ${setting}\n` });
    const deletes = "Deletion protection is on, but `carto:unprotect` names this client: `up` deletes it.";
    const preview = await command.run(["preview", "--env", "dev"]);
    expect([preview.stdout.includes(deletes), preview.stdout.includes("fails at this client")]).toEqual([true, false]);
    for (const format of ["markdown", "html", "json", "junit"]) {
      const { stdout } = await command.run(["report", "--env", "dev", "--format", format]);
      const says = format === "json" ? '"unprotect": "named"' : "names this client";
      expect([format, stdout.includes(says), stdout.includes("fails at this client")]).toEqual([format, true, false]);
    }
    const up = await command.run(UP);
    expect(
      [up.code, up.stdout.endsWith("  - kept (M2M) deleted\n      Name: Kept\n  1 deleted, 2 unchanged\n")],
      up.stdout,
    ).toEqual([0, true]);
  } finally {
    await tenant.close();
  }
});

test("a protected client that is rotated: the report says that up fails there, up does, and the audit record says why", async () => {
  const tenant = await startEmulator();
  try {
    await using command = await PulumiCarto.create(tenant.env);
    const lastRecord = await protectedClient(command);
    const kept = tenant.clients().find(({ title }) => title === "Kept")?.client_id;
    await command.write({ "clients.yaml": manifest(KEPT(', rotationTrigger: "2"') + WEB("Web")) });
    const { stdout } = await command.run(["report", "--diff", "old.yaml", "clients.yaml"]);
    expect(stdout).toContain(
      "- Deletion protection is on: `up` fails at this client and keeps it. Changes it already made to other clients are kept.",
    );
    // The engine plans nothing for it: what would change is not known, which stops every pipeline.
    const live = await command.run(["report", "--env", "dev"]);
    expect(live.code).toBe(1);
    expect(live.stdout).toContain("**Unknown: not every environment could be checked.**");
    expect(live.stderr).toContain(`${PROTECTED(kept)}replace`);

    expect((await command.run(UP)).code).toBe(1);
    expect(tenant.clients()).toHaveLength(2);
    const record = await lastRecord();
    expect([record?.result, told(record?.changes)]).toEqual(["failed", []]);
    expect(record?.problems).toEqual([
      { client: "kept", message: expect.stringContaining(`${PROTECTED(kept)}replace`) },
    ]);
  } finally {
    await tenant.close();
  }
});

test("someone adds a callback at CARTO: the live report says that it did not look there, and the drift report stops every pipeline", async () => {
  const tenant = await startEmulator();
  try {
    await using command = await PulumiCarto.create(tenant.env);
    await protectedClient(command);
    const session = await CartoSession.open(tenant);
    const web = tenant.clients().find(({ title }) => title === "Web")?.client_id;
    await session.call("PATCH", `${CLIENTS}/${web}`, {
      callbacks: ["https://web.example.com/", "https://evil.example.net/cb"],
    });
    const live = await command.run(["report", "--env", "dev"]);
    expect(live.stdout).not.toContain("Nothing changes");
    expect(live.stdout).toContain("**The state is what the manifest declares. CARTO itself was not compared.**");
    expect(live.stdout).toContain(
      "The manifest is compared with the state: what someone changed at CARTO is not in this report; `report --drift` shows it.",
    );
    for (const failOn of ["none", "destructive", "exposure", "advice", "any"]) {
      const drift = await command.run(["report", "--env", "dev", "--drift", "--fail-on", failOn]);
      expect([failOn, drift.code]).toEqual([failOn, 2]);
      expect(drift.stdout).toContain("**Exposure: someone gains access");
      expect(drift.stdout).toContain("- `login-host-added` `evil.example.net` can now receive logins");
    }
  } finally {
    await tenant.close();
  }
});
