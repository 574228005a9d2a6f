import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("the bundled command loads Pulumi's SDK without TypeScript and npm's dependency tree", async () => {
  const list = `await import("./dist/cli/shared/deployment.js");
    const { createRequire } = await import("node:module");
    const { cache } = createRequire(import.meta.url);
    console.log(Object.values(cache).filter(({ exports }) => Object.keys(exports).length > 0).map(({ filename }) => filename).join("\\n"));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", list]);
  expect(stdout).toContain("/node_modules/@pulumi/pulumi/automation/index.js");
  expect(stdout).not.toMatch(/node_modules\/(typescript|@npmcli\/arborist|normalize-package-data)\//);
});

test("the licences of what is bundled are beside it", async () => {
  const licences = await readFile("dist/cli/LICENSES.txt", "utf8");
  expect(licences.match(/^\S+ [\d.]+: .+$/gm)).toEqual([
    expect.stringMatching(/^commander .*: MIT$/),
    expect.stringMatching(/^yaml .*: ISC$/),
    expect.stringMatching(/^zod .*: MIT$/),
  ]);
  expect(licences.match(/Copyright/g)).toHaveLength(3);
});
