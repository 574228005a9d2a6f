import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { type PulumiWorkspace, pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const APP = "https://maps.example.com/";
const program = (args: object) => `
import { SpaApplication } from "pulumi-carto";
const maps = new SpaApplication("maps", ${JSON.stringify(args)});
export const { applicationId, clientId, clientSecret } = maps;
`;

let emulator: Emulator;
let workspace: PulumiWorkspace;

beforeAll(async () => {
  emulator = await startEmulator();
  workspace = await pulumiWorkspace({ files: program({ name: "Maps", appUrl: APP }), env: emulator.env });
});
afterAll(async () => {
  await workspace?.[Symbol.asyncDispose]();
  await emulator?.close();
});

const write = (args: object) => workspace.write({ "index.ts": program(args) });

test("one App URL gives the application and its client, whose URLs follow from it", async () => {
  await workspace.succeed("up");
  const outputs = await workspace.outputs();
  expect(emulator.applications()).toMatchObject([
    { application_id: outputs.applicationId, name: "Maps", app_url: APP },
  ]);
  expect(emulator.clients()).toMatchObject([
    { client_id: outputs.clientId, title: "Maps", type: "spa", login_uri: APP, callbacks: [APP] },
  ]);
  expect(await workspace.storedText()).not.toContain(outputs.clientSecret);
});

test("another App URL moves both in place", async () => {
  const before = await workspace.outputs();
  await write({ name: "Maps", appUrl: "https://new.example.com/" });
  await workspace.succeed("up");
  expect(await workspace.outputs()).toEqual(before);
  expect(emulator.applications()).toMatchObject([{ app_url: "https://new.example.com/" }]);
  expect(emulator.clients()).toMatchObject([{ callbacks: ["https://new.example.com/"] }]);
});

test("a client that does not allow the App URL is advised against at preview", async () => {
  await write({ name: "Maps", appUrl: APP, client: { applicationLoginUrl: "https://login.example.com/" } });
  const { code, stdout, stderr } = await workspace.pulumi("preview");
  expect(code, stdout + stderr).toBe(0);
  expect(stdout + stderr).toContain("people will open it and not be able to log in. (app-url-not-allowed)");
});

test("regular-web is refused in CARTO's words, with what to use", async () => {
  await write({ name: "Maps", appUrl: APP, type: "regular-web" });
  const { code, stdout, stderr } = await workspace.pulumi("preview");
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain(
    'SpaApplication "maps": type "regular-web" is not offered, because CARTO says that Regular Web Application "will be sunset soon". Use "spa" for an application whose users log in, or "m2m" for one whose server logs in by itself.',
  );
});

test("type m2m gives the application and an M2M client, and destroy leaves nothing", async () => {
  await write({ name: "Maps", appUrl: APP, type: "m2m" });
  await workspace.succeed("up");
  expect(emulator.clients()).toMatchObject([{ title: "Maps", type: "m2m" }]);
  await workspace.succeed("destroy");
  expect([emulator.applications(), emulator.clients()]).toEqual([[], []]);
});
