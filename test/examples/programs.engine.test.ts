import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { exampleFiles } from "../../harness/example.ts";
import { type PulumiWorkspace, pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

const open = async (name: string, main = "index.ts") =>
  pulumiWorkspace({ files: await exampleFiles(name), main, env: emulator.env });

const idOf = (title: string) => emulator.clients().find((client) => client.title === title)?.client_id;

/** Runs a script of the example with an output of the stack on stdin, as `pulumi stack output … | node …` does. */
function pipe(workspace: PulumiWorkspace, script: string, input: unknown, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [script], {
    cwd: workspace.directory,
    env: { ...workspace.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify(input));
  return child;
}

test("typescript: clients with lists of their own, and what CARTO would accept", async () => {
  await using workspace = await open("typescript");
  await workspace.succeed("up");
  expect(await workspace.outputs()).toEqual({
    previewMayLogIn: true,
    webClientId: idOf("Store locator (test)"),
    webOrigins: ["https://stores.example.com"],
    importClientId: idOf("Nightly import (test)"),
    importClientSecret: expect.stringMatching(/^\S{20,}$/),
  });
});

test("javascript: the same classes from CommonJS", async () => {
  await using workspace = await open("javascript", "index.js");
  await workspace.succeed("up");
  expect(await workspace.outputs()).toEqual({ clientId: idOf("Store locator") });
});

test("two-tenants: configured as its first lines say, each client is made in its own tenant", async () => {
  const america = await startEmulator();
  try {
    await using workspace = await open("two-tenants");
    const program = (await exampleFiles("two-tenants"))["index.ts"] ?? "";
    const lines = [...program.matchAll(/^\/\/ {3}(pulumi config set .*)$/gm)].map(([, line = ""]) => line);
    expect(lines).toHaveLength(8);
    const script = lines.join("\n").replaceAll("http://127.0.0.1:4010", emulator.url);
    const set = await workspace.run("bash", ["-ec", script.replaceAll("http://127.0.0.1:4020", america.url)]);
    expect(set.code, set.stderr).toBe(0);
    await workspace.succeed("up");
    expect(await workspace.outputs()).toEqual({
      clientIds: {
        europe: emulator.clients()[0]?.client_id,
        america: america.clients()[0]?.client_id,
      },
    });
    expect([emulator.clients().length, america.clients().length]).toEqual([1, 1]);
  } finally {
    await america.close();
  }
});

test("m2m-consumer: the consumer gets a token with the credentials that the stack hands it", async () => {
  await using workspace = await open("m2m-consumer");
  await workspace.succeed("up");
  const { consumer } = await workspace.outputs();
  const child = pipe(workspace, "consumer.mjs", consumer);
  expect(await text(child.stdout)).toBe("got a Bearer token for 86400 seconds\n");
});

test("token-server: the front end gets a token for one source, and no other", async () => {
  await using workspace = await open("token-server");
  await workspace.succeed("up");
  const { server } = await workspace.outputs();
  const child = pipe(workspace, "server.mjs", server, { PORT: "0", CARTO_API_BASE_URL: `${emulator.url}/api` });
  try {
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const url = /http:\S+/.exec(line.toString())?.[0] ?? "";
    const answer = await fetch(url);
    const { token } = (await answer.json()) as { token: string };
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const who = await fetch(`${emulator.url}/api/v3/whoami`, { headers: { Authorization: `Bearer ${token}` } });
    expect(await who.json()).toMatchObject({
      grants: [{ connection_name: "carto_dw", source: "carto-demo-data.demo_tables.retail_stores" }],
      allowed_apis: ["sql", "maps"],
    });
    await fetch(url);
    expect(emulator.requests()["POST /oauth/token"], "one for up, one for all map tokens").toBe(2);
  } finally {
    child.kill();
    await once(child, "close");
  }
});
