import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { type LockedPackage, licencesOf, packageName } from "../house/licences.ts";

const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), "utf8"));
const locked = Object.entries(read("package-lock.json").packages as Record<string, LockedPackage>).filter(
  ([path, { link }]) => path !== "" && link !== true,
);

test("every package of the lock file is bound by a SHA-512, and by no registry's address", () => {
  expect(locked.length).toBeGreaterThan(100);
  expect(
    locked.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? "")).map(([path]) => path),
  ).toEqual([]);
  expect(locked.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
});

test("of each package with an install script it is said whether it runs: only Node's does", () => {
  const { allowScripts } = read("package.json");
  const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => packageName(path));
  expect(scripted.toSorted()).toEqual(Object.keys(allowScripts));
  expect(Object.keys(allowScripts).filter((name) => allowScripts[name])).toEqual(["node"]);
});

test("what users install has a permissive licence", () => {
  const licences = licencesOf(read("package-lock.json").packages);
  expect(licences.length).toBeGreaterThan(100);
  expect(licences.filter(({ allowed }) => !allowed)).toEqual([]);
});

test.each([
  ["MIT", true],
  ["(MIT OR GPL-3.0-only)", true],
  ["MIT AND ISC", true],
  ["MIT AND GPL-3.0-only", false],
  ["(MIT OR GPL-3.0-only) AND ISC", false],
  ["GPL-3.0-only", false],
  ["SEE LICENSE IN LICENSE.md", false],
  ["", false],
])("the licence %j is allowed: %s", (license, allowed) => {
  expect(licencesOf({ "node_modules/a": { license } })).toMatchObject([{ name: "a", allowed }]);
});

test("no workflow runs an action that has no version, or keeps credentials in the checkout", () => {
  for (const name of ["ci.yml", "release.yml"]) {
    const text = readFileSync(new URL(`../.github/workflows/${name}`, import.meta.url), "utf8");
    const uses = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
    expect(uses.filter((action) => !/^actions\/[a-z-]+@(v\d+|[0-9a-f]{40})$/.test(action ?? ""))).toEqual([]);
    expect(text.match(/actions\/checkout/g)?.length).toBe(text.match(/persist-credentials: false/g)?.length);
    expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
  }
});

test("audit, licences and the bill of materials are part of the workflows", () => {
  const ci = readFileSync(new URL("../.github/workflows/ci.yml", import.meta.url), "utf8");
  const release = readFileSync(new URL("../.github/workflows/release.yml", import.meta.url), "utf8");
  expect(ci).toContain("npm audit --omit=dev");
  expect(ci).toContain("npm run licences");
  expect(release).toContain("npm run --silent sbom > sbom.cdx.json");
});

test("a release is published with provenance, from the tag of its version, after the tests, and by no token", () => {
  const text = readFileSync(new URL("../.github/workflows/release.yml", import.meta.url), "utf8");
  const { on, jobs } = parse(text);
  expect(on).toEqual({ push: { tags: ["v*.*.*"] } });
  expect(Object.keys(jobs)).toEqual(["test", "publish"]);
  expect([jobs.publish.needs, jobs.publish.permissions, jobs.test.permissions]).toEqual([
    "test",
    { contents: "write", "id-token": "write" },
    undefined,
  ]);
  const commands = (job: string): string[] => jobs[job].steps.flatMap(({ run }: { run?: string }) => run ?? []);
  expect(commands("test").at(-1)).toBe(".ci/run");
  expect(commands("test")[0]).toContain('= "$GITHUB_REF_NAME"');
  const publish = commands("publish");
  const at = publish.indexOf("npm publish --provenance --access public");
  expect(publish[at - 1]).toBe(
    'npm pkg set repository.type=git "repository.url=git+$GITHUB_SERVER_URL/$GITHUB_REPOSITORY.git"',
  );
  expect(text).not.toMatch(/NPM_TOKEN|NODE_AUTH_TOKEN/);
});

test("the README has no badge: nothing is published that one could show", () => {
  expect(readFileSync(new URL("../README.md", import.meta.url), "utf8")).not.toMatch(/!\[[^\]]*\]\(https?:/);
});
