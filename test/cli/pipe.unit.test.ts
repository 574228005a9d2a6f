import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

test("a reader that closes the output early is not a failure", async () => {
  const child = spawn(process.execPath, ["dist/cli/main.js", "schema"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let complaints = "";
  child.stderr.on("data", (text) => {
    complaints += text;
  });
  const [code] = await once(child, "close");
  expect([code, complaints]).toEqual([0, ""]);
});
