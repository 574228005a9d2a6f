import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";

test("compiled code is kept in the user's own cache directory, not in a pipeline's, and is not missed where there can be none", async () => {
  await using command = await PulumiCarto.create();
  expect((await command.run(["--help"], { CI: "true" })).code).toBe(0);
  expect(await readdir(command.directory)).not.toContain(".cache");
  expect((await command.run(["--help"])).code).toBe(0);
  expect(await readdir(join(command.directory, ".cache/pulumi-carto/node"))).not.toEqual([]);

  await command.write({ "no-directory": "" });
  command.env.HOME = join(command.directory, "no-directory");
  expect(await command.run(["--help"])).toMatchObject({ code: 0, stderr: "" });
});
