// biome-ignore-all lint/suspicious/noTemplateCurlyInString: manifests have placeholders of their own
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { formatFailure } from "../../manifest/failure.ts";
import { type ReadManifestOptions, readManifest } from "../../manifest/read-manifest.ts";
import { manifestJsonSchema } from "../../manifest/shape.ts";

const ROOT = new URL("../../", import.meta.url);
const rootManifest = readFileSync(new URL("clients.yaml", ROOT), "utf8");

/** The manifest of a text that has no failures. */
function manifestOf(text: string, options?: ReadManifestOptions) {
  const { manifest, failures } = readManifest(text, options);
  expect(failures).toEqual([]);
  if (manifest === undefined) throw new Error("unreachable: there were no failures");
  return manifest;
}

const failuresOf = (text: string, options?: ReadManifestOptions) =>
  readManifest(text, options).failures.map(formatFailure);

const ENVIRONMENTS = `version: 1
project: acme
defaults:
  spa: { deletionProtection: true, allowedOrigins: [] }
clients:
  web:
    kind: spa
    name: Web (\${stack})
    applicationLoginUrl: https://\${HOST}/
    allowedLogoutUrls: [https://bye.example.com/]
  robot: { kind: m2m, name: Robot }
environments:
  dev:
    clients:
      web: { deletionProtection: false, applicationLoginUrl: "http://localhost:5173" }
      robot: false
  prod:
    stack: acme-org/live
    backend: postgres://ci:\${PGPASSWORD}@db.example.com/pulumi
    policy: production
    tenant: { credentialsUrl: "https://\${HOST}/workspace-api" }
    clients:
      web: { allowedLogoutUrls: null }
      batch: { kind: m2m, name: "Batch, costs $\${5}" }
`;

test("each environment is the clients with its overrides, additions and omissions, variables filled in", () => {
  const { project, environments } = manifestOf(ENVIRONMENTS, {
    variables: { HOST: "maps.example.com", PGPASSWORD: "pw" },
  });
  expect(project).toBe("acme");
  const [dev, prod] = environments.map(({ clients, location: _, text: __, ...rest }) => ({
    ...rest,
    clients: clients.map(({ logicalName, kind, inputs }) => ({ logicalName, kind, inputs })),
  }));
  expect(dev).toEqual({
    name: "dev",
    stack: "dev",
    clients: [
      {
        logicalName: "web",
        kind: "spa",
        inputs: {
          name: "Web (dev)",
          applicationLoginUrl: "http://localhost:5173",
          deletionProtection: false,
          allowedOrigins: [],
          allowedLogoutUrls: ["https://bye.example.com/"],
        },
      },
    ],
  });
  expect(prod).toEqual({
    name: "prod",
    stack: "acme-org/live",
    backend: "postgres://ci:pw@db.example.com/pulumi",
    policy: "production",
    tenant: { credentialsUrl: "https://maps.example.com/workspace-api" },
    clients: [
      {
        logicalName: "web",
        kind: "spa",
        inputs: {
          name: "Web (live)",
          applicationLoginUrl: "https://maps.example.com/",
          deletionProtection: true,
          allowedOrigins: [],
          policy: "production",
        },
      },
      { logicalName: "robot", kind: "m2m", inputs: { name: "Robot", policy: "production" } },
      { logicalName: "batch", kind: "m2m", inputs: { name: "Batch, costs ${5}", policy: "production" } },
    ],
  });
});

const DECLARED = `version: 1
variables:
  TEAM:
  CITY: { default: Paris, description: Where it runs }
  EMPTY: { default: "" }
clients:
  a: { kind: m2m, name: "A of \${TEAM}, \${CITY}\${EMPTY}" }
`;

