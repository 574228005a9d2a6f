// biome-ignore-all lint/suspicious/noTemplateCurlyInString: manifests have placeholders of their own
import { expect, test } from "vitest";
import { importEntry, planAdoption } from "../../deployment/adoption.ts";
import { defaultUrls, type OAuthClient } from "../../kinds/oauth-client/oauth-client.ts";
import { readManifest } from "../../manifest/read-manifest.ts";
import { writeManifest } from "../../manifest/write-manifest.ts";

const client = (id: string, name: string, loginUrl?: string, lists: object = {}): OAuthClient => {
  const time = "2026-01-01T00:00:00Z";
  const stored = { id, name, ownerId: "auth0|1", createdAt: time, updatedAt: time };
  if (loginUrl === undefined) return { kind: "m2m", ...stored };
  return { kind: "spa", ...stored, applicationLoginUrl: loginUrl, ...defaultUrls(loginUrl), ...lists };
};

const EXISTING = [
  client("id-1", "Store Locator", "https://stores.example.com/"),
  client("id-2", "Store locator", "https://b.example.com/", {
    allowedCallbackUrls: [],
    allowedWebOrigins: ["https://c.example.com"],
  }),
  client("id-3", "Größe ${stack}: #1"),
];

const declaredIn = (text: string) => readManifest(text).manifest?.environments[0]?.clients ?? [];

test("existing clients are written as a manifest: stable names, no derived value, client IDs as comments", () => {
  expect(
    writeManifest(EXISTING),
  ).toBe(`# yaml-language-server: $schema=./node_modules/pulumi-carto/schema/clients.schema.json

version: 1
clients:
  # client ID id-1
  store-locator:
    kind: spa
    name: Store Locator
    applicationLoginUrl: https://stores.example.com/

  # client ID id-2
  store-locator-2:
    kind: spa
    name: Store locator
    applicationLoginUrl: https://b.example.com/
    allowedCallbackUrls: []
    allowedWebOrigins:
      - https://c.example.com

  # client ID id-3
  gro-e-stack-1:
    kind: m2m
    name: "Größe $\${stack}: #1"
`);
});

test("what was written is read back as the same clients, each found again", () => {
  const declared = declaredIn(writeManifest(EXISTING));
  const plan = planAdoption(declared, EXISTING, []);
  expect(plan.adoptions.map(({ declared, client }) => [declared.logicalName, client.id])).toEqual([
    ["store-locator", "id-1"],
    ["store-locator-2", "id-2"],
    ["gro-e-stack-1", "id-3"],
  ]);
  expect([plan.missing, plan.failures]).toEqual([[], []]);
});

test("a declaration finds its client by ID, by name, or by its URLs among those of one name, and says when it cannot", () => {
  const existing = [
    client("id-1", "Robot"),
    client("id-2", "Map", "https://a.example.com/"),
    client("id-3", "Map", "https://b.example.com/"),
    client("id-4", "Twin"),
    client("id-5", "Twin"),
    client("id-6", "Given"),
  ];
  const declared = declaredIn(`version: 1
clients:
  robot: { kind: m2m, name: Robot }
  map: { kind: spa, name: Map, applicationLoginUrl: "https://b.example.com/" }
  twin: { kind: m2m, name: Twin }
  given: { kind: m2m, name: Other name }
  new: { kind: m2m, name: New }
  wrong: { kind: spa, name: Wrong, applicationLoginUrl: "https://c.example.com/" }
  kept: { kind: m2m, name: Kept }
`);
  const ids = { given: "id-6", wrong: "id-1", typo: "id-2" };
  const plan = planAdoption(declared, existing, [{ logicalName: "kept", kind: "m2m", clientId: "id-0" }], ids);
  expect(plan.adoptions.map(({ declared, client }) => [declared.logicalName, client.id])).toEqual([
    ["map", "id-3"],
    ["given", "id-6"],
  ]);
  expect(plan.managed).toEqual(["kept"]);
  expect(plan.missing).toEqual(["robot", "new"]);
  expect(plan.failures).toEqual([
    "typo: the manifest declares no such client: check --id",
    "twin: several resources match, id-4, id-5: choose one with --id twin=ID",
    "wrong: the calling user has no SPA OAuth client with ID id-1: check --id",
  ]);
});

test("an ID for a client that is managed already must be that client's", () => {
  const declared = declaredIn(
    "version: 1\nclients: { one: { kind: m2m, name: One }, two: { kind: m2m, name: Two } }\n",
  );
  const managed = [
    { logicalName: "one", kind: "m2m" as const, clientId: "id-1" },
    { logicalName: "two", kind: "m2m" as const, clientId: "id-2" },
  ];
  const plan = planAdoption(declared, [], managed, { one: "nope", two: "id-2" });
  expect(plan).toEqual({
    adoptions: [],
    managed: ["two"],
    missing: [],
    failures: ["one: the stack manages id-1 under this name: check --id"],
  });
});

test("an import entry carries inputs, outputs and the secret as the engine marks it", () => {
  const [web] = declaredIn(
    'version: 1\nclients: { web: { kind: spa, name: Web, applicationLoginUrl: "https://a.example.com/", deletionProtection: true } }',
  );
  if (web === undefined) throw new Error("the manifest declares web");
  const existing = { ...client("id-1", "Web", "https://a.example.com/"), clientSecret: "planted" };
  const shared = {
    name: "Web",
    applicationLoginUrl: "https://a.example.com/",
    ...defaultUrls("https://a.example.com/"),
    deletionProtection: true,
    __provider: 'module.exports=require("pulumi-carto/spa")',
  };
  expect(importEntry({ declared: web, client: existing })).toEqual({
    type: "pulumi-nodejs:dynamic/carto:SpaOAuthClient",
    name: "web",
    id: "id-1",
    inputs: shared,
    outputs: {
      ...shared,
      ownerId: "auth0|1",
      createdAt: "2026-01-01T00:00:00Z",
      updatedAt: "2026-01-01T00:00:00Z",
      clientSecret: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '"planted"' },
    },
  });
});
