import { access } from "node:fs/promises";
import { expect, test } from "vitest";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
const config = new pulumi.Config("shop");
const provider = 'exports.handler=()=>({create:async({word})=>({id:word,outs:{word}})})';
const dynamic = new pulumi.CustomResource("pulumi-nodejs:dynamic/test:Word", "word", {
  word: config.require("word"),
  __provider: provider,
} as object);
export const id = dynamic.id;
export const secret = config.requireSecret("key");
`;

test("a workspace runs a program with a dynamic provider on the real engine, keeps secrets encrypted, and leaves nothing", async () => {
  const workspace = await pulumiWorkspace({
    files: PROGRAM,
    config: { "shop:word": "hello" },
    secrets: { "shop:key": "planted-secret" },
  });
  const { directory } = workspace;
  {
    await using _ = workspace;
    const up = await workspace.succeed("up");
    expect(up.stderr).toBe("");
    expect(up.events.at(-1)).toHaveProperty("cancelEvent");
    expect((await workspace.resources()).map(({ type }) => type)).toEqual([
      "pulumi:pulumi:Stack",
      "pulumi:providers:pulumi-nodejs",
      "pulumi-nodejs:dynamic/test:Word",
    ]);
    expect(await workspace.outputs()).toEqual({ id: "hello", secret: "planted-secret" });
    expect(await workspace.storedText()).toContain("hello");
    expect(await workspace.storedText()).not.toContain("planted-secret");
    await workspace.write({ "index.ts": "throw new Error('no program');" });
    const failed = await workspace.pulumi("preview");
    expect(failed.code).not.toBe(0);
    expect(failed.stdout).toContain("no program");
  }
  await expect(access(directory)).rejects.toThrow("ENOENT");
});
