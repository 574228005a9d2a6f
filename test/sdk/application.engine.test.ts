import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession } from "../../harness/carto-session.ts";
import { type PulumiResult, type PulumiWorkspace, pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

/* The whole life of an application on the real engine, in the order it happens. */

const PATH = "/workspace-api/applications";
const ARGS = { name: "Map", appUrl: "https://map.example.com/", sharing: { groups: ["Analysts"] } };
const program = (args: object, more = "") => `
import { Application } from "pulumi-carto";
const map = new Application("map", ${JSON.stringify(args)});
export const { applicationId, ownerId, sharing, description } = map;
${more}`;

let emulator: Emulator;
let workspace: PulumiWorkspace;
let carto: CartoSession;

beforeAll(async () => {
  emulator = await startEmulator();
  carto = await CartoSession.open(emulator);
  workspace = await pulumiWorkspace({ files: program(ARGS), env: emulator.env });
});
afterAll(async () => {
  await workspace?.[Symbol.asyncDispose]();
  await emulator?.close();
});

async function up(args: object, ...flags: string[]): Promise<PulumiResult> {
  await workspace.write({ "index.ts": program(args) });
  return workspace.pulumi("up", ...flags);
}

function operations({ events }: PulumiResult): string[] {
  return events
    .flatMap((event) => event.resourcePreEvent?.metadata ?? [])
    .filter(({ type, op }) => type.includes("carto:") && op !== "same" && op !== "discard")
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)
    .sort();
}

test("a broken rule is refused at preview with the path of the input, and nothing is called", async () => {
  await workspace.write({ "index.ts": program({ ...ARGS, sharing: "organisation", thumbnailUrl: "data:," }) });
  emulator.resetRequests();
  const { code, stdout, stderr } = await workspace.pulumi("preview");
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain(
    'sharing: "organisation" is not a valid value for sharing: write "organization". (sharing)',
  );
  expect(stdout + stderr).toContain("thumbnailUrl: A data URI is the image itself");
  expect(emulator.requests()).toEqual({});
});

test("up creates the application, and a second up changes nothing", async () => {
  expect((await up(ARGS)).code).toBe(0);
  const outputs = await workspace.outputs();
  expect(outputs).toMatchObject({ ownerId: "auth0|emulator-admin", description: "", sharing: ARGS.sharing });
  expect(emulator.applications()).toMatchObject([
    { application_id: outputs.applicationId, sharing: { scope: "groups", groups: ["Analysts"] }, pinned: false },
  ]);
  const again = await up({ ...ARGS, appUrl: "https://MAP.example.com/" }, "--expect-no-changes");
  expect(again.code, again.stdout + again.stderr).toBe(0);
});

test("everything is updated in place", async () => {
  const { applicationId } = await workspace.outputs();
  const news = { ...ARGS, name: "Pipes", description: "Where they are", sharing: "organization", pinnedToHome: true };
  expect(operations(await up(news))).toEqual(["update map"]);
  expect(emulator.applications()).toMatchObject([
    { application_id: applicationId, name: "Pipes", sharing: { scope: "organization" }, pinned: true },
  ]);
  expect(operations(await up(ARGS))).toEqual(["update map"]);
  expect(emulator.applications()[0]).not.toHaveProperty("description");
});

test("drift is found by a refresh, and corrected", async () => {
  const { applicationId } = await workspace.outputs();
  await carto.call("PATCH", `${PATH}/${applicationId}`, { sharing: { scope: "organization" }, pinned: true });
  expect((await workspace.pulumi("refresh")).code).toBe(0);
  expect(operations(await up(ARGS))).toEqual(["update map"]);
  expect(emulator.applications()).toMatchObject([
    { sharing: { scope: "groups", groups: ["Analysts"] }, pinned: false },
  ]);
});

test("an application that is deleted by hand is created anew after a refresh", async () => {
  const { applicationId } = await workspace.outputs();
  await carto.call("DELETE", `${PATH}/${applicationId}`);
  await workspace.pulumi("refresh");
  expect(operations(await up(ARGS))).toEqual(["create map"]);
});

test("get looks an application up by its ID", async () => {
  const { applicationId } = await workspace.outputs();
  const lookUp = `export const found = Application.get("found", ${JSON.stringify(applicationId)}).appUrl;`;
  await workspace.write({ "index.ts": program(ARGS, lookUp) });
  expect((await workspace.pulumi("up")).code).toBe(0);
  expect((await workspace.outputs()).found).toBe(ARGS.appUrl);
});

test("deletion protection keeps it until it is lifted, then destroy leaves nothing at CARTO", async () => {
  await up({ ...ARGS, deletionProtection: true });
  const { code, stdout, stderr } = await workspace.pulumi("destroy");
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain("has deletionProtection");
  expect(emulator.applications()).toHaveLength(1);
  await up(ARGS);
  expect((await workspace.pulumi("destroy")).code).toBe(0);
  expect(emulator.applications()).toEqual([]);
});
