// biome-ignore-all lint/suspicious/noTemplateCurlyInString: manifests have placeholders of their own
import { expect, test } from "vitest";
import type { Trust } from "../../carto/trusted-host.ts";
import { readManifest } from "../../manifest/read-manifest.ts";

const manifest = (environment: string) =>
  `version: 1\nvariables: { HOST: , PGPASSWORD: , DB_PASSWORD: , PULUMI_CONFIG_PASSPHRASE: , CARTO_M2M_CLIENT_SECRET: }\nclients:\n  robot: { kind: m2m, name: Robot }\nenvironments:\n  prod: ${environment}\n`;
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
  ["{ backend: 's3://bucket?region=eu&endpoint=https://evil.example' }", "backend", "the host evil.example"],
  ["{ backend: 'S3://bucket?region=eu&%65ndpoint=https://evil.example' }", "backend", "the host evil.example"],
  ["{ backend: 's3://bucket?endpoint=https://${HOST}' }", "backend", "the host auth.evil.example"],
  ["{ backend: 's3://bucket?endpoint=http://127.0.0.1:9000' }", "backend", "the host 127.0.0.1:9000"],
  ["{ backend: 's3://bucket?endpoint=http://s3.carto.com' }", "backend", "the host s3.carto.com"],
  ["{ backend: 'azblob://state?domain=evil.example' }", "backend", "the host evil.example"],
  ["{ backend: 'azblob://state?domain=core.windows.net@evil.example' }", "backend", "the host evil.example"],
  ["{ backend: 'gs://state?universe_domain=evil.example' }", "backend", "the host evil.example"],
  ["{ backend: 'postgres://ci:${PGPASSWORD}@evil.example/x' }", "backend", "the host evil.example"],
  ["{ backend: 'postgres://ci@db.carto.com,evil.example/x' }", "backend", "the host evil.example"],
  ["{ secretsProvider: 'awskms://alias/x?endpoint=https://evil.example' }", "secretsProvider", "the host evil.example"],
  ["{ secretsProvider: 'azurekeyvault://evil.example/keys/x' }", "secretsProvider", "the host evil.example"],
  [
    "{ secretsProvider: 'azurekeyvault://vault.azure.net.evil.example/keys/x' }",
    "secretsProvider",
    "the host vault.azure.net.evil.example",
  ],
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
  ["{ backend: 'file:///var/state' }", { hosts: [] }],
  ["{ backend: 's3://bucket/folder?region=eu-west-1&awssdk=v2&profile=ci' }", { hosts: [] }],
  ["{ backend: 's3://bucket?endpoint=https://minio.acme.example:9000' }", { hosts: ["acme.example"] }],
  ["{ backend: 'gs://bucket' }", { hosts: [] }],
  ["{ backend: 'azblob://state?storage_account=acme' }", { hosts: [] }],
  ["{ backend: 'postgres://ci:${PGPASSWORD}@db.acme.example/x?sslmode=verify-full' }", { hosts: ["db.acme.example"] }],
  ["{ secretsProvider: passphrase }", { hosts: [] }],
  ["{ secretsProvider: 'awskms://alias/pulumi?region=eu-west-1&context_a=b' }", { hosts: [] }],
  ["{ secretsProvider: 'azurekeyvault://acme.vault.azure.net/keys/x' }", { hosts: [] }],
  ["{ secretsProvider: 'gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k' }", { hosts: [] }],
  ["{ secretsProvider: 'hashivault://key' }", { hosts: [] }],
])("%s is right where the operator trusts %j", (environment, trust) => {
  expect(failures(environment, trust)).toEqual([]);
});

const ELSEWHERE = "to what may send credentials elsewhere";

test.each([
  ["backend", "s3://bucket?disable_https=true", `sets "disable_https" ${ELSEWHERE}`],
  ["backend", "s3://bucket?Endpoint=https://evil.example", `sets "Endpoint" ${ELSEWHERE}`],
  ["backend", "s3://bucket?endpoint=evil.example", 'names no host in its parameter "endpoint"'],
  ["backend", "gs://bucket?private_key_path=/home/ci/key", `sets "private_key_path" ${ELSEWHERE}`],
  ["backend", "azblob://state?protocol=http", `sets "protocol" ${ELSEWHERE}`],
  ["backend", "azblob://state?localemu=true", `sets "localemu" ${ELSEWHERE}`],
  ["backend", "postgres:///x?host=evil.example", `sets "host" ${ELSEWHERE}`],
  ["backend", "postgres://db.acme.example/x?hostaddr=10.0.0.1", `sets "hostaddr" ${ELSEWHERE}`],
  ["backend", "postgres://db.acme.example/x?sslmode=disable", `sets "sslmode" ${ELSEWHERE}`],
  ["backend", "postgres://db.acme.example:1,evil.example:2/x", "is not a URL that can be read"],
  ["secretsProvider", "hashivault://key?address=https://evil.example", `sets "address" ${ELSEWHERE}`],
  ["backend", "evil.example", "does not begin with one of s3://"],
  ["secretsProvider", "evil+https://evil.example", "does not begin with one of s3://"],
])("%s %s is refused", (setting, url, reason) => {
  const found = failures(`{ ${setting}: '${url}' }`, { hosts: ["acme.example"] });
  expect(found).toEqual([[`environments.prod.${setting}`, "trusted-host", expect.stringContaining(reason)]]);
});

test("a refused parameter says what to do instead", () => {
  const {
    failures: [failure],
  } = readManifest(manifest("{ backend: 's3://bucket?disable_https=true' }"), {
    trustIn: () => ({ hosts: [] }),
  });
  expect(failure?.reason).toBe(
    'sets "disable_https" to what may send credentials elsewhere, or without encryption. If it is right, set the whole URL in PULUMI_BACKEND_URL instead',
  );
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
