import type { Dispatcher } from "undici";
import { classifyConnectionFailure } from "./connection-failure.ts";
import { CartoError } from "./errors.ts";

export interface HttpRequest {
  /** What is being done, for messages: `Creating the SPA OAuth client "web"`. */
  subject: string;
  method: "GET" | "POST" | "PATCH" | "DELETE";
  url: string;
  headers?: Record<string, string>;
  body?: string;
  /** Turns the text of a successful answer into `HttpAnswer.body`. Unset: JSON. */
  parse?: (text: string) => unknown;
  /** Whether sending it twice does no harm. Only such requests are sent again when their answer is lost. */
  repeatable: boolean;
}

/** An answer below 500 other than 429 and redirects. `body` is what was parsed; undefined for an empty one. */
export interface HttpAnswer {
  status: number;
  body: unknown;
  /** How often the request was sent until this came: 1 when nothing went wrong. */
  attempts: number;
  /** Whether an earlier attempt may have been carried out. */
  unconfirmed: boolean;
}

/** Time and chance, so that tests need neither. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
  random(): number;
}

export interface HttpOptions {
  /** All waits of one request together, in seconds. */
  retryBudgetSeconds: number;
  /** Shared by all requests of this instance. Unset: unlimited. */
  requestsPerSecond?: number | undefined;
  /** Unset: a pool that honours HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
  dispatcher?: Dispatcher;
  clock?: Clock;
  /** Asked before each attempt, also after a wait: whether anybody still wants it. Unset: always. */
  isWanted?: () => boolean;
}

const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** What the first 429 spaces requests to, where they were not spaced before. */
const FIRST_INTERVAL_MS = 100;
const LONGEST_INTERVAL_MS = 2_000;
/** Bounds what one process asks of the API at the same time. */
const CONNECTIONS = 16;
const TIMEOUTS = { connect: { timeout: 10_000 }, headersTimeout: 30_000, bodyTimeout: 30_000 };
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: () => Math.random(),
};

/** What came of one attempt: an answer to return, or a reason to stop or try again. */
type Attempt =
  | { answer: Omit<HttpAnswer, "attempts" | "unconfirmed"> }
  | { error: CartoError; retry: "never" | "briefly" | "within budget"; afterMs?: number };

