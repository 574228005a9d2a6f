import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const program = (more: string) => `
import { SpaOAuthClient } from "pulumi-carto";
const web = new SpaOAuthClient("web", { name: "Web", applicationLoginUrl: "https://app.example.com/", ${more} });
export const id = web.clientId;
`;

test("a protected client is neither replaced nor deleted, and a preview says so; lifting it takes two steps", async () => {
  const emulator = await startEmulator();
  await using workspace = await pulumiWorkspace({ files: program("deletionProtection: true"), env: emulator.env });
  try {
    await workspace.succeed("up");
    const { id } = await workspace.outputs();
    const refused = async (action: string, ...operation: string[]) => {
      const { code, stdout, stderr } = await workspace.pulumi(...operation);
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain(
        `OAuth client ${id} ("Web") has deletionProtection: to ${action} it would stop every user and service of that client ID. ` +
          `To ${action} it anyway: 1. set deletionProtection: false and run \`pulumi up\`; 2. ${action} it.`,
      );
      expect(emulator.clients().map(({ client_id }) => client_id)).toEqual([id]);
    };
    await refused("delete", "destroy");
    // Both at once is one step too few: what counts is the state.
    await workspace.write({ "index.ts": program('deletionProtection: false, rotationTrigger: "1"') });
    await refused("replace", "preview");
    await refused("replace", "up");
    await workspace.write({ "index.ts": program("deletionProtection: false") });
    await workspace.succeed("up");

    await workspace.write({ "index.ts": program('rotationTrigger: "1"') });
    expect((await workspace.succeed("preview")).stdout).toContain(
      `warning: OAuth client ${id} ("Web") is replaced: once it is deleted, every user and service of that client ID stops working. ` +
        "They need the new client ID and client secret.",
    );
  } finally {
    await emulator.close();
  }
});

test.each([
  ["a minute", 0],
  ["more than a day", 25],
])(
  "--replace of a client that is %s old makes a new one and deletes the old one; of a protected one it is refused before",
  async (_age, hours) => {
    let old = hours;
    // Its authority issues tokens by the machine's clock: they have to outlive the hours that this test adds.
    const emulator = await startEmulator({ now: () => Date.now() - old * 3_600_000, tokenLifetimeSeconds: 3 * 86_400 });
    await using workspace = await pulumiWorkspace({ files: program(""), env: emulator.env });
    try {
      await workspace.succeed("up");
      old = 0;
      const first = emulator.clients().map(({ client_id }) => client_id);
      const { urn = "" } = (await workspace.resources()).at(-1) ?? {};
      await workspace.succeed("up", "--replace", urn);
      const second = emulator.clients().map(({ client_id }) => client_id);
      expect(second).toHaveLength(1);
      expect(second).not.toEqual(first);

      await workspace.write({ "index.ts": program("deletionProtection: true") });
      await workspace.succeed("up");
      old = -hours;
      const { code, stdout, stderr } = await workspace.pulumi("up", "--replace", urn);
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain(
        `OAuth client ${second} ("Web") has deletionProtection: to replace it would stop`,
      );
      expect(emulator.clients().map(({ client_id }) => client_id)).toEqual(second);
      expect((await workspace.resources()).filter(({ type }) => type.endsWith(":SpaOAuthClient"))).toHaveLength(1);
      expect((await workspace.succeed("up")).stdout).toContain("unchanged");
    } finally {
      await emulator.close();
    }
  },
);

test("a protected client that was replaced anyway and waits to be deleted can be deleted as the message says", async () => {
  let hours = 25;
  const emulator = await startEmulator({ now: () => Date.now() - hours * 3_600_000 });
  await using workspace = await pulumiWorkspace({ files: program("deletionProtection: true"), env: emulator.env });
  try {
    await workspace.succeed("up");
    hours = 0;
    const [old] = emulator.clients();
    const { urn = "" } = (await workspace.resources()).at(-1) ?? {};
    await workspace.succeed("state", "taint", urn);
    const message = `\`pulumi config set carto:unprotect ${old?.client_id}\`, then \`pulumi up\`.`;
    for (let run = 0; run < 2; run++) {
      const { code, stdout, stderr } = await workspace.pulumi("up");
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain(message);
      expect(emulator.clients()).toHaveLength(2);
    }
    await workspace.setConfig("carto:unprotect", old?.client_id ?? "");
    await workspace.succeed("up");
    expect(emulator.clients()).toHaveLength(1);
    expect((await workspace.outputs()).id).toBe(emulator.clients()[0]?.client_id);
    expect((await workspace.succeed("up")).stdout).toContain("unchanged");
  } finally {
    await emulator.close();
  }
});
