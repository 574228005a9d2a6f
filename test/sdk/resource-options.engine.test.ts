import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

test("ignoreChanges keeps what it names", async () => {
  await using emulator = await startEmulator();
  const plain = (url: string, option: string) => `
import { SpaOAuthClient } from "pulumi-carto";
new SpaOAuthClient("app", { name: "App", applicationLoginUrl: "${url}" }, ${option});`;
  const ignoring = `{ ignoreChanges: ["allowedCallbackUrls", "allowedWebOrigins"] }`;
  await using workspace = await pulumiWorkspace({
    files: plain("https://a.example.com/", ignoring),
    env: emulator.env,
  });
  await workspace.succeed("up");
  await workspace.write({ "index.ts": plain("https://b.example.com/", ignoring) });
  await workspace.succeed("up");
  expect(emulator.clients()).toMatchObject([
    {
      login_uri: "https://b.example.com/",
      callbacks: ["https://a.example.com/"],
      logout_urls: ["https://b.example.com/"],
      web_origins: ["https://a.example.com"],
    },
  ]);
});

const robot = (name: string, options: string, more = "") => `
import { M2mOAuthClient } from "pulumi-carto";
new M2mOAuthClient("robot", { name: "${name}", ${more} }, ${options});`;

test("replaceOnChanges replaces for what it names, exactly once after a lost answer, never a protected client, and updates for the rest", async () => {
  await using emulator = await startEmulator();
  const onName = `{ replaceOnChanges: ["name"] }`;
  await using workspace = await pulumiWorkspace({ files: robot("One", "{}"), env: emulator.env });
  const ids = () => emulator.clients().map(({ client_id }) => client_id);
  await workspace.succeed("up");
  const [first] = ids();
  // The option alone changes nothing.
  await workspace.write({ "index.ts": robot("One", onName) });
  await workspace.succeed("preview", "--expect-no-changes");
  await workspace.write({ "index.ts": robot("Two", onName) });
  const preview = await workspace.succeed("preview");
  expect(preview.stdout).toContain(`OAuth client ${first} ("One") is replaced`);
  expect(preview.stdout).toContain("1 to replace");
  emulator.faults.add({ call: "createOAuthClient", fault: "status", status: 504, when: "after", times: 5 });
  expect((await workspace.pulumi("up")).code).not.toBe(0);
  await workspace.succeed("up");
  const [second] = ids();
  expect(ids()).toHaveLength(1);
  expect(second).not.toBe(first);
  await workspace.succeed("preview", "--expect-no-changes");

  await workspace.write({ "index.ts": robot("Two", onName, "deletionProtection: true") });
  await workspace.succeed("up");
  await workspace.write({ "index.ts": robot("Three", `{ replaceOnChanges: ["*"] }`, "deletionProtection: true") });
  const refused = await workspace.pulumi("preview");
  expect(refused.code).not.toBe(0);
  expect(refused.stdout + refused.stderr).toContain("has deletionProtection: to replace it would stop");
  await workspace.write({ "index.ts": robot("Three", "{}", "deletionProtection: true") });
  await workspace.succeed("up");
  expect(ids()).toEqual([second]);

  await workspace.write({ "index.ts": robot("Three", `{ replaceOnChanges: ["nmae"] }`) });
  const misspelt = await workspace.pulumi("preview");
  expect(misspelt.stdout + misspelt.stderr).toContain(
    'M2mOAuthClient "robot": replaceOnChanges names "nmae", which is not a property at CARTO. Did you mean "name"?',
  );
});
