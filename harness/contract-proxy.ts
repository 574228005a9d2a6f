import { createServer, type IncomingMessage, type Server } from "node:http";
import { listeningPort } from "../emulator/http/listening-port.ts";
import { type ContractOperation, readContract } from "./contract.ts";

/** A proxy in front of an API that records every request and answer that the contract does not define. */
export class ContractProxy implements AsyncDisposable {
  /** Take it for the API's base URL. */
  readonly url: string;
  readonly breaches: string[] = [];
  /** Operations met, with the status of the answer, e.g. `createOAuthClient 201`. */
  readonly met = new Set<string>();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${listeningPort(server)}`;
  }

  /**
   * @param target the real API
   * @param file the contract; unset: that of OAuth clients
   */
  static async start(target: string, file?: string): Promise<ContractProxy> {
    const contract = readContract(file);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const proxy = new ContractProxy(server);
    server.on("request", async (req, res) => {
      const body = await bodyOf(req);
      const operation = proxy.#checkRequest(contract, req, body);
      const headers = Object.fromEntries(
        ["authorization", "content-type", "idempotency-key"].flatMap((name) => {
          const value = req.headers[name];
          return typeof value === "string" ? [[name, value]] : [];
        }),
      );
      const init = { method: req.method ?? "GET", headers, ...(body === "" ? {} : { body }) };
      const answer = await fetch(target + req.url, init);
      const text = await answer.text();
      if (operation) proxy.#checkAnswer(operation, answer.status, text);
      res.statusCode = answer.status;
      res.setHeader("Content-Type", answer.headers.get("content-type") ?? "text/plain");
      res.end(text);
    });
    return proxy;
  }

  #checkRequest(contract: ContractOperation[], req: IncomingMessage, body: string): ContractOperation | undefined {
    const { pathname, searchParams } = new URL(req.url ?? "/", this.url);
    const operation = contract.find(
      ({ method, path }) => method === req.method && new RegExp(`^${path.replace(/\{\w+\}/, "[^/]+")}$`).test(pathname),
    );
    if (!operation) {
      this.breaches.push(`${req.method} ${pathname} is no operation`);
      return undefined;
    }
    const { id, acceptsBody, parameters } = operation;
    const unknown = [...searchParams.keys()].filter((name) => !parameters.includes(name));
    if (unknown.length > 0) this.breaches.push(`${id} has no parameters ${unknown.join(", ")}`);
    if (!/^Bearer \S+$/.test(req.headers.authorization ?? "")) this.breaches.push(`${id} came without a bearer token`);
    if (!acceptsBody && body !== "") this.breaches.push(`${id} takes no body`);
    if (acceptsBody && !acceptsBody(JSON.parse(body))) this.breaches.push(`${id} takes no such body as ${body}`);
    if (acceptsBody && req.headers["content-type"] !== "application/json") this.breaches.push(`${id} takes JSON only`);
    return operation;
  }

  #checkAnswer({ id, answers }: ContractOperation, status: number, text: string): void {
    this.met.add(`${id} ${status}`);
    const validate = answers.get(status);
    if (!answers.has(status)) this.breaches.push(`${id} does not answer ${status}`);
    else if (validate ? !validate(JSON.parse(text)) : text !== "")
      this.breaches.push(`${id} ${status} has another body`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of req.setEncoding("utf8")) text += chunk;
  return text;
}