/** HTTP with a pool, timeouts, pacing and retries. Never follows a redirect: a credential would leak. */
export class Http {
  readonly #options: HttpOptions;
  readonly #clock: Clock;
  #dispatcher: Promise<Dispatcher> | undefined;
  #nextSlot = 0;
  /** Between two requests, in milliseconds. */
  #interval: number;
  #intervalSetAt = 0;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#interval = options.requestsPerSecond ? 1000 / options.requestsPerSecond : 0;
  }

  /**
   * @throws CartoError `engine_gone` When nobody wants it any more: it is not sent.
   * @throws CartoError `unreachable`, `connection_lost`, `timeout`, `unavailable`, `rate_limited`, `unexpected_answer`
   * or `invalid_configuration` When there is no usable answer: a busy API (429, 503) is waited for within the budget, other
   * failures are met with 5 attempts.
   */
  async request(request: HttpRequest): Promise<HttpAnswer> {
    const deadline = this.#clock.now() + this.#options.retryBudgetSeconds * 1000;
    let unconfirmed = false;
    for (let attempts = 1; ; attempts++) {
      const sentAt = await this.#pace();
      if (this.#options.isWanted?.() === false) {
        throw new CartoError(
          "engine_gone",
          `${request.subject}: the Pulumi engine was ended. Nothing is sent any more.`,
        );
      }
      const attempt = await this.#attempt(request);
      if ("error" in attempt && attempt.error.status === 429) this.#slowDown(sentAt);
      if ("answer" in attempt) return { ...attempt.answer, attempts, unconfirmed };
      unconfirmed ||= mayBeDone(attempt.error);
      // Never sooner than without Retry-After: a busy API may answer "0" for as long as it is busy.
      const pause = Math.max(attempt.afterMs ?? 0, this.#pause(attempts));
      const mayRetry =
        attempt.retry === "briefly"
          ? attempts < MAX_ATTEMPTS
          : attempt.retry === "within budget" && this.#clock.now() + pause <= deadline;
      if (!mayRetry) throw Object.assign(attempt.error, { unconfirmed });
      await this.#clock.sleep(pause);
    }
  }

  async close(): Promise<void> {
    if (this.#dispatcher && !this.#options.dispatcher) await (await this.#dispatcher).close();
  }

  async #attempt(request: HttpRequest): Promise<Attempt> {
    const { origin, pathname, search } = new URL(request.url);
    const fail = (code: ConstructorParameters<typeof CartoError>[0], what: string, status?: number, cause?: unknown) =>
      new CartoError(code, `${request.subject}: ${what}`, { ...(status && { status }), cause });
    const ifRepeatable = request.repeatable ? "briefly" : "never";

    let status: number;
    let headers: Record<string, string | string[] | undefined>;
    let text: string;
    try {
      this.#dispatcher ??= this.#connect();
      const answer = await (await this.#dispatcher).request({
        origin,
        path: pathname + search,
        method: request.method,
        headers: { accept: "application/json", "user-agent": "pulumi-carto", ...request.headers },
        body: request.body ?? null,
      });
      ({ statusCode: status, headers } = answer);
      text = await answer.body.text();
    } catch (cause) {
      const { code, what, sent, passing } = classifyConnectionFailure(cause);
      const error = fail(code, `${origin} ${what}`, undefined, cause);
      return { error, retry: !passing ? "never" : sent === "no" ? "briefly" : ifRepeatable };
    }

    if (status === 429 || status === 503) {
      const waited = `for ${this.#options.retryBudgetSeconds} s, the retry budget. Run it again later, or raise carto:retryBudgetSeconds`;
      const error =
        status === 429
          ? fail(
              "rate_limited",
              `${origin} limits the rate of requests (429) ${waited} or set carto:requestsPerSecond.`,
              status,
            )
          : fail("unavailable", `${origin} is unavailable (503) ${waited}.`, status);
      const afterMs = retryAfterMs(headers["retry-after"], this.#clock.now());
      // A 429 was refused before anything was done; a 503 may come from a proxy after the API did its work.
      const retry = status === 429 || request.repeatable ? "within budget" : "never";
      return { error, retry, ...(afterMs !== undefined && { afterMs: afterMs + this.#clock.random() * 250 }) };
    }
    if (status >= 500) {
      return {
        error: fail("unavailable", `${origin} failed (${status}). Run it again later.`, status),
        retry: ifRepeatable,
      };
    }
    if (status >= 300 && status < 400) {
      const error = fail(
        "unexpected_answer",
        `${origin} answered with a redirect (${status}), which is never followed. Configure the URL it leads to.`,
        status,
      );
      return { error, retry: "never" };
    }
    try {
      return { answer: { status, body: text === "" ? undefined : (request.parse ?? JSON.parse)(text) } };
    } catch {
      if (status >= 400) return { answer: { status, body: undefined } }; // the status says enough
      const error = fail(
        "unexpected_answer",
        `${origin} answered ${status} with something unreadable. Check that the configured URL is CARTO's.`,
        status,
      );
      return { error, retry: ifRepeatable };
    }
  }

  /** undici is loaded by the first request: a preview without changes sends none. */
  async #connect(): Promise<Dispatcher> {
    if (this.#options.dispatcher) return this.#options.dispatcher;
    const { EnvHttpProxyAgent } = await import("undici");
    return new EnvHttpProxyAgent({ connections: CONNECTIONS, maxResponseSize: MAX_ANSWER_BYTES, ...TIMEOUTS });
  }

  /** @returns when the request may go out: now */
  async #pace(): Promise<number> {
    const now = this.#clock.now();
    const slot = Math.max(now, this.#nextSlot);
    this.#nextSlot = slot + this.#interval;
    if (slot > now) await this.#clock.sleep(slot - now);
    return slot;
  }

  /**
   * Spaces all further requests: waiting out one 429 after the other, each for whole seconds, takes far longer. Requests
   * that were on their way when the interval was set say nothing about it.
   */
  #slowDown(sentAt: number): void {
    if (sentAt < this.#intervalSetAt) return;
    const wider = Math.min(Math.max(FIRST_INTERVAL_MS, this.#interval * 2), LONGEST_INTERVAL_MS);
    this.#interval = Math.max(this.#interval, wider);
    this.#intervalSetAt = this.#clock.now();
  }

  #pause(attempts: number): number {
    return Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS) * (0.5 + this.#clock.random() / 2);
  }
}

/** Whether the request may have been carried out although this came of it. A refusal (4xx) says that it was not. */
function mayBeDone({ code, status }: CartoError): boolean {
  if (status !== undefined && status >= 400 && status < 500) return false;
  return ["connection_lost", "timeout", "unavailable", "unexpected_answer"].includes(code);
}

/** `Retry-After` in seconds or as an HTTP date. */
function retryAfterMs(header: string | string[] | undefined, now: number): number | undefined {
  const value = Array.isArray(header) ? header[0] : header;
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
