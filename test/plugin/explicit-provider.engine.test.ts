import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const client = (name: string, provider: string) => ({
  type: "carto:M2mOAuthClient",
  properties: { name },
  options: { provider: `\${${provider}}` },
});

test("a YAML program declares clients of two tenants, each with a provider of its own", async () => {
  await using first = await startEmulator();
  await using second = await startEmulator();
  const provider = ({ env }: typeof first) => ({
    type: "pulumi:providers:carto",
    properties: {
      accountsUrl: env.CARTO_ACCOUNTS_URL,
      authUrl: env.CARTO_AUTH_URL,
      clientId: env.CARTO_M2M_CLIENT_ID,
      clientSecret: env.CARTO_M2M_CLIENT_SECRET,
    },
  });
  const resources = {
    one: provider(first),
    two: provider(second),
    a: client("A", "one"),
    b: client("B", "two"),
  };
  await using workspace = await pulumiWorkspace({
    files: { "Pulumi.yaml": JSON.stringify({ name: "test", runtime: "yaml", resources }) },
    language: "yaml",
    plugin: true,
  });
  await workspace.succeed("up");
  const titles = [first, second].map((tenant) => tenant.clients().map(({ title }) => title));
  expect(titles).toEqual([["A"], ["B"]]);
  await workspace.succeed("destroy");
  expect([...first.clients(), ...second.clients()]).toEqual([]);
});
