// biome-ignore-all lint/suspicious/noTemplateCurlyInString: manifests have placeholders of their own
import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { formatFailure } from "../../manifest/failure.ts";
import { readManifest } from "../../manifest/read-manifest.ts";

const read = (clients: string, rest = "", options: Parameters<typeof readManifest>[1] = {}) =>
  readManifest(`version: 1\nclients:\n${clients}${rest}`, options);
const declared = (result: ReturnType<typeof read>, environment = 0) =>
  result.manifest?.environments[environment]?.clients.map(({ logicalName, kind, inputs }) => [
    logicalName,
    kind,
    { ...inputs },
  ]);
const said = (result: ReturnType<typeof read>) => result.failures.map(formatFailure);

test("one App URL gives the application and its SPA client, whose login URL it is", () => {
  const result = read("  maps: { kind: spa, name: Field maps, application: { appUrl: https://maps.example.com/ } }\n");
  expect(said(result)).toEqual([]);
  expect(declared(result)).toEqual([
    ["maps", "spa", { name: "Field maps", applicationLoginUrl: "https://maps.example.com/" }],
    ["maps-application", "application", { appUrl: "https://maps.example.com/", name: "Field maps" }],
  ]);
  const [, application] = result.manifest?.environments[0]?.clients ?? [];
  expect(application?.location("appUrl")).toEqual({ line: 3, column: 63 });
});

test("kind m2m gives the application and an M2M client", () => {
  const result = read(
    "  job: { kind: m2m, name: Job, application: { appUrl: https://job.example.com/, name: Jobs } }\n",
  );
  expect(declared(result)).toEqual([
    ["job", "m2m", { name: "Job" }],
    ["job-application", "application", { appUrl: "https://job.example.com/", name: "Jobs" }],
  ]);
});

test("everything can be overridden: in the block, in the client, by defaults and by an environment", () => {
  const result = read(
    `  maps:
    kind: spa
    name: Maps
    deletionProtection: true
    applicationLoginUrl: https://maps.example.com/login
    application: { appUrl: "https://\${HOST}/", sharing: { groups: [Field] }, deletionProtection: false }
`,
    `defaults: { application: { pinnedToHome: true } }
variables: { HOST: { default: maps.example.com } }
environments:
  dev: { clients: { maps: { application: { sharing: private, pinnedToHome: null } } } }
  bare: { clients: { maps: { application: null } } }
  none: { clients: { maps: false } }
  prod: { policy: production }
`,
  );
  expect(said(result)).toEqual([]);
  const client = { name: "Maps", deletionProtection: true, applicationLoginUrl: "https://maps.example.com/login" };
  const card = { name: "Maps", appUrl: "https://maps.example.com/", deletionProtection: false };
  expect(declared(result, 0)).toEqual([
    ["maps", "spa", client],
    ["maps-application", "application", { ...card, sharing: "private" }],
  ]);
  expect(declared(result, 1)).toEqual([["maps", "spa", client]]);
  expect(declared(result, 2)).toEqual([]);
  expect(declared(result, 3)).toEqual([
    ["maps", "spa", { ...client, policy: "production" }],
    [
      "maps-application",
      "application",
      { ...card, sharing: { groups: ["Field"] }, pinnedToHome: true, policy: "production" },
    ],
  ]);
});

test("renaming the client renames its application", () => {
  const result = read(
    "  charts: { kind: spa, name: Maps, aliases: [maps], application: { appUrl: https://maps.example.com/ } }\n",
  );
  expect(said(result)).toEqual([]);
  expect(result.manifest?.environments[0]?.clients.map(({ logicalName, aliases }) => [logicalName, aliases])).toEqual([
    ["charts", ["maps"]],
    ["charts-application", ["maps-application"]],
  ]);
});

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

test(`whatever the block is, the manifest is read or refused with places in it (seed ${SEED})`, () => {
  const url = fc.oneof(fc.constantFrom("https://maps.example.com/", "${X}"), fc.jsonValue());
  const block = fc.oneof(
    { weight: 1, arbitrary: fc.jsonValue() },
    {
      weight: 3,
      arbitrary: fc.record({ appUrl: url, sharing: fc.jsonValue(), name: fc.jsonValue() }, { requiredKeys: [] }),
    },
  );
  fc.assert(
    fc.property(fc.constantFrom("spa", "m2m", "application"), block, block, (kind, application, override) => {
      const clients = { maps: { kind, name: "Maps", application } };
      const environments = { dev: { clients: { maps: { application: override } } } };
      const text = stringify({ version: 1, clients, environments }, { aliasDuplicateObjects: false });
      for (const failure of readManifest(text).failures) {
        expect([failure.line >= 1, failure.column >= 1], formatFailure(failure)).toEqual([true, true]);
        expect(failure.reason).not.toMatch(/undefined|\[object|function /);
      }
    }),
    { numRuns: 1_000, seed: SEED },
  );
});

test("a client that does not allow the App URL is advised against, at the line of the App URL", () => {
  const result = read(`  maps:
    kind: spa
    name: Maps
    applicationLoginUrl: https://login.example.com/
    application:
      appUrl: https://maps.example.com/
`);
  expect(result.manifest?.findings.map(formatFailure)).toEqual([
    'clients.yaml:8:15 clients.maps.application.appUrl: "https://maps.example.com/" is the App URL, but its client has "https://maps.example.com" neither as a web origin nor as a callback URL: people will open it and not be able to log in. (app-url-not-allowed)',
  ]);
});

test.each([
  [
    "a rule that the block breaks is reported at its line",
    "  m: { kind: spa, name: M, application: { appUrl: https://m.example.com/, sharing: { groups: [] } } }\n",
    'clients.yaml:3:94 clients.m.application.sharing.groups: sharing.groups is empty, so only the owner would see the application: name a group, or set sharing: "private". (sharing-groups)',
  ],
  [
    "a typing error is named with the nearest property",
    "  m: { kind: spa, name: M, application: { appUrl: https://m.example.com/, thumbnail: https://m.example.com/a.png } }\n",
    /^clients\.yaml:3:75 clients\.m\.application\.thumbnail: .*"thumbnailUrl"/,
  ],
  [
    "regular-web is refused in CARTO's words",
    "  m: { kind: regular-web, name: M }\n",
    'clients.yaml:3:14 clients.m.kind: is not offered, because CARTO says that Regular Web Application "will be sunset soon". Use "spa" for an application whose users log in, or "m2m" for one whose server logs in by itself (type)',
  ],
  [
    "the name that the application gets is taken",
    "  m: { kind: spa, name: M, application: { appUrl: https://m.example.com/ } }\n  m-application: { kind: m2m, name: N }\n",
    'clients.yaml:3:28 clients.m.application: declares the application "m-application", and a client of the manifest has this name: rename that one, or write what it has under `application` (name)',
  ],
  [
    "a token has no application",
    "  m: { kind: api-access-token, name: M, grants: [{ connectionName: a, source: a.b.c }], allowedApis: [sql], application: { appUrl: https://m.example.com/ } }\n",
    /^clients\.yaml:3:109 clients\.m\.application: .*\(unknown-property\)$/,
  ],
])("%s", (_what, clients, message) => {
  const messages = said(read(clients));
  expect(messages).toHaveLength(1);
  if (typeof message === "string") expect(messages).toEqual([message]);
  else expect(messages[0]).toMatch(message);
});
