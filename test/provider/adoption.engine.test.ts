import { rename } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession } from "../../harness/carto-session.ts";
import { type PulumiWorkspace, pulumiWorkspace } from "../../harness/pulumi-workspace.ts";
import { CLIENTS } from "./lifecycle-fixture.ts";

/*
 * Which client is whose: on the real engine, with the real state.
 */

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

/** Robots by logical name. */
const program = (robots: Record<string, { name: string; rotationTrigger?: string; options?: string }>) => `
import { M2mOAuthClient } from "pulumi-carto";
${Object.entries(robots)
  .map(([logicalName, { options = "{}", ...args }]) => {
    return `new M2mOAuthClient("${logicalName}", ${JSON.stringify(args)}, ${options});`;
  })
  .join("\n")}
`;
const workspaceOf = (robots: Parameters<typeof program>[0]) =>
  pulumiWorkspace({ files: program(robots), env: emulator.env });
const declare = (workspace: PulumiWorkspace, robots: Parameters<typeof program>[0]) =>
  workspace.write({ "index.ts": program(robots) });

/** Client IDs in the state by logical name. */
const idsIn = async (workspace: PulumiWorkspace) =>
  Object.fromEntries(
    (await workspace.resources())
      .filter(({ type }) => type.endsWith(":M2mOAuthClient"))
      .map(({ urn, id = "" }) => [urn.split("::").at(-1) ?? "", id]),
  );
const atCarto = () => Object.fromEntries(emulator.clients().map(({ client_id, title }) => [client_id, title]));

test("two stacks of the same name in different backends have clients of their own", async () => {
  await using one = await workspaceOf({ web: { name: "Web" } });
  await using other = await workspaceOf({ web: { name: "Web" } });
  await one.succeed("up");
  await other.succeed("up");
  const [first, second] = [await idsIn(one), await idsIn(other)];
  expect(second.web).not.toBe(first.web);
  await other.succeed("destroy");
  expect(atCarto()).toEqual({ [first.web ?? ""]: "Web" });
});

test("a new resource under a renamed one's old name gets a client of its own: by alias, and by pulumi state rename", async () => {
  await using workspace = await workspaceOf({ web: { name: "Web" } });
  await workspace.succeed("up");
  const { web: first = "" } = await idsIn(workspace);

  const portal = { name: "Web", options: '{ aliases: [{ name: "web" }] }' };
  await declare(workspace, { portal });
  await workspace.succeed("up");
  expect(await idsIn(workspace)).toEqual({ portal: first });
  await declare(workspace, { web: { name: "New" }, portal: { name: "Web" } });
  await workspace.succeed("up");
  const { web: second = "", portal: kept } = await idsIn(workspace);
  expect(kept).toBe(first);
  expect(atCarto()).toEqual({ [first]: "Web", [second]: "New" });

  const { urn = "" } = (await workspace.resources()).find((one) => one.urn.endsWith("::web")) ?? {};
  await workspace.succeed("state", "rename", urn, "shop", "--yes");
  await declare(workspace, { web: { name: "Newer" }, portal: { name: "Web" }, shop: { name: "New" } });
  await workspace.succeed("up", "--target", urn);
  await workspace.succeed("up");
  const { web: third = "", ...others } = await idsIn(workspace);
  expect(others).toEqual({ portal: first, shop: second });
  expect(atCarto()).toEqual({ [first]: "Web", [second]: "New", [third]: "Newer" });
});

