import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { type PulumiWorkspace, pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

/* What a pipeline sees when CARTO cannot or will not: one clear message, nothing created, nothing lost, no secret shown. */

const PROGRAM = `import { M2mOAuthClient } from "pulumi-carto";\nnew M2mOAuthClient("service", { name: "Service" });`;

let emulator: Emulator;
let workspace: PulumiWorkspace;

beforeAll(async () => {
  emulator = await startEmulator();
  workspace = await pulumiWorkspace({ files: PROGRAM });
});

afterAll(async () => {
  await workspace?.[Symbol.asyncDispose]();
  await emulator?.close();
});

async function refused(command: "preview" | "up", env: Record<string, string>): Promise<string> {
  for (const name of Object.keys(workspace.env)) if (name.startsWith("CARTO_")) delete workspace.env[name];
  Object.assign(workspace.env, env);
  const { code, stdout, stderr } = await workspace.pulumi(command);
  expect(code).not.toBe(0);
  expect(emulator.clients()).toEqual([]);
  for (const secret of [env.CARTO_M2M_CLIENT_SECRET, env.CARTO_API_TOKEN]) {
    if (secret) expect((stdout + stderr).includes(secret)).toBe(false);
  }
  return stdout;
}

test("without credentials the preview fails, naming every way to give them", async () => {
  expect(await refused("preview", {})).toContain(
    "CARTO credentials are missing. Give an access token (`pulumi config set --secret carto:accessToken …` or CARTO_API_TOKEN), " +
      "or an M2M OAuth client (`carto:clientId` with the secret `carto:clientSecret`, or CARTO_M2M_CLIENT_ID with " +
      "CARTO_M2M_CLIENT_SECRET), pass either to a CartoProvider, or log in with the CARTO CLI (`carto auth login`).",
  );
});

test("half of the credentials fail the preview, naming the other half", async () => {
  expect(await refused("preview", { CARTO_M2M_CLIENT_ID: "abc" })).toContain(
    "CARTO credentials in the environment are incomplete: CARTO_M2M_CLIENT_ID is set, CARTO_M2M_CLIENT_SECRET is not. Set both or neither.",
  );
});

test("a wrong secret is refused by the OAuth authority", async () => {
  const env = { ...emulator.env, CARTO_M2M_CLIENT_SECRET: "planted-wrong-secret-1234567890" };
  expect(await refused("up", env)).toContain(
    `The M2M OAuth client ${emulator.env.CARTO_M2M_CLIENT_ID} from the environment was refused an access token by ${emulator.url} (401, invalid_client: client authentication failed). ` +
      'Check the client ID, the client secret and the audience "carto-cloud-native-api".',
  );
});

test("a token with another audience is refused", async () => {
  const env = { ...emulator.env, CARTO_AUDIENCE: "emulator-other-api" };
  expect(await refused("up", env)).toContain(
    `The access token was refused by ${emulator.url} (401). Check that it has not expired and that its audience is`,
  );
});

test("an access token that CARTO does not take is refused and not shown", async () => {
  const env = { ...emulator.env, CARTO_API_TOKEN: "planted-token-1234567890" };
  expect(await refused("up", env)).toContain(`The access token was refused by ${emulator.url} (401).`);
});

test("an M2M OAuth client on a small plan is refused, naming the plan", async () => {
  expect(await refused("up", emulator.envFor("small"))).toContain(
    'Creating the M2M OAuth client "Service": the organization\'s plan does not include M2M OAuth clients (403). CARTO offers them from Enterprise Large on.',
  );
});

test("a viewer is refused", async () => {
  expect(await refused("up", emulator.envFor("viewer"))).toContain(
    'Creating the M2M OAuth client "Service": the calling user may not do this (403). Use the credentials of an Editor or above.',
  );
});

test("an API that cannot be reached is named", async () => {
  const env = { ...emulator.env, CARTO_AUTH_URL: "http://127.0.0.1:9" };
  expect(await refused("up", env)).toContain(
    "http://127.0.0.1:9 cannot be reached (ECONNREFUSED). Check the URL, the network and the proxy settings.",
  );
});

test("an answer that breaks the contract is refused, naming where", async () => {
  emulator.faults.add({ call: "createOAuthClient", fault: "status", status: 201, body: { client_id: 7 } });
  const output = await refused("up", emulator.env);
  expect(output).toContain(
    'Creating the M2M OAuth client "Service": the answer breaks the assumed contract at client_id, type, title',
  );
  emulator.faults.clear();
});
