import { createRequire } from "node:module";
import { EngineLog } from "../host/engine-log.ts";
import { canTellPeers, isFromAncestor } from "../host/peer-process.ts";
import { ProviderServer } from "../host/provider-server.ts";
import { parentEngine } from "../provider/parent-engine.ts";
import { pluginCore } from "./plugin-core.ts";
import type { PackageFacts } from "./schema.ts";

/* Serves the plugin to the engine that started this process: prints the port that it listens on, and ends with the engine. */

const PARENT_POLL_MS = 1000;

const facts: PackageFacts = createRequire(import.meta.url)("pulumi-carto/package.json");
const [address] = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const log = address === undefined ? undefined : new EngineLog(address);
const engine = parentEngine();
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(1), PARENT_POLL_MS).unref();

const server = await ProviderServer.listen({
  version: facts.version,
  // Calls carry secrets, and this process has the credentials of its environment.
  admits: async (socket) => !canTellPeers() || isFromAncestor(socket),
  serve: ({ warn, isOpen }) =>
    pluginCore(
      {
        environment: process.env,
        warn: (message, urn) => (log ? log.warn(message, urn) : warn(message)),
        engine: { ...engine, isAlive: () => isOpen() && engine.isAlive() },
      },
      facts,
    ),
});
process.stdout.write(`${server.port}\n`);
