import { readFileSync } from "node:fs";
import { mkdtemp, open, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { ASSUMED } from "../../carto/contract.ts";
import { loadContract, mergeContract } from "../../carto/contract-file.ts";
import { assumedStatus, inward, outward } from "../../carto/contract-wire.ts";
import { configurationOf } from "../../cli/context/tenant.ts";
import { readManifest } from "../../manifest/read-manifest.ts";
import { readStackSettings } from "../../report/stack-settings.ts";

const failures = (value: unknown) => mergeContract(value).failures;

test("the assumed paths and methods are those of the documented contracts", () => {
  const documents = [
    ["oauth-clients", "credentials-api.yaml"],
    ["applications", "applications-api.yaml"],
    ["api-access-tokens", "tokens-api.yaml"],
  ] as const;
  for (const [api, file] of documents) {
    const { paths } = parse(readFileSync(new URL(`../../docs/${file}`, import.meta.url), "utf8"));
    const routes = Object.entries<object>(paths).map(([path, item]): [string, string[]] => [
      path.replace(/\{\w+\}/, "{id}"),
      Object.keys(item),
    ]);
    const methodsAt = (end: string) => routes.find(([path]) => path.endsWith(end))?.[1];
    const { paths: own, methods } = ASSUMED[api];
    expect([api, methodsAt(String(own.collection))]).toEqual([
      api,
      expect.arrayContaining(["get", String(methods.create).toLowerCase()]),
    ]);
    expect([api, methodsAt(String(own.one))]).toEqual([
      api,
      expect.arrayContaining(["delete", String(methods.update).toLowerCase()]),
    ]);
  }
});

test("an override changes single entries, and each is named", () => {
  const { contract, changes } = mergeContract({
    "oauth-clients": { paths: { collection: "/oauth/clients" }, members: { title: "label" } },
  });
  expect(changes).toEqual(["oauth-clients.paths.collection: /oauth/clients", "oauth-clients.members.title: label"]);
  expect(contract["oauth-clients"].paths.one).toBe("/credentials/oauth-clients/{id}");
  expect(contract.applications).toBe(ASSUMED.applications);
});

test.each([
  "https://evil.example.net/x",
  "//evil.example.net/x",
  "/x//evil.example.net",
  "x",
  "/../x",
  "/x/..",
  "/./x",
  "/%2e%2e/x",
  "/x?redirect=1",
  "/x#y",
  "/x\\y",
  "@evil.example.net",
  ":8080/x",
  ".evil.example.net/x",
  "/x\n",
  "",
  7,
])("a path cannot leave the trusted host: %j", (path) => {
  const one = 'a path such as /things, without host, query, "//" and ".."';
  expect(failures({ "oauth-clients": { paths: { collection: path } } })).toEqual([
    `oauth-clients.paths.collection must be ${one}`,
  ]);
});

test("everything that is wrong with an override is said at once, with the known names", () => {
  expect(
    failures({
      clients: {},
      applications: {
        host: { name: "evil.example.net" },
        methods: { update: "GET" },
        statuses: { not_found: 200, conflict: 429 },
        paths: { one: "/applications" },
        paging: { first: 2, size: 0, page: "a&b" },
        members: { titel: "x", name: "pinned" },
      },
    }),
  ).toEqual([
    'the contract has no entry "clients" (known: oauth-clients, applications, api-access-tokens)',
    'applications has no entry "host" (known: paths, methods, members, list, paging, statuses)',
    'applications.paths.one must be a path such as /things/{id}, with {id} once, without host, query, "//" and ".."',
    "applications.methods.update must be PATCH or PUT",
    'applications.members has no entry "titel" (known: application_id, name, description, app_url, thumbnail_url, sharing, scope, groups, pinned, owner_id, created_at, updated_at, error, issues, path, message)',
    'applications.members has "pinned" for two entries',
    "applications.paging.first must be 0 or 1",
    "applications.paging.size must be from 1 to 1000",
    "applications.paging.page must be a name such as client_id",
    "applications.statuses.not_found must be a status from 400 to 499, not 401 or 429",
    "applications.statuses.conflict must be a status from 400 to 499, not 401 or 429",
  ]);
});

test("a public member cannot be read from one that may hold a secret", () => {
  const swap = { title: "client_secret", client_secret: "title" };
  expect(failures({ "oauth-clients": { members: swap } })).toEqual([
    "oauth-clients.members.title must be another name: a member with this name may hold a secret",
    'oauth-clients.members has "title" for two entries',
  ]);
});

test("bodies are translated both ways; an assumed name that means something else is left out", () => {
  const { contract } = mergeContract({
    "oauth-clients": { members: { title: "name", client_id: "id" }, list: { data: "clients", total: "count" } },
  });
  const terms = contract["oauth-clients"];
  expect(outward(terms, { title: "Web", callbacks: ["title"] })).toEqual({ name: "Web", callbacks: ["title"] });
  expect(inward(terms, { id: "1", name: "Web", title: "Dr." }, false)).toEqual({ client_id: "1", title: "Web" });
  expect(inward(terms, { clients: [{ id: "1" }], page: 1, count: 1, data: "other" }, true)).toEqual({
    data: [{ client_id: "1" }],
    page: 1,
    total: 1,
  });
  expect(inward(terms, { issues: [{ path: "name", message: "is too long" }] }, false)).toEqual({
    issues: [{ path: "title", message: "is too long" }],
  });
});

test("a status has the meaning that the contract gives it, and none that it took away", () => {
  const { contract } = mergeContract({ "oauth-clients": { statuses: { not_found: 410, existed: 208 } } });
  const status = (code: number) => assumedStatus(contract["oauth-clients"], code);
  expect([200, 208, 404, 410, 409, 503].map(status)).toEqual([201, 200, undefined, 404, 409, 503]);
});

test("a contract is read from JSON text; a file that cannot be read is a failure that says how to give one", async () => {
  const text = JSON.stringify({ applications: { list: { data: "items" } } });
  expect((await loadContract(text)).changes).toEqual(["applications.list.data: items"]);
  await expect(loadContract("/nowhere/contract.yaml")).rejects.toMatchObject({
    code: "invalid_configuration",
    message:
      'The contract "/nowhere/contract.yaml" cannot be read: /nowhere/contract.yaml does not exist. Give the path of a YAML or JSON file of at most 64 kB (carto:contract, CARTO_CONTRACT).',
  });
});

test("a contract file that is missing is named by the absolute path at which it was looked for", async () => {
  await expect(loadContract("no-contract.yaml")).rejects.toThrow(
    `The contract "no-contract.yaml" cannot be read: ${join(process.cwd(), "no-contract.yaml")} does not exist. `,
  );
});

test("a contract file that is not a regular file, or too large, is refused before it is read", async () => {
  const refusal = (path: string) => loadContract(path).catch((error: Error) => error.message);
  // Reading it would never end.
  expect(await refusal("/dev/zero")).toContain(": /dev/zero is not a regular file. ");
  const directory = await mkdtemp(join(tmpdir(), "contract-"));
  const large = join(directory, "large.yaml");
  try {
    expect(await refusal(directory)).toContain(`: ${directory} is not a regular file. `);
    // 8 TB, all of it a hole: it can be neither read nor kept in memory.
    await (await open(large, "w")).close();
    await truncate(large, 8 * 1024 ** 4);
    expect(await refusal(large)).toContain(`: ${large} is larger than 64 kB. `);
    await truncate(large, 0);
    await writeFile(large, `# ${"x".repeat(64 * 1024 - 4)}\n{}`);
    expect(await refusal(large)).toContain("is larger than 64 kB");
    await writeFile(large, "applications: [");
    expect(await refusal(large)).toContain(" cannot be read at line 1, column 16: write YAML or JSON ");
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("a manifest cannot name a contract", () => {
  const manifest = `version: 1
clients: { robot: { kind: m2m, name: Robot } }
environments: { dev: { tenant: { contract: evil.yaml } } }
`;
  expect(readManifest(manifest).failures.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
    expect.stringContaining('"contract" is not a property'),
  ]);
  const tenant = Object({ contract: "evil.yaml" });
  const configuration = (settings: Record<string, string>) =>
    configurationOf({ tenant }, { CARTO_API_TOKEN: "planted" }, (name) => settings[name]).contract;
  expect(configuration({})).toBe(undefined);
  expect(configuration({ contract: "own.yaml" })).toBe("own.yaml");
});

test("a report lists a contract that is new in a stack's settings", () => {
  const settings = (text: string) => readStackSettings({ file: "Pulumi.dev.yaml", text }, undefined).exceptions;
  expect(settings("config: { carto:contract: 'my contract.yaml' }")["carto:contract"]).toEqual(["my contract.yaml"]);
  expect(settings("config: {}")["carto:contract"]).toEqual([]);
});