test("a declared variable is what --var gives, else the environment's, else its default; an undeclared one is --var's only", () => {
  const name = (options: ReadManifestOptions, text = DECLARED) =>
    manifestOf(text, options).environments[0]?.clients[0]?.inputs.name;
  const environmentVariables = { TEAM: "maps", OTHER: "planted-secret" };
  expect(name({ environmentVariables })).toBe("A of maps, Paris");
  expect(name({ environmentVariables: { ...environmentVariables, CITY: "Rome" } })).toBe("A of maps, Rome");
  expect(name({ environmentVariables, variables: { TEAM: "data" } })).toBe("A of data, Paris");
  const undeclared = DECLARED.replace("${TEAM}", "${OTHER}");
  expect(name({ variables: { OTHER: "given" } }, undeclared)).toBe("A of given, Paris");
  expect(failuresOf(undeclared, { environmentVariables })).toEqual([
    expect.stringContaining("${OTHER} is not declared"),
  ]);
});

test.each([
  "CARTO_HOST",
  "PULUMI_STACK",
  "GITHUB_ACTOR",
  "GH_PAT",
  "AWS_REGION",
  "AZURE_TENANT",
  "ARM_ENDPOINT",
  "GOOGLE_PROJECT",
  "NPM_REGISTRY",
  "CI_JOB_TOKEN",
  "SLACK_WEBHOOK",
  "DEPLOY_KEY",
  "MY_PAT",
  "DATABASE_PASSWORD",
  "path",
])("${%s} cannot be used in a client, a tenant or a stack's name", (name) => {
  const text = `version: 1\nvariables: { ${name}: }\nclients:\n  a: { kind: m2m, name: "\${${name}}" }\nenvironments:\n  dev: { stack: "\${${name}}", tenant: { authUrl: "https://\${${name}}" } }\n`;
  const { failures } = readManifest(text, { environmentVariables: { [name]: "planted-secret" } });
  expect(failures.map(({ path, rule }) => [path, rule])).toEqual([
    ["clients.a.name", "no-secret"],
    ["environments.dev.stack", "no-secret"],
    ["environments.dev.tenant.authUrl", "no-secret"],
  ]);
});

test("a property is where it was written: in the client, its override or the defaults", () => {
  const options = { variables: { HOST: "h.example.com", PGPASSWORD: "pw" }, environments: ["dev"] };
  const [web] = manifestOf(ENVIRONMENTS, options).environments[0]?.clients ?? [];
  expect(web?.location("name")).toEqual({ line: 8, column: 11 });
  expect(web?.location("applicationLoginUrl")).toEqual({ line: 15, column: 62 });
  expect(web?.location("allowedLogoutUrls[0]")).toEqual({ line: 10, column: 25 });
  expect(web?.location("allowedOrigins")).toEqual({ line: 4, column: 52 });
  expect(web?.location("rotationTrigger"), "stands nowhere").toEqual({ line: 6, column: 3 });
});

test("a stack picks its environment by name or by stack, and an unknown one never selects the clients as they are", () => {
  const variables = { HOST: "h.example.com", PGPASSWORD: "pw" };
  const pick = (stack: string) => {
    const [environment, ...others] = manifestOf(ENVIRONMENTS, { variables, stack }).environments;
    expect(others).toEqual([]);
    return [environment?.name, environment?.clients.map(({ inputs }) => inputs.name)];
  };
  expect(pick("dev")).toEqual(["dev", ["Web (dev)"]]);
  expect(pick("acme-org/live")).toEqual(["prod", ["Web (live)", "Robot", "Batch, costs ${5}"]]);
  expect(pick("live")[0], "as programs know the stack").toBe("prod");
  const refused = (stack: string) => readManifest(ENVIRONMENTS, { variables, stack }).failures.map(formatFailure);
  expect(refused("prdo")).toEqual([
    'clients.yaml:12:1 environments: "prdo" is not the stack of an environment: did you mean "prod"? (unknown-environment)',
  ]);
  expect(refused("feature-7")).toEqual([
    'clients.yaml:12:1 environments: "feature-7" is not the stack of an environment: known: dev, prod, acme-org/live (unknown-environment)',
  ]);
  const plain = 'version: 1\nclients: { web: { kind: m2m, name: "Web (${stack})" } }\n';
  expect(manifestOf(plain, { stack: "feature-7" }).environments[0]?.clients[0]?.inputs.name).toBe("Web (feature-7)");
});

