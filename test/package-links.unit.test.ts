import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const { files }: { files: string[] } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
/** npm packs these whatever `files` says. */
const ALWAYS = ["README.md", "LICENSE", "package.json"];
/** What a user of the package does not need; the README says that it is in the repository. */
const REPOSITORY_ONLY = ["CONTRIBUTING.md", "examples", "examples/"];

const isPacked = (path: string) =>
  [...ALWAYS, ...files].some((entry) => path === entry || path.startsWith(`${entry}/`));

const linksOf = (file: string) =>
  [...readFileSync(join(ROOT, file), "utf8").matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => normalize(join(dirname(file), target)));

describe("links of the README", () => {
  test.each([...new Set(linksOf("README.md"))])("%s exists, and the npm package has it", (path) => {
    expect(existsSync(join(ROOT, path))).toBe(true);
    expect(isPacked(path) || REPOSITORY_ONLY.includes(path)).toBe(true);
  });
});

test("the README is under 200 lines, and shows a report and the credentials page", () => {
  const text = readFileSync(join(ROOT, "README.md"), "utf8");
  expect(text.split("\n").length).toBeLessThan(200);
  const pictures = [...text.matchAll(/!\[[^\]]{20,}\]\((docs\/[\w-]+\.png)\)/g)].map(([, path]) => path);
  expect(pictures).toEqual(["docs/credentials-page.png", "docs/report.png"]);
  const script = readFileSync(join(ROOT, "demo/screenshots.ts"), "utf8");
  expect(pictures.filter((path = "") => !script.includes(path.slice("docs/".length)))).toEqual([]);
});

test("what the package ships exists", () => {
  expect(files.filter((entry) => entry !== "dist" && !existsSync(join(ROOT, entry)))).toEqual([]);
});
