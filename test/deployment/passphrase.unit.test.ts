import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { hasPassphrase, needsPassphrase } from "../../deployment/passphrase.ts";

test.each([
  ["file://~", undefined, true],
  ["s3://bucket", "default", true],
  ["postgres://host/db", "passphrase", true],
  ["https://api.pulumi.com", "passphrase", true],
  ["file://~", "awskms://alias/pulumi", false],
  ["https://api.pulumi.com", undefined, false],
  ["http://pulumi.example.com", undefined, false],
  ["", undefined, false],
  [undefined, undefined, false],
])("the backend %s with the secrets provider %s needs a passphrase: %s", (backend, secretsProvider, needed) => {
  expect(needsPassphrase(backend, secretsProvider)).toBe(needed);
});

test("an empty passphrase counts, and a file only if it can be read where the engine runs", async () => {
  const directory = await mkdtemp(join(tmpdir(), "passphrase-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, "passphrase.txt"), "x");
  const found = (variables: Record<string, string>) => hasPassphrase(variables, directory);
  expect(await found({})).toBe(false);
  expect(await found({ PULUMI_CONFIG_PASSPHRASE: "" })).toBe(true);
  expect(await found({ PULUMI_CONFIG_PASSPHRASE_FILE: "" })).toBe(false);
  expect(await found({ PULUMI_CONFIG_PASSPHRASE_FILE: "passphrase.txt" })).toBe(true);
  expect(await found({ PULUMI_CONFIG_PASSPHRASE_FILE: "missing.txt" })).toBe(false);
  expect(await found({ PULUMI_CONFIG_PASSPHRASE_FILE: directory })).toBe(false);
});
