import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { expect, test } from "vitest";
import { canTellPeers } from "../../host/peer-process.ts";

const MAIN = fileURLToPath(new URL("../../plugin/main.ts", import.meta.url));
/** An engine's address where nobody listens: warnings go nowhere. */
const NOWHERE = "127.0.0.1:9";

/** The plugin as an engine starts it; the first line that it prints is its port. */
async function startPlugin(command: string, args: string[]) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, port };
}

const askVersion = (port: string) =>
  new Promise<string>((resolve, reject) => {
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    client.getPluginInfo(new empty.Empty(), (error, info) => {
      client.close();
      if (error) reject(error);
      else resolve(info.getVersion());
    });
  });

test("who has started the plugin may connect, another process may not if the system can identify it", async () => {
  const { child, port } = await startPlugin(process.execPath, [MAIN, NOWHERE]);
  try {
    expect(await askVersion(port)).toMatch(/^\d+\.\d+\.\d+$/);
    if (!canTellPeers()) return;
    const code = `
      const grpc = require("@grpc/grpc-js");
      const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb.js");
      const { Empty } = require("google-protobuf/google/protobuf/empty_pb.js");
      const client = new ResourceProviderClient("127.0.0.1:${port}", grpc.credentials.createInsecure());
      client.getPluginInfo(new Empty(), (error) => { console.log(error?.code); client.close(); });`;
    const other = await promisify(execFile)(process.execPath, ["-e", code]);
    expect(other.stdout).toBe(`${grpc.status.UNAVAILABLE}\n`);
  } finally {
    child.kill();
    await once(child, "close");
  }
});

test("the plugin ends when what has started it is killed", async () => {
  const { child } = await startPlugin("sh", ["-c", '"$0" "$1" "$2"; true', process.execPath, MAIN, NOWHERE]);
  const closed = once(child.stdout, "close"); // the plugin holds the other end
  child.kill("SIGKILL");
  await closed;
});
