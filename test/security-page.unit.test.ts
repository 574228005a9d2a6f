import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, root), "utf8");
const page = read("docs/security.md");

test("each promise of docs/security.md names tests, and each of them exists and tests something", () => {
  const promised = page.slice(page.indexOf("## What is promised"), page.indexOf("## What is not promised"));
  const promises = promised.split(/^- /m).slice(1);
  const unheld = promises.filter(
    (promise) => !promise.includes("`test/") && !promise.includes("`npm audit` runs in CI"),
  );
  expect([promises.length > 10, unheld]).toEqual([true, []]);
  const named = [...page.matchAll(/`(test\/[^`]+)`/g)].map(([, file = ""]) => file);
  const missing = named.filter((file) => !existsSync(new URL(file, root)) || !/\btest(\.\w+)*\(/.test(read(file)));
  expect([named.length > 20, missing]).toEqual([true, []]);
});

test("each npm script and source file that docs/security.md names exists, and SECURITY.md leads there", () => {
  const { scripts } = JSON.parse(read("package.json"));
  const named = [...page.matchAll(/`npm run ([a-z:]+)`/g)].map(([, script = ""]) => script);
  expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
  expect(existsSync(new URL("carto/trusted-host.ts", root))).toBe(true);
  expect(read("SECURITY.md")).toContain("(docs/security.md)");
});
