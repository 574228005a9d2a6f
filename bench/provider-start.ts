/* Breaks down the time and memory of a provider process by part: `node bench/provider-start.ts` after a build. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { summarize } from "./statistics.ts";

const RUNS = 7;

/** One process that loads what the SDK's script loads, in an order that tells the parts apart, then our provider. */
const PROGRAM = `
  const { createRequire } = require("node:module");
  const sdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const rows = [];
  let [time, memory] = [0, 0];
  const row = (part) => {
    const [now, rss] = [performance.now(), process.memoryUsage.rss() / 1e6];
    rows.push({ part, ms: now - time, mb: rss - memory });
    [time, memory] = [now, rss];
  };
  (async () => {
    row("bare Node");
    sdk("@grpc/grpc-js");
    sdk("google-protobuf");
    row("gRPC and protocol buffers");
    sdk("typescript");
    row("TypeScript, which the SDK loads to serialise closures");
    sdk("./runtime/index.js");
    sdk("./proto/provider_grpc_pb.js");
    row("the rest of what the SDK's script loads");
    const provider = require("pulumi-carto/spa").handler();
    await provider.configure({ config: { get: (key) => ({ "carto:accessToken": "unused" })[key] } });
    const args = (index) => ({ name: "Web", applicationLoginUrl: "https://app-" + index + ".example.com/", __provider: "" });
    await provider.check({}, args(0));
    row("our provider, until its first check is done");
    const kept = [];
    for (let index = 1; index <= 1000; index++) kept.push(await provider.check({}, args(index)));
    row("a thousand checks");
    await import("./dist/provider/lifecycle.js");
    await import("./dist/carto/tenant.js");
    row("what the first call to CARTO loads: undici, zod, the lifecycle");
    console.log(JSON.stringify(rows));
  })();
`;

const cwd = fileURLToPath(new URL("../", import.meta.url));
const runs: { part: string; ms: number; mb: number }[][] = [];
for (let run = 0; run < RUNS; run++) {
  runs.push(JSON.parse(execFileSync(process.execPath, ["--eval", PROGRAM], { cwd, encoding: "utf8" })));
}
for (const [index, { part }] of (runs[0] ?? []).entries()) {
  const median = (figure: "ms" | "mb") => summarize(runs.map((rows) => rows[index]?.[figure] ?? Number.NaN)).median;
  console.log(`${part}: ${median("ms").toFixed(0)} ms, ${median("mb").toFixed(0)} MB`);
}
