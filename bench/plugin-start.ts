/*
 * How long the plugin takes to answer its first check, and its peak memory while it checks and creates 1,000 clients: `node
 * bench/plugin-start.ts`. Linux only.
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
const AT_ONCE = 16;

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
  return { firstAnswerMs, check, create, stop };
}

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
    for (let run = 0; run < RUNS; run++) {
      const plugin = await startPlugin(command, emulator.env);
      firsts.push(plugin.firstAnswerMs);
      await plugin.stop();
    }
    const peaks: number[] = [];
    for (let run = 0; run < PEAK_RUNS; run++) {
      const plugin = await startPlugin(command, emulator.env);
      for (let from = 0; from < CLIENTS; from += AT_ONCE) {
        const indexes = Array.from({ length: Math.min(AT_ONCE, CLIENTS - from) }, (_, index) => from + index);
        await Promise.all(indexes.map(async (index) => plugin.create(index, await plugin.check(index))));
      }
      peaks.push(await plugin.stop());
    }
    const [first, peak] = [firsts, peaks].map((figures) => summarize(figures).median.toFixed(0));
    console.log(`${title}: first answer ${first} ms, peak ${peak} MB with ${CLIENTS} clients`);
  }
} finally {
  await emulator.close();
  await rm(target, { recursive: true, force: true });
}
