import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { CartoSession } from "../../harness/carto-session.ts";
import { PlantedSecrets } from "../../harness/planted-secrets.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

/** Every input of every kind that may be secret is one. */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { ApiAccessToken, Application, M2mOAuthClient, SpaOAuthClient } from "pulumi-carto";
const secret = (name: string) => pulumi.secret(process.env["PLANTED_" + name] ?? "");
const options = { protect: false };
export const spa = new SpaOAuthClient("spa", {
  name: secret("SPA_NAME"),
  applicationLoginUrl: secret("LOGIN_URL"),
  allowedCallbackUrls: [secret("CALLBACK_URL"), secret("WILDCARD_URL")],
  allowedLogoutUrls: [secret("LOGOUT_URL")],
  allow: [{ rule: "wildcard", url: secret("WILDCARD_URL"), reason: secret("REASON") }],
}, options).clientSecret;
export const m2m = new M2mOAuthClient("m2m", {
  name: secret("M2M_NAME"),
  rotationTrigger: secret("TRIGGER"),
  deletionProtection: process.env.PROTECT === "true",
}).clientSecret;
export const token = new ApiAccessToken("token", {
  name: secret("TOKEN_NAME"),
  grants: [{ connectionName: "carto_dw", source: secret("SOURCE") }],
  allowedApis: ["sql"],
  referers: [secret("REFERER")],
  expirationDate: "${new Date().getFullYear() + 1}-01-01T00:00:00Z",
}).token;
export const app = new Application("app", {
  name: secret("APP_NAME"),
  description: secret("DESCRIPTION"),
  appUrl: secret("APP_URL"),
  thumbnailUrl: secret("THUMBNAIL_URL"),
}).appUrl;
`;

/** With characters that JSON, HTML, URLs and Base64 write otherwise. */
const values = (round: number): Record<string, string> => ({
  SPA_NAME: `Plänted & spa name? ${round}`,
  LOGIN_URL: `https://planted-login${round}.example.com/a?b=c&d=%20e`,
  CALLBACK_URL: `https://planted-callback${round}.example.com/?a=???~~~&b=%C3%BC`,
  WILDCARD_URL: `https://*.planted-wildcard${round}.example.com/`,
  LOGOUT_URL: `https://planted-logout${round}.example.com/`,
  REASON: `planted & reason ${round}`,
  M2M_NAME: `Plänted & m2m name? ${round}`,
  TRIGGER: `planted-trigger-${round}`,
  TOKEN_NAME: `Planted & token name ${round}`,
  SOURCE: `SELECT * FROM carto.demo.points WHERE 'planted & source' <> '${round}'`,
  REFERER: `https://planted-referer${round}.example.com`,
  APP_NAME: `Plänted & app name? ${round}`,
  DESCRIPTION: `planted & description ${round}`,
  APP_URL: `https://planted-app${round}.example.com/?a=???~~~&b=%C3%BC`,
  THUMBNAIL_URL: `https://planted-thumbnail${round}.example.com/a.png`,
});

test("no secret input, client secret, token or passphrase is in what the engine prints or writes, whatever happens to a resource", async () => {
  const log: string[] = [];
  await using emulator = await startEmulator({ log: (line) => log.push(line) });
  const secrets = new PlantedSecrets();
  await using workspace = await pulumiWorkspace({ files: PROGRAM, env: emulator.env });
  const env: Record<string, string> = workspace.env;
  Object.assign(env, { TMPDIR: join(workspace.directory, "tmp"), XDG_RUNTIME_DIR: join(workspace.directory, "run") });
  await mkdir(env.TMPDIR ?? "");
  await mkdir(env.XDG_RUNTIME_DIR ?? "", { mode: 0o700 });
  const session = await CartoSession.open(emulator);
  secrets.add("the management client's secret", emulator.env.CARTO_M2M_CLIENT_SECRET ?? "");
  secrets.add("an access token", session.token);
  const plant = (round: number) => {
    for (const [name, value] of Object.entries(values(round))) {
      env[`PLANTED_${name}`] = value;
      secrets.add(`${name} ${round}`, value);
      if (value.startsWith("https://"))
        secrets.add(`host of ${name} ${round}`, new URL(value).hostname.replace("*.", ""));
    }
  };
  const found: string[] = [];
  let printed = "";
  const run = async (code: number | "any", ...args: string[]) => {
    const result = await workspace.pulumi(...args);
    const text = result.stdout + result.stderr;
    printed += text;
    expect([args, result.code === 0], text).toEqual([args, code === 0]);
    found.push(...secrets.in(text).map((what) => `${args.join(" ")}: ${what}`));
    return text;
  };

  plant(1);
  await run(0, "preview", "--diff");
  await run(0, "up", "--diff");
  for (const [name, value] of Object.entries(await workspace.outputs())) secrets.add(`output ${name}`, String(value));
  await run(0, "preview", "--json");
  await run(0, "stack");
  await run(0, "stack", "export");
  plant(2);
  Object.assign(env, { PROTECT: "true", PLANTED_TRIGGER: values(1).TRIGGER });
  await run(0, "preview", "--diff");
  await run(0, "up", "--diff");
  // A protected client is not replaced.
  Object.assign(env, { PLANTED_TRIGGER: values(2).TRIGGER });
  expect(await run(1, "up", "--diff")).toContain("has deletionProtection");
  Object.assign(env, { PROTECT: "false", PLANTED_TRIGGER: values(1).TRIGGER });
  await run(0, "up");
  Object.assign(env, { PLANTED_TRIGGER: values(2).TRIGGER });
  expect(await run(0, "up", "--diff")).toContain("is replaced");
  for (const [name, value] of Object.entries(await workspace.outputs()))
    secrets.add(`later output ${name}`, String(value));
  // CARTO refuses, and quotes in each refusal what the provider may not have been told yet; then the answer is lost.
  plant(3);
  const refusal = { fault: "status", status: 400, body: { error: "invalid_request", description: values(3).M2M_NAME } };
  for (const fault of [refusal, { fault: "reset", when: "after" }]) {
    for (const call of ["updateOAuthClient", "createApiToken", "updateApiToken", "updateApplication"]) {
      await session.call("POST", "/__emulator/faults", { call, ...fault });
    }
    await run(1, "up", "--diff", "--continue-on-error");
    await session.call("DELETE", "/__emulator/faults");
  }
  await run(0, "up");
  for (const client of emulator.clients()) {
    await session.call("PATCH", `/workspace-api/credentials/oauth-clients/${client.client_id}`, { title: "Drifted" });
  }
  await run(0, "refresh", "--diff");
  await run(0, "up", "--diff");
  await run(0, "destroy", "--diff");

  const { files, found: stored } = await secrets.below(workspace.directory);
  expect(found).toEqual([]);
  expect(stored).toEqual([]);
  expect(secrets.in(log.join("\n"))).toEqual([]);
  expect(secrets.size).toBeGreaterThan(60);
  expect([files > 40, printed.length > 10_000]).toEqual([true, true]);
});
