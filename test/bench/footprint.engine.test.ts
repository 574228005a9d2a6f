import { watch } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

/*
 * What makes large stacks slow, counted instead of timed: bytes in the state, writes of the whole state, calls to CARTO.
 */

const CLIENTS = 12;
const OAUTH_CLIENTS = "/workspace-api/credentials/oauth-clients";

const program = (name: string) => `
import { SpaOAuthClient } from "pulumi-carto";
for (let index = 0; index < ${CLIENTS}; index++) {
  const applicationLoginUrl = \`https://app-\${index}.example.com/\`;
  new SpaOAuthClient(\`client-\${index}\`, { name: index ? "Client" : ${JSON.stringify(name)}, applicationLoginUrl });
}
`;

test("clients are small in the state, and no operation calls CARTO or rewrites the state more often than it has to", async () => {
  const emulator = await startEmulator();
  const env = { ...emulator.env, CARTO_CREDENTIALS_URL: `${emulator.url}/workspace-api` };
  await using workspace = await pulumiWorkspace({ files: program("Client"), env });
  let writes = 0;
  const watcher = watch(join(workspace.directory, "backend/.pulumi/stacks/test"), (event, name) => {
    if (event === "rename" && name === "test.json") writes++;
  });
  try {
    const calls = async (...command: string[]) => {
      writes = 0;
      emulator.resetRequests();
      await workspace.succeed(...command);
      const requests = Object.entries(emulator.requests()).filter(([route]) => route.includes(OAUTH_CLIENTS));
      return Object.fromEntries(requests.map(([route, count]) => [route.replace(OAUTH_CLIENTS, ""), count]));
    };
    expect(await calls("up")).toEqual({ "POST ": CLIENTS });
    expect(await calls("preview")).toEqual({});
    expect(await calls("up")).toEqual({});
    const unchanged = writes;
    expect(await calls("refresh")).toEqual({ "GET ": 1 });
    await workspace.write({ "index.ts": program("Client, renamed") });
    expect(await calls("up")).toEqual({ "PATCH /{client_id}": 1 });
    // Two for the update itself, whatever the number of unchanged clients.
    expect(writes - unchanged).toBe(2);

    const clients = (await workspace.resources()).filter(({ type }) => type.endsWith(":SpaOAuthClient"));
    expect(clients).toHaveLength(CLIENTS);
    for (const client of clients) {
      expect(Buffer.byteLength(JSON.stringify(client))).toBeLessThan(1800);
      expect(client.inputs?.__provider.length).toBeLessThanOrEqual(120);
    }
    expect(new Set(clients.map(({ outputs }) => outputs?.__provider)).size).toBe(1);
    expect(await calls("destroy")).toEqual({ "DELETE /{client_id}": CLIENTS });
  } finally {
    watcher.close();
    await emulator.close();
  }
});
