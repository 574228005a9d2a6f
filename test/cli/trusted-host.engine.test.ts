import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { program } from "../../cli/usage/program.ts";
import "../../cli/usage/client-commands.ts";
import "../../cli/usage/environment-commands.ts";
import "../../cli/usage/manifest-commands.ts";
import "../../cli/usage/stack-commands.ts";
import "../../cli/usage/tool-commands.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";
import { RecordingProxy } from "../../harness/recording-proxy.ts";

const SECRETS = {
  CARTO_M2M_CLIENT_ID: "planted-client-id",
  CARTO_M2M_CLIENT_SECRET: "planted-client-secret",
};
const WEB = 'web: { kind: spa, name: Web, applicationLoginUrl: "https://web.example.com/" }';
const KINDS: Record<string, string> = {
  clients: WEB,
  tokens:
    "map: { kind: api-access-token, name: Map, grants: [{ connectionName: carto_dw, source: a.b.c }], allowedApis: [sql], referers: [https://a.example.com] }",
  applications: "app: { kind: application, name: App, appUrl: https://a.example.com/ }",
};

/** Every subcommand, with what lets it run unasked; undefined: it reads no manifest, or at most the names in it, and no credentials. */
const COMMANDS: Record<string, string[] | undefined> = {
  __complete: undefined,
  audit: undefined,
  cancel: ["--yes"],
  check: [],
  completion: undefined,
  destroy: ["--yes"],
  doctor: [],
  emulator: undefined,
  export: [],
  import: [],
  init: undefined,
  move: ["web", "clients.yaml", "--from", "e0", "--to", "e1", "--yes"],
  output: ["--show-secrets"],
  preview: [],
  refresh: [],
  report: ["--format", "json"],
  schema: undefined,
  stack: [],
  unmanaged: [],
  up: ["--yes"],
};

test("the table has every subcommand", () => {
  expect(program.commands.map((command) => command.name()).toSorted()).toEqual(Object.keys(COMMANDS));
});

/** A server on this machine that notes each request with a credential. */
async function localServer(answers: (path: string, url: string) => string | undefined) {
  const credentials: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    if (request.headers.authorization !== undefined || body.includes("planted")) credentials.push(request.url ?? "");
    const answer = answers(request.url ?? "", url);
    response.writeHead(answer === undefined ? 404 : 200).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    credentials,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("no subcommand sends a credential, or connects, to a host that only the manifest names", async () => {
  await using proxy = await RecordingProxy.start();
  await using local = await localServer(() => "{}");
  await using command = await PulumiCarto.create({ ...SECRETS, ...proxy.env });
  const tenants = [
    "authUrl: https://auth.evil.example",
    "authUrl: http://auth.carto.com",
    "accountsUrl: https://accounts.evil.example",
    "credentialsUrl: https://carto.com.evil.example/api",
    `authUrl: ${local.url}`,
  ];
  const environments = tenants.map((tenant, index) => `  e${index}: { tenant: { ${tenant} } }\n`).join("");
  const clients = Object.values(KINDS).join("\n  ");
  await command.write({
    "clients.yaml": `version: 1\nclients:\n  ${clients}\nenvironments:\n${environments}`,
    "old.yaml": "version: 1\nclients: {}\n",
  });
  for (const [name, options] of Object.entries(COMMANDS)) {
    if (options === undefined) continue;
    const chosen = name === "move" ? [] : ["--env", "e0,e1,e2,e3,e4"];
    const { code, stdout, stderr } = await command.run([name, ...options, ...chosen]);
    expect([name, code]).toEqual([name, expect.toBeOneOf([2, 3])]);
    for (const tenant of name === "move" ? tenants.slice(0, 2) : tenants) {
      const [setting = "", url = ""] = tenant.split(": ");
      expect([name, stdout + stderr]).toEqual([
        name,
        expect.stringContaining(`the host ${new URL(url).host}, which tenant.${setting} of the manifest names`),
      ]);
    }
  }
  expect((await command.run(["report", "--diff", "old.yaml", "clients.yaml", "--format", "json"])).code).toBe(0);
  expect(proxy.hosts).toEqual([]);
  expect(local.credentials).toEqual([]);
});

test("command, provider and doctor send nothing to a host that the tenant's config.yaml names, whichever API is wanted", async () => {
  await using proxy = await RecordingProxy.start();
  await using local = await localServer((path, url) => {
    const host = new URL(url).host;
    if (path === "/oauth/token")
      return '{ "access_token": "planted-token", "token_type": "Bearer", "expires_in": 3600 }';
    if (path === "/users/me") return `{ "user_id": "auth0|1", "user_metadata": { "tenant_domain": "${host}" } }`;
    if (path === "/config.yaml")
      return "apis: { baseUrl: https://evil.example/api, workspaceUrl: https://evil.example }";
    return undefined;
  });
  const named = { CARTO_AUTH_URL: local.url, CARTO_ACCOUNTS_URL: local.url };
  await using command = await PulumiCarto.create({ ...SECRETS, ...named, ...proxy.env });
  const host = new URL(local.url).host;
  const run = async (kind: string, name: string, ...options: string[]) => {
    await command.write({ "clients.yaml": `version: 1\nclients:\n  ${KINDS[kind]}\nenvironments: { prod: {} }\n` });
    const { code, stdout, stderr } = await command.run([name, "--env", "prod", ...options]);
    expect([kind, name, code]).toEqual([kind, name, 1]);
    expect([kind, name, stdout + stderr]).toEqual([
      kind,
      name,
      expect.stringContaining(
        `the host evil.example, which the config.yaml of ${host} names, is not trusted with credentials, so nothing was sent.`,
      ),
    ]);
    expect(stdout + stderr).not.toMatch(/planted-client-secret|planted-token/);
  };
  for (const kind of Object.keys(KINDS)) await run(kind, "up", "--yes");
  for (const name of ["preview", "export", "import", "unmanaged", "doctor"]) await run("clients", name);
  await run("clients", "import", "--all", "--yes", "--output", "all.yaml");
  await run("clients", "report", "--format", "json");
  expect(proxy.hosts).toEqual([]);
  expect(new Set(local.credentials)).toEqual(new Set(["/oauth/token", "/users/me"]));
});
