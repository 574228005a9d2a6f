import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { nodeVersionNote } from "../../house/node-version.ts";

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");

test.each(["20.20.2", "22.18.0"])("npm on Node %s is told in one line which Node the scripts run on", (version) => {
  expect(nodeVersionNote(`npm/11.0.0 node/v${version} linux x64 workspaces/false`, "24.21.0")).toBe(
    `npm runs on Node ${version}, which is older than the packages need; the scripts run on Node 24.21.0 from node_modules.`,
  );
});

test.each([
  ["npm/11.0.0 node/v22.19.0 linux x64"],
  ["npm/11.0.0 node/v24.1.0 linux x64"],
  ["yarn/1.22.0"],
  [undefined],
])("%s is told nothing", (userAgent) => {
  expect(nodeVersionNote(userAgent, "24.21.0")).toBeUndefined();
});

test("npm's own warnings are off in this repository, and on in the workflow that checks it", () => {
  expect(read(".npmrc").split("\n")).toContain("loglevel=error");
  expect(read(".github/workflows/ci.yml")).toContain("npm ci --loglevel=warn");
});

test("the package has no script that npm would run, or warn of, where it is installed", () => {
  const { scripts } = JSON.parse(read("package.json"));
  expect(["preinstall", "install", "postinstall", "prepare"].filter((name) => name in scripts)).toEqual([]);
});
