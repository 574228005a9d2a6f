import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";

const VARIANT = `
oauth-clients:
  methods: { update: PUT }
  members: { title: label }
  paging: { first: 0 }
applications:
  methods: { update: PUT }
api-access-tokens:
  methods: { update: PUT }
`;

let directory: string;
let emulator: Emulator;
let carto: CartoSession;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "variant-"));
  const contract = join(directory, "contract.yaml");
  await writeFile(contract, VARIANT);
  emulator = await startEmulator({ contract });
  carto = await CartoSession.open(emulator);
});
afterEach(async () => {
  await emulator.close();
  await rm(directory, { recursive: true });
});

const LOGIN = "https://app.example.com/login";

test("a PUT replaces the client: what it leaves out is as after a create without it", async () => {
  const web = { type: "spa", label: "Web", login_uri: LOGIN, callbacks: [`${LOGIN}/a`], allowed_origins: [] };
  const { body } = await carto.call("POST", CLIENTS, web);
  const path = `${CLIENTS}/${body.client_id}`;
  const replaced = await carto.call("PUT", path, { label: "Web", login_uri: LOGIN, logout_urls: [] });
  expect([replaced.status, replaced.body]).toMatchObject([
    200,
    { label: "Web", callbacks: [LOGIN], logout_urls: [], allowed_origins: ["https://app.example.com"] },
  ]);
  const partial = await carto.call("PUT", path, { label: "Web" });
  expect([partial.status, partial.body.issues]).toEqual([400, [{ path: "login_uri", message: "is required" }]]);
  expect((await carto.call("PATCH", path, { label: "Web" })).status).toBe(405);
});

test("a PUT replaces an application and an API Access Token", async () => {
  const applications = "/workspace-api/applications";
  const map = { name: "Map", app_url: "https://map.example.com/" };
  const full = { ...map, description: "Fields", pinned: true, sharing: { scope: "private" } };
  const made = (await carto.call("POST", applications, full)).body;
  const { body: application } = await carto.call("PUT", `${applications}/${made.application_id}`, map);
  expect([application.description, application.pinned, application.sharing]).toEqual([
    undefined,
    false,
    { scope: "organization" },
  ]);
  const grants = [{ connection_name: "carto_dw", source: "demo.table" }];
  const reader = { name: "reader", grants, allowed_apis: ["sql"] };
  const token = (await carto.call("POST", "/api/v3/tokens", { ...reader, referers: ["https://a.example.com"] })).body;
  const one = `/api/v3/tokens/${token.token}`;
  expect((await carto.call("PUT", one, reader)).body.referers).toEqual([]);
  expect((await carto.call("PUT", one, { grants })).body.issues).toEqual([
    { path: "name", message: "is required" },
    { path: "allowed_apis", message: "is required" },
  ]);
});

test("a member that the variant gave up is refused by the name that the caller sent", async () => {
  const { body } = await carto.call("POST", CLIENTS, { type: "m2m", title: "Job", label: "" });
  expect(body.issues).toEqual([
    { path: "title", message: "cannot be set on m2m clients" },
    { path: "label", message: "must have 1 to 255 characters" },
  ]);
});

test("a listing counts its pages from the variant's first page, in the answer, too", async () => {
  for (const name of ["A", "B", "C"]) await carto.call("POST", CLIENTS, { type: "m2m", label: name });
  const page = async (query: string) => {
    const { status, body } = await carto.call("GET", `${CLIENTS}?page_size=2&type=m2m${query}`);
    return [status, body.page];
  };
  expect([await page("&page=0"), await page("&page=1"), await page("")]).toEqual([
    [200, 0],
    [200, 1],
    [200, 0],
  ]);
  expect((await page("&page=1e0"))[0]).toBe(400);
});

test("a contract that is not a file, or too large for one, is refused before it is read", async () => {
  const large = join(directory, "large.yaml");
  await writeFile(large, "#".repeat(64 * 1024 + 1));
  const remedy = "give the path of a YAML or JSON file of at most 64 kB";
  for (const [contract, reason] of [
    [large, "it is larger than 64 kB"],
    ["/dev/zero", "it is not a regular file"],
    [directory, "it is not a regular file"],
  ] as const) {
    await expect(startEmulator({ contract })).rejects.toMatchObject({
      name: "EmulatorError",
      code: "invalid_contract",
      message: `Contract ${contract} cannot be served: ${reason}; ${remedy}`,
    });
  }
});
