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
          `To ${action} it all the same: 1. set deletionProtection: false and run \`pulumi up\`; 2. ${action} it.`,
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

test("--replace keeps a young client and says why; the next up is quiet", async () => {
  const emulator = await startEmulator();
  await using workspace = await pulumiWorkspace({ files: program(""), env: emulator.env });
  try {
    await workspace.succeed("up");
    const { id } = await workspace.outputs();
    const { urn = "" } = (await workspace.resources()).at(-1) ?? {};
    const kept =
      `OAuth client ${id} ("Web") was not replaced. CARTO answers a create with the client that the same idempotency key created ` +
      "in the last 24 hours, so --replace and `pulumi state taint` have no effect on one that young. Change rotationTrigger instead.";
    expect((await workspace.succeed("up", "--replace", urn)).stdout).toContain(kept);
    expect((await workspace.succeed("up")).stdout).not.toContain("warning");
    expect(emulator.clients().map(({ client_id }) => client_id)).toEqual([id]);
    expect((await workspace.resources()).filter((resource) => resource.id === id)).toHaveLength(1);
  } finally {
    await emulator.close();
  }
});
