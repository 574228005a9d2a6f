import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Locked {
  version?: string;
  integrity?: string;
  resolved?: string;
  link?: boolean;
  dev?: boolean;
  devOptional?: boolean;
  license?: string;
  hasInstallScript?: boolean;
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), "utf8"));
const locked = Object.entries(read("package-lock.json").packages as Record<string, Locked>).filter(
  ([path, { link }]) => path !== "" && link !== true,
);
const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

test("every package of the lock file is bound by a SHA-512, and by no registry's address", () => {
  expect(locked.length).toBeGreaterThan(100);
  expect(
    locked.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? "")).map(([path]) => path),
  ).toEqual([]);
  expect(locked.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
});

test("of each package with an install script it is said whether it runs: only Node's does", () => {
  const { allowScripts } = read("package.json");
  const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));
  expect(scripted.toSorted()).toEqual(Object.keys(allowScripts));
  expect(Object.keys(allowScripts).filter((name) => allowScripts[name])).toEqual(["node"]);
});

/** Data, attributed in its own package; and a package whose file is the MIT licence. */
const LOOKED_AT = ["spdx-exceptions", "@logdna/tail-file"];

const PERMISSIVE = /^(0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|CC0-1\.0|ISC|MIT|Python-2\.0|Unlicense)$/;

test("what users install has a permissive licence", () => {
  const others = locked
    .filter(([path, { dev }]) => dev !== true && !LOOKED_AT.includes(nameOf(path)))
    .filter(([, { license = "" }]) => !license.split(/ OR | AND |[()]/).some((one) => PERMISSIVE.test(one)));
  expect(others.map(([path, { license }]) => `${path} ${license}`)).toEqual([]);
});
