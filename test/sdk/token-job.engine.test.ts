import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession } from "../../harness/carto-session.ts";
import { type PulumiResult, type PulumiWorkspace, pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

/* The whole life of a token on the real engine, in the order it happens. Whatever any of it prints or stores is searched at the end. */

const YEAR = new Date().getFullYear() + 1;
const EXPIRES = `${YEAR}-01-01T00:00:00Z`;
const TOKENS = "/api/v3/tokens";
const ARGS = {
  name: "Map",
  grants: [{ connectionName: "carto_dw", source: "carto.demo.points" }],
  allowedApis: ["sql"],
  referers: ["https://app.example.com"],
  expirationDate: EXPIRES,
};
const program = (args: object) => `
import { ApiAccessToken } from "pulumi-carto";
const map = new ApiAccessToken("map", ${JSON.stringify(args)});
export const { id, token, cartoName, ownerId } = map;
`;

let emulator: Emulator;
let workspace: PulumiWorkspace;
let carto: CartoSession;
const printed: string[] = [];
const tokens = new Set<string>();

beforeAll(async () => {
  emulator = await startEmulator({ log: (line) => printed.push(line) });
  carto = await CartoSession.open(emulator);
  workspace = await pulumiWorkspace({ files: program(ARGS), env: emulator.env });
});
afterAll(async () => {
  await workspace?.[Symbol.asyncDispose]();
  await emulator?.close();
});

async function pulumi(...args: string[]): Promise<PulumiResult> {
  const result = await workspace.pulumi(...args);
  printed.push(result.stdout, result.stderr);
  const { body } = await carto.call("GET", TOKENS);
  for (const { token } of body.data) tokens.add(token);
  return result;
}

async function up(args: object, ...flags: string[]): Promise<PulumiResult> {
  await workspace.write({ "index.ts": program(args) });
  return pulumi("up", ...flags);
}

function operations({ events }: PulumiResult): string[] {
  return events
    .flatMap((event) => event.resourcePreEvent?.metadata ?? [])
    .filter(({ type, op }) => type.includes("carto:") && op !== "same" && op !== "discard")
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)
    .sort();
}

test("a broken rule is refused at preview with the path of the input, and nothing is called", async () => {
  emulator.resetRequests();
  const grants = [{ connectionName: "carto_dw", source: "DROP TABLE a.b.c" }];
  await workspace.write({ "index.ts": program({ ...ARGS, grants, referers: ["https://app.example.com/"] }) });
  const { code, stdout, stderr } = await pulumi("preview");
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain('grants[0].source: "DROP TABLE a.b.c" runs DROP');
  expect(stdout + stderr).toContain('referers[0]: "https://app.example.com/" has a trailing slash');
  expect(Object.keys(emulator.requests()).filter((route) => route.includes("/v3/"))).toEqual([`GET ${TOKENS}`]);
});

test("up creates the token, whose value is a secret output and whose ID is a fingerprint", async () => {
  expect((await up(ARGS)).code).toBe(0);
  const outputs = await workspace.outputs();
  const [stored] = emulator.tokens();
  expect(stored).toMatchObject({ name: outputs.cartoName, owner_id: outputs.ownerId, allowed_apis: ["sql"] });
  expect(outputs.id).toMatch(/^sha256-[0-9a-f]{24}$/);
  expect(tokens.has(String(outputs.token))).toBe(true);
});

test("a second up changes nothing and calls no API", async () => {
  emulator.resetRequests();
  const again = await up(
    { ...ARGS, grants: [{ connectionName: "carto_dw", source: " carto.demo.points" }] },
    "--expect-no-changes",
  );
  expect(again.code, again.stdout + again.stderr).toBe(0);
});

test("name, grants, referers and APIs are updated in place", async () => {
  const { id } = await workspace.outputs();
  const result = await up({ ...ARGS, name: "Store map", allowedApis: ["sql", "maps"], referers: [] });
  expect(operations(result)).toEqual(["update map"]);
  expect(emulator.tokens()).toMatchObject([
    { name: expect.stringMatching(/^Store map \(pc-/), allowed_apis: ["sql", "maps"], referers: [] },
  ]);
  expect((await workspace.outputs()).id).toBe(id);
});

test("drift is found by a refresh with one listing, and mended", async () => {
  const [token = ""] = tokens;
  await carto.call("PATCH", `${TOKENS}/${token}`, { referers: ["https://evil.example"] });
  emulator.resetRequests();
  expect((await pulumi("refresh")).code).toBe(0);
  expect(emulator.requests()[`GET ${TOKENS}`]).toBeGreaterThan(0);
  expect(operations(await up({ ...ARGS, name: "Store map", allowedApis: ["sql", "maps"], referers: [] }))).toEqual([
    "update map",
  ]);
  expect(emulator.tokens()).toMatchObject([{ referers: [] }]);
});

test("another expiration date, and a trigger, replace: the new token is there before the old one goes", async () => {
  const before = await workspace.outputs();
  const later = { ...ARGS, expirationDate: `${YEAR}-02-01T00:00:00Z` };
  expect(operations(await up(later))).toEqual(["create-replacement map", "delete-replaced map", "replace map"]);
  const after = await workspace.outputs();
  expect([after.id === before.id, after.cartoName === before.cartoName]).toEqual([false, false]);
  expect(operations(await up({ ...later, rotationTrigger: "leaked" }))).toContain("replace map");
  expect(emulator.tokens()).toHaveLength(1);
});

test("a token that is deleted by hand is created anew after a refresh", async () => {
  const { token } = await workspace.outputs();
  await carto.call("DELETE", `${TOKENS}/${token}`);
  await pulumi("refresh");
  expect(
    operations(await up({ ...ARGS, expirationDate: `${YEAR}-02-01T00:00:00Z`, rotationTrigger: "leaked" })),
  ).toEqual(["create map"]);
});

test("get looks a token up by its fingerprint", async () => {
  const { id, token } = await workspace.outputs();
  const lookUp = `export const found = ApiAccessToken.get("found", ${JSON.stringify(id)}).token;`;
  await workspace.write({
    "index.ts": `${program({ ...ARGS, expirationDate: `${YEAR}-02-01T00:00:00Z`, rotationTrigger: "leaked" })}${lookUp}`,
  });
  expect((await pulumi("up")).code).toBe(0);
  expect((await workspace.outputs()).found).toBe(token);
});

test("destroy leaves nothing at CARTO", async () => {
  expect((await pulumi("destroy")).code).toBe(0);
  expect(emulator.tokens()).toEqual([]);
});

test("no token is found in what was printed, in any state, event log or other file", async () => {
  const entries = await readdir(workspace.directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found: string[] = [];
  for (const file of files) {
    const text = await readFile(file, "latin1");
    if ([...tokens].some((token) => text.includes(token))) found.push(file);
  }
  expect(tokens.size).toBeGreaterThanOrEqual(4);
  expect(files.length).toBeGreaterThan(10);
  expect(found).toEqual([]);
  expect([...tokens].filter((token) => printed.join("\n").includes(token))).toEqual([]);
});
