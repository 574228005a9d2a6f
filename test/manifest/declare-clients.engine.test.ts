import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const PROGRAM = `
import { SpaOAuthClient } from "pulumi-carto";
import { declareClients } from "pulumi-carto/manifest";

const clients = declareClients("clients.yaml");
const own = new SpaOAuthClient("own", { name: "Beside", applicationLoginUrl: "https://own.example.com/" });
export const ids = Object.fromEntries(Object.entries({ ...clients, own }).map(([name, { clientId }]) => [name, clientId]));
`;

const manifest = (url: string) => `version: 1
variables: { TEAM: }
clients:
  web: { kind: spa, name: "Web of \${stack}", applicationLoginUrl: "https://web.example.com/" }
  robot: { kind: m2m, name: Robot }
environments:
  test:
    tenant: { accountsUrl: "${url}", authUrl: "${url}" }
    clients: { robot: { name: "Robot of \${TEAM}" } }
`;

test("a program declares its stack's environment in the environment's tenant, next to its own resources", async () => {
  const [home, other] = [await startEmulator(), await startEmulator()];
  await using workspace = await pulumiWorkspace({
    files: { "index.ts": PROGRAM, "clients.yaml": manifest(other.url) },
    env: { ...home.env, TEAM: "maps", CARTO_TRUSTED_HOSTS: new URL(other.url).host },
  });
  try {
    await workspace.succeed("up");
    const clientIds = Object.fromEntries(other.clients().map(({ title, client_id }) => [title, client_id]));
    expect(await workspace.outputs()).toEqual({
      ids: {
        web: clientIds["Web of test"],
        robot: clientIds["Robot of maps"],
        own: home.clients()[0]?.client_id,
      },
    });

    workspace.env.CARTO_TRUSTED_HOSTS = "acme.example";
    const refused = await workspace.pulumi("preview");
    expect(refused.code).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain(
      `clients.yaml:8:63 environments.test.tenant.authUrl: the host ${new URL(other.url).host}, which tenant.authUrl of the manifest names, is not trusted with credentials`,
    );

    await workspace.write({
      "clients.yaml": manifest(other.url).replace("https://web", "ftp://web").replace("kind: m2m, ", ""),
    });
    const broken = await workspace.pulumi("preview");
    expect(broken.code).not.toBe(0);
    expect(broken.stdout + broken.stderr).toContain("clients.yaml:4:67 clients.web.applicationLoginUrl: ");
    expect(broken.stdout + broken.stderr).toContain(
      'clients.yaml:5:3 clients.robot.kind: is missing: write "spa" or "m2m"',
    );
  } finally {
    await Promise.all([home.close(), other.close()]);
  }
});
