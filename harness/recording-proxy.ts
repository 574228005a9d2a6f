import { createServer, type Server } from "node:http";
import { listeningPort } from "../emulator/http/listening-port.ts";

/** A proxy that records which hosts a process wants to reach, and refuses all connections. */
export class RecordingProxy implements AsyncDisposable {
  /** Hosts with port, in the order of the requests. */
  readonly hosts: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (request, response) => {
      this.hosts.push(new URL(request.url ?? "", "http://unknown").host);
      response.writeHead(502).end();
    });
    server.on("connect", (request, socket) => {
      this.hosts.push(request.url ?? "");
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
  }

  static async start(): Promise<RecordingProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new RecordingProxy(server);
  }

  /** Variables that lead all requests here, except to loopback hosts. */
  get env(): Record<string, string> {
    const url = `http://127.0.0.1:${listeningPort(this.#server)}`;
    return { HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: "127.0.0.1,localhost" };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}
