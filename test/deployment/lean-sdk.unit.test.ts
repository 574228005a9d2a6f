import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("the command loads neither TypeScript nor npm's dependency tree, and sends no debug messages", async () => {
  const deployment = fileURLToPath(new URL("../../deployment/deployment.ts", import.meta.url));
  const code = `
    const { createRequire } = await import("node:module");
    await import(${JSON.stringify(deployment)});
    const require = createRequire(${JSON.stringify(deployment)});
    const pulumi = require("@pulumi/pulumi");
    const loaded = Object.keys(require.cache).filter((path) => /node_modules.(typescript|pacote|@npmcli.arborist.lib.(?!index))/.test(path));
    const { setMockOptions } = require("@pulumi/pulumi/runtime/settings.js");
    const messages = [];
    setMockOptions({}, "project", "stack", true);
    require("@pulumi/pulumi/runtime/settings.js").getEngine = () => ({ log: (message, done) => { messages.push(message.getMessage()); done(); } });
    await pulumi.log.debug("hidden");
    await pulumi.log.info("shown");
    console.log(JSON.stringify({ loaded, messages }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code]);
  expect(JSON.parse(stdout)).toEqual({ loaded: [], messages: ["shown"] });
});
