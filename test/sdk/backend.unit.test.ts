import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { backendIdentity } from "../../sdk/backend.ts";

let home: string;
let program: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "home-")));
  program = join(home, "project", "src");
  mkdirSync(program, { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true }));

const identity = (environment: Record<string, string> = {}) => backendIdentity({ HOME: home, ...environment }, program);
const logIn = (text: string, directory = join(home, ".pulumi")) => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "credentials.json"), text);
};
const project = (text: string) => writeFileSync(join(home, "project", "Pulumi.yaml"), text);

test("PULUMI_BACKEND_URL comes before the project's backend, and that before the login", () => {
  logIn('{"current":"https://login.example.com"}');
  expect(identity()).toBe("https://login.example.com");
  project("name: maps\nbackend:\n  url: s3://of-project\n");
  expect(identity()).toBe("s3://of-project");
  expect(identity({ PULUMI_BACKEND_URL: "gs://of-environment" })).toBe("gs://of-environment");
});

test("PULUMI_HOME tells where the login is kept", () => {
  logIn('{"current":"azblob://there"}', join(home, "elsewhere"));
  expect(identity({ PULUMI_HOME: join(home, "elsewhere") })).toBe("azblob://there");
});

test.each([
  ["nobody is logged in", undefined],
  ["the login cannot be read", "{"],
])("where %s it is Pulumi Cloud", (_what, credentials) => {
  if (credentials) logIn(credentials);
  project("name: maps\nruntime: nodejs\n");
  expect(identity()).toBe("https://api.pulumi.com");
});

test("two people's file://~ are two backends", () => {
  expect(identity({ PULUMI_BACKEND_URL: "file://~" })).toBe(`file://${home}`);
  expect(identity({ PULUMI_BACKEND_URL: "file://~/state" })).toBe(`file://${home}/state`);
});

test("a relative path is one from the project's directory", () => {
  project("name: maps\n");
  expect(identity({ PULUMI_BACKEND_URL: "file://./state" })).toBe(`file://${home}/project/state`);
});

test("how a backend is reached does not count, only which it is", () => {
  const urls = ["s3://bucket/prefix", "s3://bucket/prefix/", "s3://bucket/prefix?region=eu-west-1&awssdk=v2"];
  expect(new Set(urls.map((url) => identity({ PULUMI_BACKEND_URL: url }))).size).toBe(1);
});