const refusals: { name: string; text: string; options?: ReadManifestOptions; failures: string[] }[] = [
  {
    name: "a list in place of a manifest",
    text: "- version: 1\n",
    failures: ["clients.yaml:1:1 is a list: write a map (type)"],
  },
  {
    name: "a version of another time",
    text: "version: 2\nclients: {}\n",
    failures: ["clients.yaml:1:10 version: is 2: write 1 (version)"],
  },
  {
    name: "a manifest without version and clients",
    text: "project: acme\n",
    failures: [
      "clients.yaml:1:1 version: is missing: write `version: 1` (required)",
      "clients.yaml:1:1 clients: is missing: write a map (required)",
    ],
  },
  {
    name: "an unknown key, with the nearest known one",
    text: "version: 1\nclints: {}\nclients: {}\nenvironments: { dev: { polcy: production } }\n",
    failures: [
      'clients.yaml:2:1 clints: "clints" is not a property of a manifest: did you mean "clients"? (unknown-property)',
      'clients.yaml:4:24 environments.dev.polcy: "polcy" is not a property of `environments.dev`: did you mean "policy"? (unknown-property)',
    ],
  },
  {
    name: "a kind that CARTO does not have",
    text: "version: 1\nclients:\n  a: { kind: native, name: A }\n  b: { name: B }\n",
    failures: [
      'clients.yaml:3:14 clients.a.kind: is the text "native": write "spa" or "m2m" or "api-access-token" or "application" (type)',
      'clients.yaml:4:3 clients.b.kind: is missing: write "spa" or "m2m" or "api-access-token" or "application" (required)',
    ],
  },
  {
    name: "a logical name with a space",
    text: 'version: 1\nclients:\n  "my app": { kind: m2m, name: A }\n',
    failures: [
      'clients.yaml:3:3 clients.my app: "my app" is not a name: use letters, digits, ".", "_" and "-", starting with a letter or digit, at most 100 (name)',
    ],
  },
  {
    name: "a variable without value, wherever it stands",
    text: "version: 1\nclients:\n  a: { kind: m2m, name: '${TEAM} ${stack}' }\n",
    failures: [
      "clients.yaml:3:25 clients.a.name: ${TEAM} is not declared: add TEAM under `variables`, or give it with --var TEAM=…, or write $${ for a literal ${ (variable)",
      "clients.yaml:3:25 clients.a.name: ${stack} has no value: name a stack or an environment, or write $${ for a literal ${ (variable)",
    ],
  },
  {
    name: "a declared variable without value",
    text: "version: 1\nvariables: { TEAM: { description: Who } }\nclients:\n  a: { kind: m2m, name: '${TEAM}' }\n",
    failures: [
      "clients.yaml:4:25 clients.a.name: ${TEAM} has no value: set TEAM in the environment or with --var TEAM=…, or write $${ for a literal ${ (variable)",
    ],
  },
  {
    name: "a variable that is not among the declared ones, though the environment has it",
    text: "version: 1\nvariables: { TEAM: }\nclients:\n  a: { kind: m2m, name: '${TAEM}' }\n",
    options: { environmentVariables: { TAEM: "planted-secret" } },
    failures: [
      'clients.yaml:4:25 clients.a.name: ${TAEM} is not declared: add TAEM under `variables`, or give it with --var TAEM=…, or correct it: did you mean "TEAM"?, or write $${ for a literal ${ (variable)',
    ],
  },
  {
    name: "a setting of another tool as a value, declared or not",
    text: "version: 1\nvariables: { GH_HOST: }\nclients:\n  a: { kind: m2m, name: '${GH_HOST}' }\n",
    options: { environmentVariables: { GH_HOST: "planted-secret" }, variables: { GH_HOST: "planted-secret" } },
    failures: [
      "clients.yaml:4:25 clients.a.name: ${GH_HOST} is a setting of another tool or of the pipeline, and this value is readable by everyone: use a variable of your own (no-secret)",
    ],
  },
  {
    name: "declarations of variables that are none",
    text: "version: 1\nvariables: { stack: , A-B: , API_TOKEN: { default: x }, HOST: h.example.com, TEAM: { defualt: x } }\nclients: {}\n",
    failures: [
      "clients.yaml:2:21 variables.stack: `stack` is always the name of the stack: choose another name (variable)",
      'clients.yaml:2:23 variables.A-B: "A-B" is not a variable name: use letters, digits and "_", starting with a letter or "_", at most 100 (name)',
      "clients.yaml:2:52 variables.API_TOKEN.default: API_TOKEN is named like a secret, and everyone can read a default: give the value in the environment (no-secret)",
      'clients.yaml:2:63 variables.HOST: is the text "h.example.com": write a map (type)',
      'clients.yaml:2:86 variables.TEAM.defualt: "defualt" is not a property of `variables.TEAM`: did you mean "default"? (unknown-property)',
    ],
  },
  {
    name: "a variable that is not closed",
    text: "version: 1\nclients:\n  a: { kind: m2m, name: 'A ${TEAM' }\n",
    failures: [
      'clients.yaml:3:25 clients.a.name: "${TEAM" is not a variable: write ${NAME}, or $${ for a literal ${ (variable)',
    ],
  },
  {
    name: "a secret, as a key, as a variable, or inside a backend",
    text: "version: 1\nclients:\n  a: { kind: m2m, name: 'A ${API_TOKEN}', clientSecret: x }\nenvironments:\n  dev: { backend: 'postgres://me:pw@db/pulumi' }\n",
    options: { variables: { API_TOKEN: "planted-secret" } },
    failures: [
      "clients.yaml:3:25 clients.a.name: ${API_TOKEN} is named like a secret, and this value is readable by everyone: secrets belong in the environment, or encrypted in the stack settings file (no-secret)",
      'clients.yaml:3:43 clients.a.clientSecret: "clientSecret" looks like a secret, which a manifest must not contain: use the environment variables of docs/command.md, or encrypted settings in the stack settings file (no-secret)',
      "clients.yaml:5:19 environments.dev.backend: carries a password: write a variable in its place, e.g. ${PGPASSWORD} (no-secret)",
    ],
  },
  {
    name: "an override that fits no client",
    text: "version: 1\nclients:\n  batch: { kind: m2m, name: A }\nenvironments:\n  dev: { clients: { batc: false, other: { name: B }, batch: } }\n  prod: { clients: { batch: { kind: spa } } }\n",
    failures: [
      'clients.yaml:5:21 environments.dev.clients.batc: "batc" is not under `clients`, and has no `kind` to be added here: did you mean "batch"? (unknown-client)',
      'clients.yaml:5:34 environments.dev.clients.other: "other" is not under `clients`, and has no `kind` to be added here: known: batch (unknown-client)',
      "clients.yaml:5:54 environments.dev.clients.batch: is empty: write `false` to leave the client out, `{}` to take it as it is (type)",
      'clients.yaml:6:29 environments.prod.clients.batch: is "m2m" under `clients`: a client cannot change its kind, add another one (kind)',
    ],
  },
  {
    name: "two environments on one stack",
    text: "version: 1\nclients: {}\nenvironments:\n  dev: { stack: shared }\n  test: { stack: shared }\n",
    failures: [
      'clients.yaml:5:3 environments.test: uses stack "shared" of environment "dev": they would delete each other\'s clients, give each its own (own-stack)',
    ],
  },
  {
    name: "an environment that is not there",
    text: "version: 1\nclients: {}\nenvironments: { staging: {} }\n",
    options: { environments: ["stagin"] },
    failures: [
      'clients.yaml:3:1 environments: "stagin" is not an environment: did you mean "staging"? (unknown-environment)',
    ],
  },
];

