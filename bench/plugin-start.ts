/*
 * How long the plugin takes to answer its first check, and its peak memory while it checks and creates 1,000 clients: `node
 * bench/plugin-start.ts`. Linux only.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { packPlugin } from "../distribution/plugin-package.ts";
import { startEmulator } from "../emulator/index.ts";
import { summarize } from "./statistics.ts";

const RUNS = 7;
const CLIENTS = 1000;
const AT_ONCE = 16;

const { Struct } = struct;
const inputsOf = (index: number) =>
  Struct.fromJavaScript({ name: `Client ${index}`, applicationLoginUrl: `https://app-${index}.example.com/` });
const urnOf = (index: number) => `urn:pulumi:dev::bench::carto:index:SpaOAuthClient::client-${index}`;

/** The plugin, as an engine starts and configures it. */
async function startPlugin(main: string, env: NodeJS.ProcessEnv) {
  const start = performance.now();
  const child = spawn(process.execPath, [main], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
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
  await packPlugin(target);
  const mains = {
    "npm package": join(import.meta.dirname, "../dist/plugin/main.js"),
    archive: join(target, "contents/bundle/main.js"),
  };
  for (const [title, main] of Object.entries(mains)) {
    const firsts: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const plugin = await startPlugin(main, emulator.env);
      firsts.push(plugin.firstAnswerMs);
      await plugin.stop();
    }
    const plugin = await startPlugin(main, emulator.env);
    for (let from = 0; from < CLIENTS; from += AT_ONCE) {
      const indexes = Array.from({ length: Math.min(AT_ONCE, CLIENTS - from) }, (_, index) => from + index);
      await Promise.all(indexes.map(async (index) => plugin.create(index, await plugin.check(index))));
    }
    const peak = await plugin.stop();
    console.log(
      `${title}: first answer ${summarize(firsts).median.toFixed(0)} ms, peak ${peak.toFixed(0)} MB with ${CLIENTS} clients`,
    );
  }
} finally {
  await emulator.close();
  await rm(target, { recursive: true, force: true });
}
