import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { promisify } from "node:util";
import grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { expect, test } from "vitest";
import { dynamicCore } from "../../host/dynamic-core.ts";
import { fromStruct, toStruct } from "../../host/messages.ts";
import { canTellPeers, isFromOwnChild } from "../../host/peer-process.ts";
import type { Properties, ProviderCore } from "../../host/provider-core.ts";
import { type EngineConnection, ProviderServer } from "../../host/provider-server.ts";
import { engineWith } from "../provider/lifecycle-fixture.ts";

const SPA_TEXT = 'module.exports=require("pulumi-carto/spa")';
const URN = "urn:pulumi:dev::test::pulumi-nodejs:dynamic/carto:SpaOAuthClient::web";
const WEB = { name: "Web", applicationLoginUrl: "https://web.example.com/", __provider: SPA_TEXT };
const CREDENTIALS = { "carto:accessToken": "a-token" };

function listen(
  serve: (connection: EngineConnection) => ProviderCore,
  admits: (socket: Socket) => Promise<boolean> = async () => true,
) {
  return ProviderServer.listen({ serve, admits, version: "1.2.3" });
}

const dynamic = () => dynamicCore({ environment: {}, warn: () => {}, engine: engineWith() });

/** An engine's connection. */
class Engine implements Disposable {
  readonly #client: ResourceProviderClient;

  constructor(port: number) {
    const options = { "grpc.use_local_subchannel_pool": 1 }; // otherwise two clients share one connection
    this.#client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), options);
  }

  configure(settings: Properties): Promise<unknown> {
    const request = new provider.ConfigureRequest().setArgs(toStruct(settings));
    return new Promise((resolve, reject) => {
      this.#client.configure(request, (error, response) => (error ? reject(error) : resolve(response)));
    });
  }

