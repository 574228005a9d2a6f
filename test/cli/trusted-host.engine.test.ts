import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";
import { RecordingProxy } from "../../harness/recording-proxy.ts";

const SECRETS = {
  CARTO_M2M_CLIENT_ID: "planted-client-id",
  CARTO_M2M_CLIENT_SECRET: "planted-client-secret",
};
const WEB = 'web: { kind: spa, name: Web, applicationLoginUrl: "https://web.example.com/" }';
/** Every subcommand that could send a credential. */
const COMMANDS = [
  ["check"],
  ["preview"],
  ["up", "--yes"],
  ["refresh"],
  ["destroy", "--yes"],
  ["export"],
  ["import"],
  ["unmanaged"],
  ["doctor"],
  ["report", "--format", "json"],
];

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
  for (const tenant of tenants) {
    await command.write({
      "clients.yaml": `version: 1\nclients:\n  ${WEB}\nenvironments:\n  prod: { tenant: { ${tenant} } }\n`,
    });
    for (const [name = "", ...options] of COMMANDS) {
      const { code, stdout, stderr } = await command.run([name, "--env", "prod", ...options]);
      expect([tenant, name, code]).toEqual([tenant, name, expect.toBeOneOf([2, 3])]);
      expect(stdout + stderr).toContain(`tenant.${tenant.split(":")[0]} of the manifest names`);
    }
  }
  expect(proxy.hosts).toEqual([]);
  expect(local.credentials).toEqual([]);
});

test("command, provider and doctor send nothing to a host that the tenant's config.yaml names", async () => {
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
  await command.write({ "clients.yaml": `version: 1\nclients:\n  ${WEB}\nenvironments: { prod: {} }\n` });
  const host = new URL(local.url).host;
  for (const name of ["preview", "up", "export", "import", "unmanaged", "doctor", "report"]) {
    const options = { up: ["--yes"], report: ["--format", "json"] }[name] ?? [];
    const { code, stdout, stderr } = await command.run([name, "--env", "prod", ...options]);
    expect([name, code]).toEqual([name, 1]);
    expect(stdout + stderr).toContain(
      `the host evil.example, which the config.yaml of ${host} names, is not trusted with credentials, so nothing was sent.`,
    );
    expect(stdout + stderr).not.toContain("planted-client-secret");
  }
  expect(proxy.hosts).toEqual([]);
  expect(new Set(local.credentials)).toEqual(new Set(["/oauth/token", "/users/me"]));
});