test.each(refusals)("$name is refused", ({ text, options, failures }) => {
  expect(failuresOf(text, options)).toEqual(failures);
});

test("a broken client rule is reported where it was written, once for all environments that share it", () => {
  const text = `version: 1
clients:
  web: { kind: spa, name: Web, applicationLoginUrl: "https://a.example.com", allowedCallbackUrls: ["https://*.com", x] }
environments:
  dev: {}
  test: { clients: { web: { name: "<b>" } } }
  prod: { policy: production, clients: { web: { allowedCallbackUrls: ["https://*.a.example.com"] } } }
`;
  const places = readManifest(text).failures.map(({ line, column, path, rule, environments }) => [
    `${line}:${column} ${path}`,
    rule,
    environments,
  ]);
  expect(places).toEqual([
    ["3:100 clients.web.allowedCallbackUrls[0]", "wildcard-in-subdomain", ["dev", "test"]],
    ["3:117 clients.web.allowedCallbackUrls[1]", "absolute-url", ["dev", "test"]],
    ["6:35 environments.test.clients.web.name", "name", undefined],
    ["7:71 environments.prod.clients.web.allowedCallbackUrls[0]", "wildcard", undefined],
  ]);
});

test("advice comes with the manifest, exempted or not", () => {
  const text = `version: 1
clients:
  web:
    kind: spa
    name: Web
    applicationLoginUrl: http://localhost:5173
    policy: production
    allow: [{ rule: loopback, url: "http://localhost:5173", reason: only for demos }]
  robot: { kind: m2m, name: R, allow: [{ rule: wildcard, url: "https://x.example.com", reason: none }] }
`;
  const findings = manifestOf(text).findings.map(({ line, rule, exemption }) => [line, rule, exemption]);
  expect(findings).toEqual([
    [6, "loopback", "only for demos"],
    [9, "unused-exemption", undefined],
  ]);
});

