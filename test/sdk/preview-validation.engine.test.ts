import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { type PulumiWorkspace, pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

let emulator: Emulator;
let workspace: PulumiWorkspace;

beforeAll(async () => {
  emulator = await startEmulator();
  workspace = await pulumiWorkspace({ files: "", env: emulator.env });
});

afterAll(async () => {
  await workspace?.[Symbol.asyncDispose]();
  await emulator?.close();
});

async function preview(program: string) {
  const imports = `import * as pulumi from "@pulumi/pulumi";\nimport { M2mOAuthClient, SpaOAuthClient } from "pulumi-carto";\n`;
  await workspace.write({ "index.ts": imports + program });
  const { code, stdout, events } = await workspace.pulumi("preview");
  const messages = events
    .map(({ diagnosticEvent }) => diagnosticEvent)
    .filter((diagnostic) => ["error", "warning"].includes(diagnostic?.severity));
  return { code, stdout, messages: messages.map(({ severity, message }) => `${severity}: ${message.trimEnd()}`) };
}

test("twelve mistakes on three clients are all reported by one preview, with paths, and no API is called", async () => {
  const { code, stdout, messages } = await preview(`
    new SpaOAuthClient("shop", {
      name: "<Shop>",
      applicationLoginUrl: "https://*.example.com/login",
      allowedCallbackUrls: ["https://*.com/cb", "https://sub.*.example.com/cb", "https://*.*.example.com/cb"],
    } as any);
    new SpaOAuthClient("map", {
      name: "Map",
      applicationLoginUrl: "map.example.com",
      allowedLogoutUrls: ["https://user:pw@example.com/", "https://example.com/#bye"],
      allowedWebOrigins: ["https://example.com/"],
      allowedOrigins: "https://a.example.com, https://b.example.com",
    } as any);
    new M2mOAuthClient("import", { title: "Import" } as any);
  `);
  expect(code).not.toBe(0);
  expect(
    messages
      .join("\n")
      .match(/^ {2}\S+: .* \([a-z-]+\)$/gm)
      ?.map((line) => line.trim().replace(/: .*\(/, " ("))
      .sort(),
  ).toEqual([
    "allowedCallbackUrls[0] (wildcard-in-subdomain)",
    "allowedCallbackUrls[1] (wildcard-leftmost)",
    "allowedCallbackUrls[2] (single-wildcard)",
    "allowedLogoutUrls[0] (no-credentials)",
    "allowedLogoutUrls[1] (no-fragment)",
    "allowedOrigins (type)",
    "allowedWebOrigins[0] (origin-only)",
    "applicationLoginUrl (absolute-url)",
    "applicationLoginUrl (no-wildcard-in-login-url)",
    "name (name)",
    "name (required)",
    "title (unknown-property)",
  ]);
  expect(stdout).not.toContain("PromiseRejectionHandledWarning");
  expect(emulator.requests()).toEqual({});
});

test("what is unknown in a preview is skipped, and what is known is checked", async () => {
  const { code, messages } = await preview(`
    const service = new M2mOAuthClient("service", { name: "Service" });
    const url = pulumi.interpolate\`https://\${service.clientId}.example.com/\`;
    new SpaOAuthClient("login", { name: "Login", applicationLoginUrl: url });
    new SpaOAuthClient("list", { name: "List", applicationLoginUrl: "https://app.example.com/", allowedOrigins: url.apply((u) => [u]) });
    new SpaOAuthClient("element", {
      name: "Element",
      applicationLoginUrl: "https://app.example.com/",
      allowedCallbackUrls: [url, "https://sub.*.example.com/cb"],
    });
  `);
  expect(code).not.toBe(0);
  expect(messages).toEqual([
    'error: SpaOAuthClient "element" cannot be declared like this:\n' +
      '  allowedCallbackUrls[1]: "https://sub.*.example.com/cb" has its "*" in label 2 of the host, but CARTO\'s wildcard rule 3 allows it only in the first: write the host "*.sub.example.com", or list the hosts one by one. (wildcard-leftmost)',
  ]);
});

test("a URL that turns out wrong only during the update is refused before CARTO is asked", async () => {
  await workspace.write({
    "index.ts": `import { M2mOAuthClient, SpaOAuthClient } from "pulumi-carto";
      const service = new M2mOAuthClient("service", { name: "Service" });
      new SpaOAuthClient("late", { name: "Late", applicationLoginUrl: service.createdAt.apply(() => "ftp://late.example.com") });`,
  });
  const { code, stdout } = await workspace.pulumi("up");
  expect(code).not.toBe(0);
  expect(stdout).toContain('applicationLoginUrl: "ftp://late.example.com"');
  expect(emulator.clients().map(({ title }) => title)).toEqual(["Service"]);
});

test("advice is a warning on its resource, once, and fails nothing; the production policy refuses it", async () => {
  const program = `new SpaOAuthClient("shop", { name: "Shop", applicationLoginUrl: "https://shop.example.com/",
    allowedCallbackUrls: ["https://shop.example.com/", "https://*.preview.example.com/cb"],
    allowedWebOrigins: ["https://shop.example.com", "https://*.preview.example.com"], ...extra });`;
  const advised = await preview(`const extra = {};${program}`);
  expect(advised.code).toBe(0);
  expect(advised.messages).toEqual([
    'warning: allowedCallbackUrls[1]: "https://*.preview.example.com/cb" has a wildcard, which CARTO advises against in production: list the hosts. (wildcard)',
    'warning: allowedWebOrigins[1]: "https://*.preview.example.com" has a wildcard, which CARTO advises against in production: list the hosts. (wildcard)',
  ]);
  const refused = await preview(`const extra = { policy: "production" as const };${program}`);
  expect(refused.code).not.toBe(0);
  expect(refused.messages.join()).toContain("production policy");
  await workspace.setConfig("carto:policy", "production");
  expect((await preview(`const extra = {};${program}`)).code).not.toBe(0);
});

test("a refused client whose outputs are exported is reported without warnings from Node", async () => {
  const { stdout } = await preview(`
    export const { clientId, clientSecret } = new SpaOAuthClient("web", { name: "Web", applicationLoginUrl: "htps://x" });
  `);
  expect(stdout).toContain("(http-or-https)");
  expect(stdout).not.toContain("Warning");
});