test("two resources with one client are an error in that very run, where the state could not be read, and the message's way out works", async () => {
  await using workspace = await workspaceOf({ web: { name: "Web" } });
  await workspace.succeed("up");
  const { web: first = "" } = await idsIn(workspace);
  await declare(workspace, { portal: { name: "Web", options: '{ aliases: [{ name: "web" }] }' } });
  await workspace.succeed("up");

  // A new one under the old name, whose create is answered while the file of the state is away. The engine writes it again.
  const program = (name: string) => `
import { M2mOAuthClient } from "pulumi-carto";
const other = new M2mOAuthClient("${name}", { name: "Web" });
new M2mOAuthClient("portal", { name: "Web" }, { dependsOn: other });`;
  await workspace.write({ "index.ts": program("web") });
  emulator.faults.add({ call: "createOAuthClient", fault: "delay", delayMs: 8_000, when: "after", times: 1 });
  const creates = () => emulator.requests()[`POST ${CLIENTS}`] ?? 0;
  const before = creates();
  const running = workspace.pulumi("up");
  await expect.poll(creates, { timeout: 60_000 }).toBe(before + 1);
  const state = join(workspace.directory, "backend", ".pulumi", "stacks", "test", "test.json");
  await rename(state, `${state}.away`);
  const { code, stdout, stderr } = await running;
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain(
    `OAuth client ${first} ("Web") is in the state already, but in this run it was given to another resource, which declares the name "Web". ` +
      "Remove the newer one from the state (`pulumi state delete`), and give it another logical name.",
  );
  expect(atCarto()).toEqual({ [first]: "Web" });

  const { urn = "" } = (await workspace.resources()).find((one) => one.urn.endsWith("::web")) ?? {};
  await workspace.succeed("state", "delete", urn, "--yes");
  await workspace.write({ "index.ts": program("shop") });
  await workspace.succeed("up");
  const { portal, shop = "" } = await idsIn(workspace);
  expect(portal).toBe(first);
  expect(atCarto()).toEqual({ [first]: "Web", [shop]: "Web" });
  await workspace.succeed("preview", "--expect-no-changes");
});

test("a rotation whose trigger is secret, or not known before up, is made exactly once, and the trigger is stored nowhere", async () => {
  const rotating = (key: string, secret: string) => `
import * as pulumi from "@pulumi/pulumi";
import { M2mOAuthClient } from "pulumi-carto";
const key = new M2mOAuthClient("key", { name: "Key", rotationTrigger: "${key}" });
new M2mOAuthClient("late", { name: "Late", rotationTrigger: key.clientId });
new M2mOAuthClient("hidden", { name: "Hidden", rotationTrigger: pulumi.secret("${secret}") });`;
  await using workspace = await pulumiWorkspace({ files: rotating("1", "planted-one"), env: emulator.env });
  await workspace.succeed("up");
  await workspace.succeed("preview", "--expect-no-changes");
  const before = await idsIn(workspace);
  await workspace.write({ "index.ts": rotating("2", "planted-two") });
  const preview = await workspace.succeed("preview");
  expect(preview.stdout).toContain("3 to replace");
  // More often than two that run side by side send theirs.
  emulator.faults.add({ call: "createOAuthClient", fault: "status", status: 504, when: "after", times: 20 });
  let up = await workspace.pulumi("up");
  expect(up.code).not.toBe(0);
  emulator.faults.clear();
  up = await workspace.succeed("up");
  const after = await idsIn(workspace);
  expect(Object.keys(after).toSorted()).toEqual(["hidden", "key", "late"]);
  for (const name of ["hidden", "key", "late"]) expect(after[name]).not.toBe(before[name]);
  expect(Object.keys(atCarto()).toSorted()).toEqual(Object.values(after).toSorted());
  await workspace.succeed("preview", "--expect-no-changes");
  const told = [preview, up].map(({ stdout, stderr, events }) => stdout + stderr + JSON.stringify(events)).join();
  expect(told + (await workspace.storedText())).not.toContain("planted-");
});

test("a destroy that fails at a client takes the stack's identity along: the next up finds what is left, and an interrupted one is found again", async () => {
  const kept = { name: "Kept", deletionProtection: true };
  await using workspace = await workspaceOf({ kept, gone: { name: "Gone" } });
  await workspace.succeed("up");
  const identity = async () => (await workspace.resources()).find(({ type }) => type === "pulumi:index:Stash");
  const [before, first] = [await idsIn(workspace), await identity()];
  expect((await workspace.pulumi("destroy")).code).not.toBe(0);
  expect(await idsIn(workspace)).toEqual({ kept: before.kept });
  expect(await identity()).toBeUndefined();

  // Every answer to the create is lost, and the next up finds its client by the new identity.
  emulator.faults.add({ call: "createOAuthClient", fault: "status", status: 504, when: "after", times: 5 });
  expect((await workspace.pulumi("up")).code).not.toBe(0);
  emulator.faults.clear();
  const second = await identity();
  expect(second?.outputs?.output).not.toBe(first?.outputs?.output);
  await workspace.succeed("up");
  const after = await idsIn(workspace);
  expect(after.kept).toBe(before.kept);
  expect(after.gone).not.toBe(before.gone);
  expect(atCarto()).toEqual({ [after.kept ?? ""]: "Kept", [after.gone ?? ""]: "Gone" });
  expect(await identity()).toEqual(second);
  await workspace.succeed("preview", "--expect-no-changes");
  // A rotation of the one that was made under the old identity is made once, too.
  await declare(workspace, { kept: { name: "Kept" }, gone: { name: "Gone" } });
  await workspace.succeed("up");
  await declare(workspace, { kept: { name: "Kept", rotationTrigger: "1" }, gone: { name: "Gone" } });
  emulator.faults.add({ call: "createOAuthClient", fault: "status", status: 504, when: "after", times: 5 });
  expect((await workspace.pulumi("up")).code).not.toBe(0);
  emulator.faults.clear();
  await workspace.succeed("up");
  expect(Object.values(atCarto()).toSorted()).toEqual(["Gone", "Kept"]);
  await workspace.succeed("destroy");
  expect(atCarto()).toEqual({});
});

