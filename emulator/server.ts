import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Faults } from "./faults/faults.ts";
import { spoil } from "./faults/response.ts";
import { type Answer, type Call, errorAnswer, invalid } from "./http/answer.ts";
import { EmulatorError } from "./http/emulator-error.ts";
import { listeningPort } from "./http/listening-port.ts";
import type { RequestLog } from "./http/request-log.ts";
import { type Match, type Routes, router } from "./http/routes.ts";
import type { Variant } from "./http/variant.ts";

const LOOPBACK = /^(127\.0\.0\.1|\[::1\]|([a-z0-9-]+\.)*localhost)(:\d+)?$/i;
const MAX_BODY_BYTES = 1024 * 1024;

interface Options {
  port: number;
  log: (line: string) => void;
  requests: RequestLog;
  /** How it speaks where it differs from the assumed contract. */
  variant: Variant;
}

/** Listens on loopback, and then creates the routes, which may depend on the chosen port. */
export async function listen<Service extends { routes: Routes; faults: Faults }>(
  { port, log, requests, variant }: Options,
  serviceOf: (url: string) => Service,
): Promise<{ server: Server; url: string; service: Service }> {
  const server = createServer({ keepAliveTimeout: 30_000 });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is taken: stop what listens there, or choose another port`;
      reject(cause.code === "EADDRINUSE" ? new EmulatorError("port_taken", taken, { cause }) : cause);
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${listeningPort(server)}`;
  const service = serviceOf(url);
  const find = router(service.routes, (route) => variant.spelling(route));

  const serve = async (route: string, match: Match, req: IncomingMessage, res: ServerResponse) => {
    const body = await bodyOf(req);
    const effects = service.faults.meet(route);
    spoil(res, effects.after);
    if (effects.delayBeforeMs > 0) await delay(effects.delayBeforeMs, undefined, { ref: false });
    if (effects.resetBefore) return void req.socket.resetAndDestroy();
    // A name that someone else can point to loopback would give their pages access.
    if (!LOOPBACK.test(req.headers.host ?? ""))
      return send(res, errorAnswer(403, "forbidden", "Only loopback names are served"));
    if (effects.answer) return send(res, effects.answer);
    if ("answer" in match) return send(res, match.answer);
    if (body === undefined)
      return send(res, invalid([{ path: "", message: `must have at most ${MAX_BODY_BYTES} bytes` }]));
    const headers = { ...(req.headers as Call["headers"]) };
    if (effects.withoutKey) delete headers["idempotency-key"];
    const call = {
      method: req.method ?? "GET",
      url: new URL(req.url ?? "/", url),
      params: match.params,
      headers,
      body,
    };
    const answer = await (effects.routes?.[route] ?? match.handler)(variant.read(route, call), req, res);
    if (answer) send(res, variant.write(route, answer));
  };

  server.on("request", async (req: IncomingMessage, res: ServerResponse) => {
    const started = performance.now();
    const target = URL.parse(req.url ?? "/", url);
    const match = target
      ? find(req.method ?? "GET", target.pathname)
      : { answer: errorAnswer(400, "invalid_request", "The request target is not a URL") };
    const route = "handler" in match ? match.route : `${req.method} (unknown)`;
    requests.add(route);
    try {
      await serve(route, match, req, res);
    } catch (error) {
      if (!req.socket.destroyed) {
        // A bug of the emulator; its message may quote a request, so only its type is logged.
        log(`${route} failed: ${error instanceof Error ? error.name : "unknown error"}`);
        if (res.headersSent) res.destroy();
        else send(res, errorAnswer(500, "internal_error", "The emulator failed: this is a bug of the emulator"));
      }
    }
    log(`${route} ${res.statusCode} ${Math.round(performance.now() - started)} ms`);
  });
  return { server, url, service };
}

async function bodyOf(req: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks).toString() : undefined;
}

function send(res: ServerResponse, { status, headers = {}, body }: Answer): void {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  if (typeof body === "object") res.setHeader("Content-Type", "application/json; charset=utf-8");
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.statusCode = status;
  res.end(text);
}
