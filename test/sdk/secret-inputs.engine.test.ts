import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const program = (host: string, more = "") => `
import * as pulumi from "@pulumi/pulumi";
import { SpaOAuthClient } from "pulumi-carto";
const app = new SpaOAuthClient("app", {
  name: "App",
  applicationLoginUrl: pulumi.secret("https://${host}.example.com/login"),
  ${more}
});
export const lists = [app.allowedCallbackUrls, app.allowedLogoutUrls, app.allowedWebOrigins, app.allowedOrigins];
`;

test("what follows from a secret login URL is secret: in the state, in every diff, in the output and in refreshes", async () => {
  await using emulator = await startEmulator();
  await using workspace = await pulumiWorkspace({ files: program("planted-one"), env: emulator.env });
  let printed = "";
  const run = async (...args: string[]) => {
    const { stdout, stderr, events } = await workspace.succeed(...args);
    printed += stdout + stderr + JSON.stringify(events);
  };
  await run("preview", "--diff");
  await run("up", "--diff");
  await run("preview", "--expect-no-changes");
  await workspace.write({ "index.ts": program("planted-two") });
  await run("preview", "--diff");
  await run("up", "--diff");
  await run("refresh", "--diff");
  await run("up", "--expect-no-changes");
  expect(emulator.clients()).toMatchObject([{ web_origins: ["https://planted-two.example.com"] }]);
  expect((await workspace.outputs()).lists).toContainEqual(["https://planted-two.example.com/login"]);
  expect(printed).not.toContain("planted-");
  expect(await workspace.storedText()).not.toContain("planted-");
});

test("a secret input that breaks a rule, or earns advice, is not quoted", async () => {
  await using emulator = await startEmulator();
  const refused = program("planted-one", `allowedCallbackUrls: ["https://*.*.planted-one.example.com/"],`);
  await using workspace = await pulumiWorkspace({ files: refused, env: emulator.env });
  const failed = await workspace.pulumi("preview");
  expect(failed.code).not.toBe(0);
  expect(failed.stdout).toContain(
    "allowedCallbackUrls[0]: breaks a rule; values are not shown, as inputs are secret (single-wildcard)",
  );
  await workspace.write({ "index.ts": program("planted-one", `allowedCallbackUrls: ["https://b.example.com/"],`) });
  const advised = await workspace.succeed("preview");
  expect(advised.stdout).toContain("(login-url-not-in-callbacks)");
  const told = [failed, advised].map(({ stdout, stderr, events }) => stdout + stderr + JSON.stringify(events)).join();
  expect(told).not.toContain("planted-");
});

const robot = (name: string, more = "") => `
import * as pulumi from "@pulumi/pulumi";
import { M2mOAuthClient } from "pulumi-carto";
new M2mOAuthClient("robot", { name: ${name}, ${more} });
`;

test("a secret name is in no message: of a lost update, a refused deletion, a rotation, a refusal by CARTO", async () => {
  await using emulator = await startEmulator();
  const secret = (name: string) => `pulumi.secret("planted-${name}")`;
  await using workspace = await pulumiWorkspace({ files: robot(secret("one")), env: emulator.env });
  let printed = "";
  const run = async (code: "ok" | "fails", ...args: string[]) => {
    const result = await workspace.pulumi(...args);
    const text = result.stdout + result.stderr;
    expect(result.code === 0 ? "ok" : "fails", text).toBe(code);
    printed += text + JSON.stringify(result.events);
    return text;
  };
  await run("ok", "up");
  const [id] = emulator.clients().map(({ client_id }) => client_id);
  await run("ok", "preview", "--expect-no-changes");

  await workspace.write({ "index.ts": robot(secret("two"), "deletionProtection: true") });
  emulator.faults.add({ call: "updateOAuthClient", fault: "status", status: 504, when: "after", times: 5 });
  expect(await run("fails", "up")).toContain(`OAuth client ${id} ("(secret)")`);
  await run("ok", "up");
  expect(await run("fails", "destroy")).toContain(`OAuth client ${id} ("(secret)") has deletionProtection`);
  await workspace.write({ "index.ts": robot(secret("two"), "deletionProtection: false") });
  await run("ok", "up");
  await workspace.write({ "index.ts": robot(secret("two"), 'rotationTrigger: "1"') });
  expect(await run("ok", "preview")).toContain(`OAuth client ${id} ("(secret)") is replaced`);

  // What CARTO says about a value is not ours to trust: a cut secret is found by no search for the whole one.
  const words = `${"x".repeat(150)} planted-three, which is ${"y".repeat(50)}`;
  const body = {
    error: "invalid_request",
    description: words.slice(20),
    issues: [{ path: "title", message: words.slice(30, 160) }],
  };
  emulator.faults.add({ call: "updateOAuthClient", fault: "status", status: 400, body, times: 1 });
  await workspace.write({ "index.ts": robot(secret("three")) });
  const hidden = "not shown, as inputs are secret";
  expect(await run("fails", "up")).toContain(
    `CARTO refused the request (400): name: ${hidden}. Correct the declaration. What the server says is ${hidden}.`,
  );
  await run("ok", "refresh");
  await run("ok", "destroy");
  expect(emulator.clients()).toEqual([]);
  expect(printed).not.toContain("planted-");
  expect(await workspace.storedText()).not.toContain("planted-");
});

test("a name that becomes secret changes nothing in a state that did not know it", async () => {
  await using emulator = await startEmulator();
  await using workspace = await pulumiWorkspace({ files: robot('"Robot"'), env: emulator.env });
  await workspace.succeed("up");
  await workspace.write({ "index.ts": robot('pulumi.secret("Robot")') });
  await workspace.succeed("preview", "--expect-no-changes");
  await workspace.succeed("up", "--expect-no-changes");
});