test("the root manifest holds, and its environments differ as its text says", () => {
  const { environments } = manifestOf(rootManifest);
  expect(environments.map(({ name, policy }) => [name, policy])).toEqual([
    ["dev", undefined],
    ["staging", undefined],
    ["prod", "production"],
  ]);
});

test("the published JSON Schema is the one of the code: `npm run schema` writes it", () => {
  const published = JSON.parse(readFileSync(new URL("schema/clients.schema.json", ROOT), "utf8"));
  expect(published).toEqual(manifestJsonSchema());
});

test("the JSON Schema takes what the reader takes and refuses a misspelt property", () => {
  const validate = new Ajv({ strict: false }).compile(manifestJsonSchema());
  for (const text of [rootManifest, ENVIRONMENTS])
    expect([validate(parse(text)), validate.errors]).toEqual([true, null]);
  const misspelt = { version: 1, clients: { a: { kind: "m2m", nmae: "A" } } };
  expect(validate(misspelt)).toBe(false);
});

test.each([
  ["a rule of a client", "version: 1\nclients:\n  api: { kind: m2m, name: '' }\n", ["default api"]],
  [
    "what a deployment needs",
    "version: 1\nclients:\n  api: { kind: m2m, name: API }\nenvironments:\n  dev: { backend: '${BACKEND}', tenant: { audience: '${AUDIENCE}' } }\n",
    ["dev api"],
  ],
  [
    "the spelling of a variable",
    "version: 1\nclients:\n  api: { kind: m2m, name: API }\nenvironments:\n  dev: { backend: '${BACKEND' }\n",
    undefined,
  ],
  ["the shape too", "version: 1\nclients:\n  api: { kind: m2m, name: '', colour: red }\n", undefined],
  [
    "a variable too",
    "version: 1\nclients:\n  api: { kind: m2m, name: '' }\n  job: { kind: m2m, name: '${JOB}' }\n",
    undefined,
  ],
  ["the syntax", "version: 1\nclients: [", undefined],
])("a manifest that breaks %s is none, and can be compared only where nothing else is broken", (_, text, clients) => {
  const { manifest, refused } = readManifest(text);
  expect(manifest).toBeUndefined();
  const names = refused?.environments.flatMap((one) =>
    one.clients.map(({ logicalName }) => `${one.name} ${logicalName}`),
  );
  expect(names).toEqual(clients);
});

test("a misspelt key of the file comes before what follows from it, and a wrong value is quoted with the known ones", () => {
  const text = `version: 1
clients:
  web: { kind: m2m, name: Web, policy: prodution }
enviroments:
  prod: { policy: production }
`;
  const { failures } = readManifest(text, { environments: ["prod"] });
  expect(failures.map(({ line, path, reason }) => [line, path, reason])).toEqual([
    [4, "enviroments", '"enviroments" is not a property of a manifest: did you mean "environments"?'],
    [1, "environments", '"prod" is not an environment: none is declared'],
    [3, "clients.web.policy", 'is the text "prodution": write "standard" or "production"'],
  ]);
});
