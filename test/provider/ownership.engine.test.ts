import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const PROGRAM = `
import { SpaOAuthClient } from "pulumi-carto";
new SpaOAuthClient("web", { name: "Web", applicationLoginUrl: "https://app.example.com/" });
`;

test("with another owner's credentials nothing changes: not by refresh, nor by up, nor by destroy", async () => {
  // Tokens and clients of an hour ago: a young client that cannot be read would be waited for.
  let hour = 1;
  const emulator = await startEmulator({ now: () => Date.now() - hour * 3_600_000 });
  await using ofAdmin = await pulumiWorkspace({ files: PROGRAM, env: emulator.envFor("admin") });
  await using ofEditor = await pulumiWorkspace({ files: PROGRAM, env: emulator.envFor("editor") });
  try {
    await ofAdmin.succeed("up");
    await ofEditor.succeed("up");
    hour = 0;
    const clients = emulator.clients();
    expect(clients.map(({ owner_id }) => owner_id).sort()).toEqual(["auth0|emulator-admin", "auth0|emulator-editor"]);

    for (const [workspace, owner, caller, operations] of [
      [ofAdmin, "admin", "editor", [["refresh"], ["destroy"]]],
      [ofEditor, "editor", "admin", [["up", "--refresh"]]],
    ] as const) {
      const before = await workspace.resources();
      Object.assign(workspace.env, emulator.envFor(caller));
      const id = before.at(-1)?.id;
      for (const operation of operations) {
        const { code, stdout, stderr } = await workspace.pulumi(...operation);
        expect(code).not.toBe(0);
        expect(stdout + stderr).toContain(
          `OAuth client ${id} ("Web") belongs to auth0|emulator-${owner}, but the credentials from the environment are those of ` +
            `auth0|emulator-${caller}, who cannot see it. It is kept in the state. Use the owner's credentials.`,
        );
      }
      // A destroy that fails at a client has deleted the stack's identity, which only unfinished creates need.
      const ids = (resources: typeof before) =>
        resources.filter(({ urn }) => urn.includes("OAuthClient")).map(({ urn, id }) => [urn, id]);
      expect(ids(await workspace.resources())).toEqual(ids(before));
    }
    expect(emulator.clients()).toEqual(clients);
  } finally {
    await emulator.close();
  }
});

test("a preview with another owner's credentials fails where up must, telling it once, and asks nobody where nothing changes", async () => {
  const emulator = await startEmulator();
  await using workspace = await pulumiWorkspace({ files: PROGRAM, env: emulator.envFor("admin") });
  try {
    await workspace.succeed("up");
    Object.assign(workspace.env, emulator.envFor("editor"));
    emulator.resetRequests();
    await workspace.succeed("preview", "--expect-no-changes");
    expect(emulator.requests()).toEqual({});
    await workspace.write({ "index.ts": PROGRAM.replace('"Web"', '"Portal"') });
    const { code, stdout, stderr, events } = await workspace.pulumi("preview");
    expect(code).not.toBe(0);
    const told = events.filter(({ diagnosticEvent }) =>
      diagnosticEvent?.message.includes(
        "belongs to auth0|emulator-admin, but the credentials from the environment are",
      ),
    );
    expect(told).toHaveLength(1);
    expect(stdout + stderr).not.toContain("CartoError");
  } finally {
    await emulator.close();
  }
});