  check(news: Properties): Promise<{ inputs: Properties; failures: string[] }> {
    const request = new provider.CheckRequest().setUrn(URN).setOlds(toStruct({})).setNews(toStruct(news));
    return new Promise((resolve, reject) => {
      this.#client.check(request, (error, response) => {
        if (error) reject(error);
        else {
          const failures = response.getFailuresList().map((failure) => failure.getProperty());
          resolve({ inputs: fromStruct(response.getInputs()), failures });
        }
      });
    });
  }

  create(inputs: Properties): Promise<grpc.ServiceError | provider.CreateResponse> {
    const request = new provider.CreateRequest().setUrn(URN).setProperties(toStruct(inputs));
    return new Promise((resolve) => {
      this.#client.create(request, (error, response) => resolve(error ?? response));
    });
  }

  version(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#client.getPluginInfo(new empty.Empty(), (error, info) =>
        error ? reject(error) : resolve(info.getVersion()),
      );
    });
  }

  invoke(): Promise<number | undefined> {
    return new Promise((resolve) => {
      this.#client.invoke(new provider.InvokeRequest(), (error) => resolve(error?.code));
    });
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

test.runIf(canTellPeers())(
  "a process that this one has started may connect, this one itself and others may not",
  async () => {
    await using server = await listen(dynamic, isFromOwnChild);
    using own = new Engine(server.port);
    await expect(own.version()).rejects.toThrow("UNAVAILABLE");

    const code = `
    const grpc = require("@grpc/grpc-js");
    const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb.js");
    const { Empty } = require("google-protobuf/google/protobuf/empty_pb.js");
    const client = new ResourceProviderClient("127.0.0.1:${server.port}", grpc.credentials.createInsecure());
    client.getPluginInfo(new Empty(), (error, info) => { console.log(error ? error.code : info.getVersion()); client.close(); });`;
    const child = await promisify(execFile)(process.execPath, ["-e", code]);
    expect(child.stdout).toBe("1.2.3\n");
    // Through a shell, as an engine behind a wrapper script is.
    const grandchild = await promisify(execFile)("sh", ["-c", '"$0" -e "$1"; true', process.execPath, code]);
    expect(grandchild.stdout).toBe("1.2.3\n");
  },
);

test("each connection has a configuration of its own", async () => {
  await using server = await listen(dynamic);
  using strict = new Engine(server.port);
  using lax = new Engine(server.port);
  await strict.configure({ ...CREDENTIALS, "carto:policy": "production" });
  await lax.configure(CREDENTIALS);
  const local = { ...WEB, applicationLoginUrl: "http://localhost:5173/" };
  expect((await strict.check(local)).failures).not.toEqual([]);
  expect((await lax.check(local)).failures).toEqual([]);
  expect((await strict.check(WEB)).inputs).toMatchObject({ deletionProtection: true, __provider: SPA_TEXT });
});

test("code that a resource carries is never run, and the message says what to do", async () => {
  await using server = await listen(dynamic);
  using engine = new Engine(server.port);
  await engine.configure(CREDENTIALS);
  const texts = [
    "globalThis.wasRun = true; exports.handler = () => ({ check: () => ({ inputs: {} }) })",
    `globalThis.wasRun = true;${SPA_TEXT}`,
    `${SPA_TEXT}\nglobalThis.wasRun = true`,
    'module.exports=require("pulumi-carto/../../evil")',
    'module.exports=require("pulumi-carto/constructor")',
    undefined,
  ];
  for (const __provider of texts) {
    await expect(engine.check({ ...WEB, __provider })).rejects.toThrow(
      `2 UNKNOWN: ${URN} is provided by code other than pulumi-carto, which runs in a separate process: add --provider-process.`,
    );
  }
  expect("wasRun" in globalThis).toBe(false);
});

test("a secret in the configuration is taken out of the engine's mark", async () => {
  const settings: unknown[] = [];
  await using server = await listen(() => ({
    ...dynamic(),
    configure: async (given) => {
      settings.push(given);
    },
  }));
  using engine = new Engine(server.port);
  const mark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
  await engine.configure({ "carto:accessToken": { ...mark, value: "a-token" }, "carto:policy": "standard" });
  expect(settings).toEqual([{ "carto:accessToken": "a-token", "carto:policy": "standard" }]);
});

test("a create that left a client behind answers with what the engine has to keep", async () => {
  const unfinished = Object.assign(new Error("it differs"), {
    id: "client-1",
    properties: { name: "Web" },
    reasons: ["it differs"],
  });
  await using server = await listen(() => ({ ...dynamic(), create: () => Promise.reject(unfinished) }));
  using engine = new Engine(server.port);
  const error = (await engine.create(WEB)) as grpc.ServiceError;
  expect([error.code, error.details]).toEqual([grpc.status.UNKNOWN, "it differs"]);
  const [bytes] = error.metadata.get("grpc-status-details-bin") as Buffer[];
  const status = createRequire(import.meta.url)("@pulumi/pulumi/proto/status_pb.js").Status.deserializeBinary(bytes);
  const [packed] = status.getDetailsList();
  const detail = packed.unpack(
    provider.ErrorResourceInitFailed.deserializeBinary,
    "pulumirpc.ErrorResourceInitFailed",
  ) as provider.ErrorResourceInitFailed;
  expect([detail.getId(), fromStruct(detail.getProperties()), detail.getReasonsList()]).toEqual([
    "client-1",
    { name: "Web" },
    ["it differs"],
  ]);
});

test("what the protocol has and a dynamic provider has not is answered as unimplemented", async () => {
  await using server = await listen(dynamic);
  using engine = new Engine(server.port);
  expect(await engine.invoke()).toBe(grpc.status.UNIMPLEMENTED);
});

test("a connection that the engine closes is known to be closed, and its core is notified", async () => {
  const connections: EngineConnection[] = [];
  let told = () => {};
  const closed = new Promise<void>((resolve) => {
    told = resolve;
  });
  await using server = await listen((connection) => {
    connections.push(connection);
    return { ...dynamic(), close: async () => told() };
  });
  const engine = new Engine(server.port);
  await engine.version();
  expect(connections.map((connection) => connection.isOpen())).toEqual([true]);
  engine[Symbol.dispose]();
  await closed;
  expect(connections.map((connection) => connection.isOpen())).toEqual([false]);
});

test("a closed server accepts no connection, and closes the open ones", async () => {
  let closed = 0;
  const server = await listen(() => ({
    ...dynamic(),
    close: async () => {
      closed++;
    },
  }));
  using engine = new Engine(server.port);
  await engine.version();
  await server[Symbol.asyncDispose]();
  expect(closed).toBe(1);
  await expect(engine.version()).rejects.toThrow("UNAVAILABLE");
});