test("after pulumi state delete an up takes the client over, and says so with its ID", async () => {
  await using workspace = await workspaceOf({ web: { name: "Web" } });
  await workspace.succeed("up");
  const { web = "" } = await idsIn(workspace);
  const { urn = "" } = (await workspace.resources()).at(-1) ?? {};
  await workspace.succeed("state", "delete", urn, "--yes");
  const { stdout } = await workspace.succeed("up");
  expect(stdout).toContain(`warning: OAuth client ${web} ("Web") was not created but adopted: it has existed since `);
  expect(atCarto()).toEqual({ [web]: "Web" });
  expect((await workspace.succeed("preview", "--expect-no-changes")).stdout).not.toContain("warning");
});

test("drift that a refresh has found, then a rotation whose answers are lost, leave no orphan", async () => {
  await using workspace = await workspaceOf({ web: { name: "Web" } });
  await workspace.succeed("up");
  const { web = "" } = await idsIn(workspace);
  const session = await CartoSession.open(emulator);
  await session.call("PATCH", `${CLIENTS}/${web}`, { title: "By hand" });
  await workspace.succeed("refresh");
  await declare(workspace, { web: { name: "Web", rotationTrigger: "a" } });
  emulator.faults.add({ call: "createOAuthClient", fault: "status", status: 504, when: "after", times: 5 });
  expect((await workspace.pulumi("up")).code).not.toBe(0);
  await session.call("DELETE", `${CLIENTS}/${web}`);
  await workspace.succeed("up", "--refresh");
  const ids = await idsIn(workspace);
  expect(atCarto()).toEqual({ [ids.web ?? ""]: "Web" });
});

test("a client that was rotated away and retained does not come back after destroy and up", async () => {
  const options = "{ retainOnDelete: true }";
  await using workspace = await workspaceOf({ web: { name: "Web", options } });
  await workspace.succeed("up");
  const { web: leaked } = await idsIn(workspace);
  await declare(workspace, { web: { name: "Web", rotationTrigger: "leaked", options } });
  await workspace.succeed("up");
  await workspace.succeed("destroy");
  await workspace.succeed("up");
  expect((await idsIn(workspace)).web).not.toBe(leaked);
});

test("an up --target of a stack without identity says what to do, and refuses no client that is there", async () => {
  await using workspace = await workspaceOf({ web: { name: "Web" } });
  const urn = "urn:pulumi:test::test::pulumi-nodejs:dynamic/carto:M2mOAuthClient::web";
  const { code, stdout, stderr } = await workspace.pulumi("up", "--target", urn);
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain(
    'Creating OAuth client "Web": its idempotency key is missing, because the stack has no identity yet. Run `pulumi up` once without --target; then this works.',
  );
  expect(atCarto()).toEqual({});
  await workspace.succeed("up");
  await declare(workspace, { web: { name: "Web 2" } });
  await workspace.succeed("up", "--target", urn);
  expect(Object.values(atCarto())).toEqual(["Web 2"]);
});

test("the stack's identity is made once and stays, and a plan made before it holds", async () => {
  await using workspace = await workspaceOf({ web: { name: "Web" } });
  workspace.env.PULUMI_EXPERIMENTAL = "true";
  await workspace.succeed("preview", "--save-plan", "plan.json");
  await workspace.succeed("up", "--plan", "plan.json");
  const identity = async () => (await workspace.resources()).find(({ type }) => type === "pulumi:index:Stash");
  const made = await identity();
  expect(made?.outputs?.output).toMatch(/^[0-9a-f-]{36}$/);
  await workspace.succeed("up", "--refresh");
  await declare(workspace, { web: { name: "Web 2" } });
  await workspace.succeed("preview", "--save-plan", "plan.json");
  await workspace.succeed("up", "--plan", "plan.json");
  expect(await identity()).toEqual(made);
});
