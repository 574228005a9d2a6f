import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { CartoSession } from "../../harness/carto-session.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";
import { CLIENTS } from "./lifecycle-fixture.ts";

/*
 * state-0.1.0.json is what 0.1.0 wrote for this program after a rotation of the robot, without positions in source.
 */

const program = (trigger: string) => `
import { M2mOAuthClient, SpaOAuthClient } from "pulumi-carto";
new SpaOAuthClient("web", { name: "Web", applicationLoginUrl: "https://app.example.com/" });
new M2mOAuthClient("robot", { name: "Robot", rotationTrigger: "${trigger}" });
`;

test("a stack of 0.1.0 is unchanged, gets an identity with the next up, and goes on from there", async () => {
  await using emulator = await startEmulator();
  await using workspace = await pulumiWorkspace({ files: program("1"), env: emulator.env });
  const session = await CartoSession.open(emulator);
  const create = async (body: object) => (await session.call("POST", CLIENTS, body)).body;
  const web = await create({ type: "spa", title: "Web", login_uri: "https://app.example.com/" });
  const robot = await create({ type: "m2m", title: "Robot" });
  const text = (await readFile(new URL("state-0.1.0.json", import.meta.url), "utf8"))
    .replaceAll("ID_OF_WEB", web.client_id)
    .replaceAll("ID_OF_ROBOT", robot.client_id)
    .replaceAll("SECRET_OF_WEB", web.client_secret)
    .replaceAll("SECRET_OF_ROBOT", robot.client_secret);
  const exported = JSON.parse((await workspace.succeed("stack", "export")).stdout);
  exported.deployment.resources = JSON.parse(text);
  await workspace.write({ "state.json": JSON.stringify(exported) });
  await workspace.succeed("stack", "import", "--file", "state.json");

  const idsAtCarto = () => emulator.clients().map(({ client_id }) => client_id);
  const before = idsAtCarto();
  workspace.env.PULUMI_EXPERIMENTAL = "true";
  const preview = await workspace.succeed("preview", "--save-plan", "plan.json", "--refresh");
  expect(preview.stdout).toMatch(/\+ 1 to create\n +3 unchanged/);
  await workspace.succeed("up", "--plan", "plan.json", "--refresh");
  expect(idsAtCarto()).toEqual(before);
  await workspace.succeed("preview", "--expect-no-changes");

  await workspace.write({ "index.ts": program("2") });
  emulator.faults.add({ call: "createOAuthClient", fault: "status", status: 504, when: "after", times: 5 });
  expect((await workspace.pulumi("up")).code).not.toBe(0);
  emulator.faults.clear();
  await workspace.succeed("up");
  const inState = (await workspace.resources()).filter(({ type }) => type.includes("dynamic/carto:"));
  expect(inState.map(({ id }) => id).sort()).toEqual(idsAtCarto().sort());
  expect(idsAtCarto()).toHaveLength(2);
  expect(idsAtCarto()).toContain(web.client_id);
  expect(idsAtCarto()).not.toContain(robot.client_id);
});
