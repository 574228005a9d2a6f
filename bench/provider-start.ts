/* Breaks down the time and memory of a provider process by part: `node bench/provider-start.ts` after a build. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startEmulator } from "../emulator/index.ts";
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
    await provider.configure({ config: { get: () => undefined } });
    const args = (index) => ({ name: "Web", applicationLoginUrl: "https://app-" + index + ".example.com/", __provider: "" });
    await provider.check({}, args(0));
    row("our provider, until its first check is done");
    const kept = [];
    for (let index = 1; index <= 1000; index++) kept.push(await provider.check({}, args(index)));
    row("a thousand checks");
    const answer = await provider.read("unknown", {}).catch(({ code }) => code);
    if (answer !== "not_found") throw new Error(JSON.stringify(answer));
    row("the first call to CARTO, which loads undici, zod and the lifecycle");
    console.log(JSON.stringify(rows));
  })();
`;

const cwd = fileURLToPath(new URL("../", import.meta.url));
await using emulator = await startEmulator();
const env = { ...process.env, ...emulator.env };
const runs: { part: string; ms: number; mb: number }[][] = [];
for (let run = 0; run < RUNS; run++) {
  const { stdout } = await promisify(execFile)(process.execPath, ["--eval", PROGRAM], { cwd, env });
  runs.push(JSON.parse(stdout));
}
for (const [index, { part }] of (runs[0] ?? []).entries()) {
  const median = (figure: "ms" | "mb") => summarize(runs.map((rows) => rows[index]?.[figure] ?? Number.NaN)).median;
  console.log(`${part}: ${median("ms").toFixed(0)} ms, ${median("mb").toFixed(0)} MB`);
}
