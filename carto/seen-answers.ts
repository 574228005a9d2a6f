import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** Records what answers looked like. */
export interface SeenAnswers extends Disposable {
  /** Rate limit headers of the last answer that had any, by lower-case name. */
  headers: Map<string, string>;
  /** How many pages of listings were read. */
  pages: number;
}

/** What undici reports about an answer. @see undici, "Diagnostics Channel Support" */
interface HeadersMessage {
  request: { path: string; method: string };
  response: { headers: Buffer[] };
}

const CHANNEL = "undici:request:headers";
const RATE_LIMIT = /^(x-)?rate-?limit|^retry-after$/i;

/** Watches the answers of all requests of this process until it is disposed of. */
export function watchAnswers(): SeenAnswers {
  const headers = new Map<string, string>();
  const seen = { headers, pages: 0 };
  const onHeaders = (message: unknown) => {
    const { request, response } = message as HeadersMessage;
    if (request.method === "GET" && /[?&]page_size=/.test(request.path)) seen.pages++;
    for (let at = 0; at + 1 < response.headers.length; at += 2) {
      const name = String(response.headers[at]).toLowerCase();
      if (RATE_LIMIT.test(name)) headers.set(name, String(response.headers[at + 1]).slice(0, 100));
    }
  };
  subscribe(CHANNEL, onHeaders);
  return Object.assign(seen, { [Symbol.dispose]: () => void unsubscribe(CHANNEL, onHeaders) });
}
