/*
 * How long the plugin takes to answer its first check, the processor time that it then takes for 100 clients, and its peak memory while it
 * checks and creates 1,000: `node bench/plugin-start.ts`. Linux only.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { packPlugin } from "../distribution/plugin-package.ts";
import { startEmulator } from "../emulator/index.ts";
import { summarize } from "./statistics.ts";

const RUNS = 7;
const PEAK_RUNS = 5;
const CLIENTS = 1000;
const FEW = 100;
const AT_ONCE = 16;
/** Of the kernel's figures. */
const TICK_MS = 10;

const { Struct } = struct;
const inputsOf = (index: number) =>
  Struct.fromJavaScript({ name: `Client ${index}`, applicationLoginUrl: `https://app-${index}.example.com/` });
const urnOf = (index: number) => `urn:pulumi:dev::bench::carto:index:SpaOAuthClient::client-${index}`;

/** The plugin, as an engine starts and configures it. */
async function startPlugin([command = "", ...args]: readonly string[], env: NodeJS.ProcessEnv) {
  const start = performance.now();
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...env, PATH } });
  const [port] = await once(createInterface(child.stdout), "line");
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const configured = new provider.ConfigureRequest().setArgs(Struct.fromJavaScript({ __identity: "bench" }));
  await new Promise((resolve) => client.configure(configured, resolve));
  const check = (index: number) =>
    new Promise<struct.Struct>((resolve, reject) => {
      const request = new provider.CheckRequest().setUrn(urnOf(index)).setOlds(new Struct()).setNews(inputsOf(index));
      client.check(request, (error, response) =>
        error ? reject(error) : resolve(response.getInputs() ?? new Struct()),
      );
    });
  await check(0);
  const firstAnswerMs = performance.now() - start;
  const create = (index: number, inputs: struct.Struct) =>
    new Promise((resolve, reject) => {
      const request = new provider.CreateRequest().setUrn(urnOf(index)).setProperties(inputs);
      client.create(request, (error) => (error ? reject(error) : resolve(undefined)));
    });
  const stop = async () => {
    const status = await readFile(`/proc/${child.pid}/status`, "utf8");
    client.close();
    child.kill();
    await once(child, "close");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1000;
  };
  /** Processor time so far, in milliseconds. */
  const usedMs = async () => {
    const stat = await readFile(`/proc/${child.pid}/stat`, "utf8");
    // What follows the name, which may hold anything: the twelfth and thirteenth are the time in user and kernel mode. @see proc_pid_stat(5)
    const [user = 0, kernel = 0] = stat
      .replace(/^.*\) /s, "")
      .split(" ")
      .slice(11, 13)
      .map(Number);
    return (user + kernel) * TICK_MS;
  };
  return { firstAnswerMs, check, create, usedMs, stop };
}

/** Works on each index below a count, a few at a time. */
async function forEach<Result>(count: number, work: (index: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < count; from += AT_ONCE) {
    const indexes = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) => from + index);
    results.push(...(await Promise.all(indexes.map(work))));
  }
  return results;
}

const medianOf = (figures: readonly number[]) => summarize(figures).median.toFixed(0);

const target = await mkdtemp(join(tmpdir(), "pulumi-carto-bench-"));
const emulator = await startEmulator();
try {
  const { contents } = await packPlugin(target);
  const commands = {
    "npm package": [process.execPath, join(import.meta.dirname, "../dist/plugin/main.js")],
    archive: [join(contents, "pulumi-resource-carto")],
  };
  for (const [title, command] of Object.entries(commands)) {
    const firsts: number[] = [];
    const starts: number[] = [];
    const checks: number[] = [];
    const creates: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const plugin = await startPlugin(command, emulator.env);
      const started = await plugin.usedMs();
      const inputs = await forEach(FEW, plugin.check);
      const checked = await plugin.usedMs();
      await forEach(FEW, (index) => plugin.create(index, inputs[index] ?? new Struct()));
      firsts.push(plugin.firstAnswerMs);
      starts.push(started);
      checks.push(checked - started);
      creates.push((await plugin.usedMs()) - checked);
      await plugin.stop();
    }
    const peaks: number[] = [];
    for (let run = 0; run < PEAK_RUNS; run++) {
      const plugin = await startPlugin(command, emulator.env);
      await forEach(CLIENTS, async (index) => {
        await plugin.create(index, await plugin.check(index));
      });
      peaks.push(await plugin.stop());
    }
    console.log(`${title}: first answer ${medianOf(firsts)} ms, peak ${medianOf(peaks)} MB with ${CLIENTS} clients`);
    console.log(
      `  processor time: ${medianOf(starts)} ms until then, ${medianOf(checks)} ms for ${FEW} checks, ${medianOf(creates)} ms for ${FEW} creates`,
    );
  }
} finally {
  await emulator.close();
  await rm(target, { recursive: true, force: true });
}
