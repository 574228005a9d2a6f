// biome-ignore-all lint/suspicious/noTemplateCurlyInString: manifests have placeholders of their own
import { expect, test } from "vitest";
import type { Trust } from "../../carto/trusted-host.ts";
import { readManifest } from "../../manifest/read-manifest.ts";

const manifest = (environment: string) =>
  `version: 1\nvariables: { HOST: }\nclients:\n  robot: { kind: m2m, name: Robot }\nenvironments:\n  prod: ${environment}\n`;
const failures = (environment: string, trust: Trust = { hosts: [] }) =>
  readManifest(manifest(environment), {
    trustIn: () => trust,
    environmentVariables: {
      HOST: "auth.evil.example",
      PGPASSWORD: "p",
      DB_PASSWORD: "p",
      PULUMI_CONFIG_PASSPHRASE: "p",
    },
  }).failures.map(({ path, rule, reason }) => [path, rule, reason.split(",")[0]]);

test.each([
  ["{ tenant: { authUrl: 'https://auth.evil.example' } }", "tenant.authUrl", "the host auth.evil.example"],
  ["{ tenant: { authUrl: 'https://${HOST}' } }", "tenant.authUrl", "the host auth.evil.example"],
  [
    "{ tenant: { accountsUrl: 'https://accounts.app.carto.com.evil.example' } }",
    "tenant.accountsUrl",
    "the host accounts.app.carto.com.evil.example",
  ],
  ["{ tenant: { credentialsUrl: 'http://127.0.0.1:4000' } }", "tenant.credentialsUrl", "the host 127.0.0.1:4000"],
  ["{ tenant: { authUrl: 'http://auth.carto.com' } }", "tenant.authUrl", "the host auth.carto.com"],
  ["{ backend: 'https://pulumi.evil.example' }", "backend", "the host pulumi.evil.example"],
])("%s is refused: the manifest trusts no host", (environment, path, reason) => {
  expect(failures(environment)).toEqual([[`environments.prod.${path}`, "trusted-host", reason]]);
});

test.each([
  ["{ tenant: { authUrl: 'https://auth.carto.com' } }", { hosts: [] }],
  ["{ tenant: { authUrl: 'https://auth.acme.example' } }", { hosts: ["acme.example"] }],
  [
    "{ tenant: { credentialsUrl: 'https://carto.acme.example/workspace-api' } }",
    { hosts: [], tenantDomain: "carto.acme.example" },
  ],
  ["{ tenant: { authUrl: 'http://127.0.0.1:4000' } }", { hosts: ["127.0.0.1:4000"] }],
  ["{ backend: 'https://api.pulumi.com' }", { hosts: [] }],
  ["{ backend: 's3://bucket' }", { hosts: [] }],
])("%s is right where the operator trusts %j", (environment, trust) => {
  expect(failures(environment, trust)).toEqual([]);
});

test.each([
  "http://host/${PULUMI_CONFIG_PASSPHRASE}/${CARTO_M2M_CLIENT_SECRET}",
  "https://user:${DB_PASSWORD}@host/",
  "postgres://${DB_PASSWORD}/db",
  "postgres://host/${DB_PASSWORD}",
  "postgres://u:p@host/db?password=${DB_PASSWORD}",
  "postgres://u:${PULUMI_CONFIG_PASSPHRASE}@host/db",
  "s3://bucket/${DB_PASSWORD}",
  "file://${DB_PASSWORD}@host",
  "${DB_PASSWORD}",
])("a secret in backend: %s is refused", (backend) => {
  expect(failures(`{ backend: '${backend}' }`, { hosts: ["host"] }).map(([, rule]) => rule)).toContain("no-secret");
});

test.each(["postgres://ci:${PGPASSWORD}@db.example.com/pulumi", "postgres://ci:$${DB_PASSWORD}@db.example.com/pulumi"])(
  "a secret in backend: %s is right",
  (backend) => {
    expect(failures(`{ backend: '${backend}' }`).filter(([, rule]) => rule === "no-secret")).toEqual([]);
  },
);
