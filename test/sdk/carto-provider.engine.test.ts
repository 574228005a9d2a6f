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

const POLICIES = `
import * as pulumi from "@pulumi/pulumi";
import { CartoProvider, SpaOAuthClient } from "pulumi-carto";
const args = { name: "Web", applicationLoginUrl: "http://plain.example.com/" };
const standard = new CartoProvider("standard", { policy: pulumi.output("standard") });
const inheriting = new CartoProvider("inheriting", {});
new SpaOAuthClient("of-the-provider", args, { provider: standard });
class Component extends pulumi.ComponentResource {
  constructor(name, options) {
    super("test:index:Component", name, {}, options);
    new SpaOAuthClient("of-the-component", args, { parent: this });
  }
}
new Component("component", { providers: [standard] });
new SpaOAuthClient("of-the-client", { ...args, policy: "standard" });
if (pulumi.getStack() === "refused") new SpaOAuthClient("of-the-stack", args, { provider: inheriting });
`;

test("the policy is the client's, else its provider's, be it a parent's, else the stack's: in program and provider", async () => {
  await using workspace = await pulumiWorkspace({
    files: POLICIES,
    env: { CARTO_API_TOKEN: "t" },
    config: { "carto:policy": "production" },
  });
  const { code, stdout, stderr } = await workspace.pulumi("preview");
  expect([code, stdout + stderr]).toEqual([0, expect.not.stringContaining("cannot be declared like this")]);
});

test("a setting or an argument that does not exist is refused at preview, with the nearest name", async () => {
  await using workspace = await pulumiWorkspace({
    files: `
import { CartoProvider, M2mOAuthClient } from "pulumi-carto";
import * as pulumi from "@pulumi/pulumi";
if (new pulumi.Config().get("provider")) new CartoProvider("typo", { polcy: "production" });
new M2mOAuthClient("robot", { name: "Robot" });
`,
    env: { CARTO_API_TOKEN: "t" },
    config: { "carto:polcy": "production", "other:anything": "goes" },
  });
  const ofStack = await workspace.pulumi("preview");
  expect(ofStack.code).not.toBe(0);
  expect(ofStack.stdout + ofStack.stderr).toContain(
    "The stack configuration cannot be used. carto:polcy is not a setting. Did you mean carto:policy?",
  );
  await workspace.pulumi("config", "rm", "carto:polcy");
  await workspace.succeed("preview");
  await workspace.pulumi("config", "set", "provider", "yes");
  const ofArgument = await workspace.pulumi("preview");
  expect(ofArgument.stdout + ofArgument.stderr).toContain(
    'CartoProvider "typo": polcy is not a setting. Did you mean policy?',
  );
});
