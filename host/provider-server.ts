import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { EngineLog } from "./engine-log.ts";
import type { ProviderCore } from "./provider-core.ts";
import { providerService, type Served } from "./provider-service.ts";

/** What a connection gives the core that serves it. */
export interface EngineConnection {
  /** Shows the user a warning. */
  warn(message: string): void;
  /** False once the engine has closed it, or has been killed. */
  isOpen(): boolean;
}

/** What a server serves. */
export interface ProviderServerOptions {
  /** Makes what serves one connection. */
  serve: (connection: EngineConnection) => ProviderCore;
  /** Whether whoever is at the other end may connect. Asked before anything is read. */
  admits: (socket: Socket) => Promise<boolean>;
  /** Of the provider, for the engine. */
  version: string;
}

/** The engine's open connections, by the address that gRPC names each call's peer with. */
type Connected = Map<string, Served & { closed: Promise<void>; socket: Socket }>;

/** Serves a provider to engines, on a port of IPv4 loopback. */
export class ProviderServer implements AsyncDisposable {
  readonly port: number;
  readonly #listener: Server;
  readonly #grpc: grpc.Server;
  readonly #connected: Connected;

  private constructor(listener: Server, server: grpc.Server, connected: Connected) {
    this.port = (listener.address() as AddressInfo).port;
    this.#listener = listener;
    this.#grpc = server;
    this.#connected = connected;
  }

  static async listen({ serve, admits, version }: ProviderServerOptions): Promise<ProviderServer> {
    const connected: Connected = new Map();
    // The engine sends and takes messages of any size, as the SDK's own host does.
    const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
    const find = (call: { getPeer(): string }) => {
      const found = connected.get(call.getPeer());
      if (found === undefined) throw new Error("the connection has been closed");
      return found;
    };
    server.addService(ResourceProviderService, providerService(find, version));
    const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
    const listener = createServer({ noDelay: true }, async (socket) => {
      socket.on("error", () => {}); // "close" follows
      if (!(await admits(socket).catch(() => false)) || socket.destroyed) {
        socket.destroy();
        return;
      }
      const peer = `${socket.remoteAddress}:${socket.remotePort}`;
      connected.set(
        peer,
        connect(socket, serve, () => connected.delete(peer)),
      );
      injector.injectConnection(socket);
    });
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    return new ProviderServer(listener, server, connected);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    const ended = [...this.#connected.values()].map(({ closed, socket }) => {
      socket.destroy();
      return closed;
    });
    this.#grpc.forceShutdown();
    await Promise.all(ended);
  }
}

function connect(socket: Socket, serve: ProviderServerOptions["serve"], forget: () => void) {
  let log: EngineLog | undefined;
  const core = serve({ warn: (message) => log?.warn(message), isOpen: () => !socket.destroyed });
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve())).then(async () => {
    forget();
    log?.close();
    await core.close();
  });
  return {
    core,
    socket,
    closed,
    attach: (address: string) => {
      log?.close();
      log = new EngineLog(address);
    },
  };
}
