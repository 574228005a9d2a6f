import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { CartoProvider, M2mOAuthClient } from "pulumi-carto";
const config = new pulumi.Config();
const editor = new CartoProvider("editor", {
  authUrl: config.require("url"),
  accountsUrl: config.require("url"),
  clientId: config.require("editorId"),
  clientSecret: config.requireSecret("editorSecret"),
});
const inheriting = new CartoProvider("inheriting", { retryBudgetSeconds: 5 });
new M2mOAuthClient("of-the-stack", { name: "Of the stack" });
new M2mOAuthClient("of-the-editor", { name: "Of the editor" }, { provider: editor });
new M2mOAuthClient("of-the-heir", { name: "Of the heir" }, { provider: inheriting });
`;

test("each provider is a user of its own: stack configuration, arguments, and arguments that inherit", async () => {
  const emulator = await startEmulator();
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => emulator.close());
  const [admin, editor] = [emulator.envFor("admin"), emulator.envFor("editor")];
  await using workspace = await pulumiWorkspace({
    files: PROGRAM,
    config: {
      "carto:authUrl": emulator.url,
      "carto:accountsUrl": emulator.url,
      "carto:clientId": admin.CARTO_M2M_CLIENT_ID ?? "",
      "test:url": emulator.url,
      "test:editorId": editor.CARTO_M2M_CLIENT_ID ?? "",
    },
    secrets: {
      "carto:clientSecret": admin.CARTO_M2M_CLIENT_SECRET ?? "",
      "test:editorSecret": editor.CARTO_M2M_CLIENT_SECRET ?? "",
    },
  });

  const up = await workspace.succeed("up");
  const owners = emulator.clients().map(({ title, owner_id }) => [title, owner_id]);
  expect(owners.sort()).toEqual([
    ["Of the editor", "auth0|emulator-editor"],
    ["Of the heir", "auth0|emulator-admin"],
    ["Of the stack", "auth0|emulator-admin"],
  ]);

  const text = [up.stdout, up.stderr, await workspace.storedText()].join("\n");
  for (const { CARTO_M2M_CLIENT_SECRET: secret = "" } of [admin, editor]) expect(text.includes(secret)).toBe(false);

  await workspace.succeed("destroy");
  expect(emulator.clients()).toEqual([]);
});
