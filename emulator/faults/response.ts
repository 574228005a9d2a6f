import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { type Effects, statusAnswer } from "./faults.ts";

const HTML_PAGE = "<!doctype html><title>Bad gateway</title><h1>A proxy speaking</h1>";

/** Applies the faults that come after the commit to the end of a response, whichever code writes it. */
export function spoil(res: ServerResponse, after: Effects["after"]): void {
  if (after.length === 0) return;
  const end = res.end.bind(res) as (body: string) => ServerResponse;
  res.end = ((body?: string | Buffer) => {
    void finish(res, String(body ?? ""), after, end);
    return res;
  }) as ServerResponse["end"];
}

async function finish(
  res: ServerResponse,
  original: string,
  after: Effects["after"],
  end: (body: string) => ServerResponse,
): Promise<void> {
  let body = original;
  let cut: "reset" | "silence" | undefined;
  for (const fault of after) {
    if (fault.fault === "delay") await delay(fault.delayMs, undefined, { ref: false });
    else if (fault.fault === "reset") return void res.socket?.resetAndDestroy();
    else if (fault.fault === "truncate") cut ??= "reset";
    else if (fault.fault === "stall") cut ??= "silence";
    else if (fault.fault === "omit-secret") body = withoutSecret(body);
    else if (fault.fault === "lower-case-hosts") body = withLowerCaseHosts(body);
    else if (fault.fault === "not-json") {
      res.setHeader("Content-Type", "text/html");
      body = HTML_PAGE;
    } else {
      const answer = statusAnswer(fault);
      res.statusCode = answer.status;
      res.setHeader("Content-Type", "application/json; charset=utf-8");
      for (const [name, value] of Object.entries(answer.headers ?? {})) res.setHeader(name, value);
      body = JSON.stringify(answer.body);
    }
  }
  if (!res.headersSent) res.setHeader("Content-Length", Buffer.byteLength(body));
  if (cut === undefined) return void end(body);
  const half = body.slice(0, body.length / 2);
  res.write(half, () => cut === "reset" && res.socket?.resetAndDestroy());
}

/** Without the secret of a client, and without the tokens of a listing. */
function withoutSecret(body: string): string {
  if (!/"(client_secret|token)"/.test(body)) return body;
  const { client_secret: _, ...answer }: Record<string, unknown> = JSON.parse(body);
  if (!Array.isArray(answer.data)) return JSON.stringify(answer);
  const data = answer.data.map(({ token: _token, ...members }: Record<string, unknown>) => members);
  return JSON.stringify({ ...answer, data });
}

function withLowerCaseHosts(body: string): string {
  return body.replaceAll(/"https?:\/\/[^/"?#]*/gi, (start) => start.toLowerCase());
}
