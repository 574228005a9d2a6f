import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

const manifest = (url: string) => `version: 1
clients:
  maps:
    kind: spa
    name: Field maps
    application: { appUrl: ${url}, sharing: { groups: [Analysts] } }
  job:
    kind: m2m
    name: Job
    application: { appUrl: https://job.example.com/, name: Jobs }
environments: { dev: {} }
`;

test("a client's application block is applied, moved and destroyed with its client", async () => {
  const emulator = await startEmulator();
  try {
    await using command = await PulumiCarto.create(emulator.env);
    const run = async (url: string, ...args: string[]) => {
      await command.write({ "clients.yaml": manifest(url) });
      const result = await command.run([...args, "--env", "dev", "--json"]);
      expect(result.code, result.stdout + result.stderr).toBe(0);
      return JSON.parse(result.stdout).environments[0].summary;
    };
    expect(await run("https://maps.example.com/", "up", "--yes")).toMatchObject({ create: 4 });
    expect(emulator.applications().map(({ name, app_url }) => [name, app_url])).toEqual(
      expect.arrayContaining([
        ["Field maps", "https://maps.example.com/"],
        ["Jobs", "https://job.example.com/"],
      ]),
    );
    const spa = () => emulator.clients().find(({ title }) => title === "Field maps");
    expect(spa()).toMatchObject({ login_uri: "https://maps.example.com/", callbacks: ["https://maps.example.com/"] });
    expect(await run("https://new.example.com/", "up", "--yes")).toMatchObject({ update: 2, same: 2 });
    expect(spa()).toMatchObject({ login_uri: "https://new.example.com/", callbacks: ["https://new.example.com/"] });
    expect(await run("https://new.example.com/", "preview")).toMatchObject({ create: 0, update: 0, same: 4 });
    await command.write({
      "clients.yaml": manifest("https://new.example.com/").replace("Analysts", "Analysts, Analyst"),
    });
    const unknown = await command.run(["preview", "--env", "dev"]);
    expect([unknown.code, unknown.stdout + unknown.stderr]).toEqual([
      1,
      expect.stringContaining(
        'maps-application: sharing.groups[1]: "Analyst" is not a group of the organization: did you mean "Analysts"?',
      ),
    ]);
    expect(await run("https://new.example.com/", "destroy", "--yes")).toMatchObject({ delete: 4 });
    expect([emulator.applications(), emulator.clients()]).toEqual([[], []]);
  } finally {
    await emulator.close();
  }
});
