import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { listeningPort } from "../emulator/http/listening-port.ts";
import type { Conditions } from "./api.ts";

type Client = Record<string, unknown> & { client_id: string };

/**
 * A stand-in for `/api/v2/clients` of Auth0's Management API that serves the calls of its Terraform provider: create, read, update, delete;
 * over TLS and HTTP/2, as the provider knows nothing else and the real one has both.
 *
 * @see https://auth0.com/docs/api/management/v2/clients
 */
export class Auth0Api implements AsyncDisposable {
  readonly #server: ReturnType<typeof createSecureServer>;
  readonly #clients = new Map<string, Client>();
  #conditions: Conditions = {};
  #allowance = 1;
  #countedAt = 0;
  #requests: Record<string, number> = {};

  private constructor(certificate: { cert: Buffer; key: Buffer }) {
    this.#server = createSecureServer({ ...certificate, allowHTTP1: true }, (request, response) => {
      this.#answer(request, response).catch((error) => response.stream?.destroy(error));
    });
  }

  /** @param directory that holds `cert.pem` and `key.pem` */
  static async start(directory: string): Promise<Auth0Api> {
    const [cert, key] = await Promise.all([
      readFile(join(directory, "cert.pem")),
      readFile(join(directory, "key.pem")),
    ]);
    const api = new Auth0Api({ cert, key });
    api.#server.listen(0, "127.0.0.1");
    await once(api.#server, "listening");
    return api;
  }

  /** Host and port: what the provider calls a domain. */
  get domain(): string {
    return `127.0.0.1:${listeningPort(this.#server)}`;
  }

  /** From now on. */
  behave(conditions: Conditions): void {
    this.#conditions = conditions;
    this.#allowance = 1;
    this.#countedAt = performance.now();
  }

  /** Calls by route since this was asked last. */
  takeRequests(): Record<string, number> {
    const requests = this.#requests;
    this.#requests = {};
    return requests;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
  }

  async #answer(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { latencyMs } = this.#conditions;
    if (latencyMs) await setTimeout(latencyMs);
    const waitMs = this.#takeAllowance();
    const [, id] = /^\/api\/v2\/clients\/?([^/?]*)$/.exec(request.url) ?? [];
    const route = `${request.method} /api/v2/clients${id ? "/{id}" : ""}`;
    this.#requests[route] = (this.#requests[route] ?? 0) + 1;
    if (waitMs > 0) {
      // Whole seconds: the provider knows no finer ones, and comes back at once when there are none to wait.
      response.writeHead(429, { "x-ratelimit-reset": String(Math.ceil((Date.now() + waitMs) / 1000)) });
      response.end();
      return;
    }
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
    const [status, answer] = this.#handle(request.method, id, body);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(answer === undefined ? "" : JSON.stringify(answer));
  }

  #handle(method: string, id: string | undefined, body: object): [status: number, answer?: object] {
    if (method === "POST" && id === "") {
      const client = { ...body, client_id: randomText(16), client_secret: randomText(32) };
      this.#clients.set(client.client_id, client);
      return [201, client];
    }
    const client = this.#clients.get(id ?? "");
    if (client === undefined)
      return [404, { statusCode: 404, error: "Not Found", message: "The client does not exist" }];
    switch (method) {
      case "GET":
        return [200, client];
      case "PATCH":
        Object.assign(client, body);
        return [200, client];
      case "DELETE":
        this.#clients.delete(client.client_id);
        return [204];
      default:
        return [405, { statusCode: 405, error: "Method Not Allowed", message: method }];
    }
  }

  /** @returns milliseconds until there is another one; 0 when one was taken */
  #takeAllowance(): number {
    const { requestsPerSecond } = this.#conditions;
    if (requestsPerSecond === undefined) return 0;
    const now = performance.now();
    this.#allowance = Math.min(1, this.#allowance + ((now - this.#countedAt) / 1000) * requestsPerSecond);
    this.#countedAt = now;
    if (this.#allowance < 1) return ((1 - this.#allowance) / requestsPerSecond) * 1000;
    this.#allowance -= 1;
    return 0;
  }
}

function randomText(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}
