import type { Dispatcher } from "undici";
import type { CartoErrorCode } from "../error/error-code.ts";
import { type ConnectionFailure, classifyConnectionFailure } from "./connection-failure.ts";
import { CartoError } from "./errors.ts";
import { Pace } from "./pace.ts";
import { type Trust, whyUntrusted } from "./trusted-host.ts";

/** A request, and what a retry of it would mean. */
export interface HttpRequest {
  /** What is being done, for messages: `Creating the SPA OAuth client "web"`. */
  subject: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  headers?: Record<string, string>;
  body?: string;
  /** Turns the text of a successful answer into `HttpAnswer.body`. Unset: JSON. */
  parse?: (text: string) => unknown;
  /** Whether sending it twice does no harm. Only such requests are sent again when their answer is lost. */
  repeatable: boolean;
  /** Whether it goes out before all that wait for their turn. Unset: no. */
  urgent?: boolean;
  /** Where the request carries a credential. Unset: it carries none. */
  credential?: Credential;
}

/** What lets a request carry a credential. */
export interface Credential {
  /** Who names the URL: see {@link whyUntrusted}. */
  namedBy: string;
  trust: Trust;
  /** The `Authorization` header, asked for at each send: a token may expire while a call waits. Unset: the body has it. */
  authorization?: () => Promise<string>;
}

/** An answer below 500 other than 429 and redirects. `body` is what was parsed; undefined for an empty one. */
export interface HttpAnswer {
  status: number;
  body: unknown;
  /** Whether an earlier attempt, whose answer was lost or an error of the server, may have been carried out. */
  unconfirmed: boolean;
}

/** Time and chance, so that tests need neither. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
  random(): number;
}

/** How requests are sent and repeated. */
export interface HttpOptions {
  /** All waits of one request together, in seconds. */
  retryBudgetSeconds: number;
  /** Shared by all requests of this instance. Unset: unlimited. */
  requestsPerSecond?: number | undefined;
  /** Unset: a pool that honours HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
  dispatcher?: Dispatcher;
  clock?: Clock;
  /** Asked before each attempt, also after a wait: whether it is still needed. Unset: always. */
  isWanted?: () => boolean;
}

const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
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
  | { answer: Omit<HttpAnswer, "unconfirmed"> }
  | { busy: 429 | 503; afterMs: number | undefined }
  | { error: CartoError; sent: ConnectionFailure["sent"]; retry: boolean };

type Busy = Extract<Attempt, { busy: number }>;

/** How long one request has waited for a busy API. */
interface Waited {
  budgetMs: number;
  pausesMs: number;
  /** When it was sent first. */
  sinceMs: number;
}

/** HTTP with a pool, timeouts, pacing and retries. Never follows a redirect: a credential would leak. */
export class Http {
  readonly #options: HttpOptions;
  readonly #clock: Clock;
  readonly #pace: Pace;
  #dispatcher: Promise<Dispatcher> | undefined;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#pace = new Pace(this.#clock, options.requestsPerSecond);
  }

  /**
   * @throws CartoError `engine_gone` When it is no longer needed: it is not sent.
   * @throws CartoError `untrusted_host` When the request carries a credential that may not go to its host.
   * @throws CartoError `unreachable`, `connection_lost`, `timeout`, `unavailable`, `rate_limited`, `unexpected_answer`
   * or `invalid_configuration` When there is no usable answer: a busy API (429, 503) is waited for within the budget, other
   * failures are met with 5 attempts.
   */
  async request(request: HttpRequest): Promise<HttpAnswer> {
    const { subject, url, credential, repeatable, urgent } = request;
    const reason = credential && whyUntrusted({ url, namedBy: credential.namedBy }, credential.trust);
    if (reason !== undefined) throw new CartoError("untrusted_host", `${subject}: ${reason}`);
    const waited: Waited = { budgetMs: this.#options.retryBudgetSeconds * 1000, pausesMs: 0, sinceMs: 0 };
    let unconfirmed = false;
    for (let attempts = 1; ; attempts++) {
      const turn = urgent ? this.#pace.ahead() : await this.#pace.turn();
      if (attempts === 1) waited.sinceMs = turn.at;
      const authorization = await credential?.authorization?.();
      if (this.#options.isWanted?.() === false) {
        throw new CartoError("engine_gone", `${subject}: the Pulumi engine has exited. Nothing more is sent.`);
      }
      const attempt = await this.#attempt(request, authorization);
      if ("answer" in attempt) {
        this.#pace.succeeded(turn);
        return { ...attempt.answer, unconfirmed };
      }
      if ("error" in attempt) {
        unconfirmed ||= attempt.sent === "maybe";
        const mayRetry = attempt.retry && attempts < MAX_ATTEMPTS && (repeatable || attempt.sent === "no");
        if (!mayRetry) throw Object.assign(attempt.error, { unconfirmed });
        await this.#clock.sleep(this.#pause(attempts));
        continue;
      }
      if (attempt.busy === 429) this.#pace.refused(turn);
      // A 429 was refused before anything was done; a 503 may come from a proxy after the API did its work.
      else unconfirmed = true;
      // Never sooner than without Retry-After: a busy API may answer "0" for as long as it is busy.
      const asked = attempt.afterMs === undefined ? 0 : attempt.afterMs + this.#clock.random() * 250;
      const pause = Math.max(asked, this.#pause(attempts));
      const mayRetry = attempt.busy === 429 || repeatable;
      if (!mayRetry || waited.pausesMs + pause > waited.budgetMs)
        throw Object.assign(this.#busy(request, attempt, mayRetry, waited), { unconfirmed });
      waited.pausesMs += pause;
      await this.#clock.sleep(pause);
    }
  }

  /** @param abandon whether requests that are under way are ended, instead of waited for. Unset: false */
  async close(abandon = false): Promise<void> {
    if (this.#options.dispatcher) return;
    await (await this.#dispatcher)?.[abandon ? "destroy" : "close"]();
  }

  async #attempt(request: HttpRequest, authorization: string | undefined): Promise<Attempt> {
    const { origin, pathname, search } = new URL(request.url);
    const fail = (code: CartoErrorCode, what: string, status?: number, cause?: unknown) =>
      new CartoError(code, `${request.subject}: ${origin} ${what}`, { ...(status && { status }), cause });

    let status: number | undefined;
    let headers: Record<string, string | string[] | undefined>;
    let text: string;
    try {
      this.#dispatcher ??= this.#connect();
      const answer = await (await this.#dispatcher).request({
        origin,
        path: pathname + search,
        method: request.method,
        headers: {
          accept: "application/json",
          "user-agent": "pulumi-carto",
          ...request.headers,
          ...(authorization !== undefined && { authorization }),
        },
        body: request.body ?? null,
      });
      ({ statusCode: status, headers } = answer);
      text = await answer.body.text();
    } catch (cause) {
      const { code, what, sent, passing } = classifyConnectionFailure(cause, status);
      return { error: fail(code, what, undefined, cause), sent, retry: passing };
    }

    if (status === 429 || status === 503) {
      const afterMs = retryAfterMs(headers["retry-after"], this.#clock.now());
      return { busy: status, afterMs };
    }
    if (status >= 500) {
      return {
        error: fail("unavailable", `failed (${status}). Run it again later.`, status),
        sent: "maybe",
        retry: true,
      };
    }
    if (status >= 300 && status < 400) {
      const what = `answered with a redirect (${status}), which is never followed. Configure the URL it leads to.`;
      return { error: fail("unexpected_answer", what, status), sent: "maybe", retry: false };
    }
    try {
      return { answer: { status, body: text === "" ? undefined : (request.parse ?? JSON.parse)(text) } };
    } catch {
      if (status >= 400) return { answer: { status, body: undefined } }; // the status says enough
      const what = `answered ${status} with something that cannot be read: another server than CARTO's, or an answer that was cut off. Check the configured URL, then run it again.`;
      return { error: fail("unexpected_answer", what, status), sent: "maybe", retry: true };
    }
  }

  #busy({ subject, url }: HttpRequest, { busy, afterMs }: Busy, mayRetry: boolean, waited: Waited): CartoError {
    const told = waited.pausesMs > 0 ? `, also after ${seconds(this.#clock.now() - waited.sinceMs)} of retries` : "";
    const asked = afterMs === undefined ? "" : ` It asks to wait ${seconds(afterMs)}.`;
    const budget = `the retry budget of ${seconds(waited.budgetMs)} (carto:retryBudgetSeconds)`;
    const why = mayRetry ? ` More waiting would exceed ${budget}.` : "";
    const [code, what, advice]: [CartoErrorCode, string, string] =
      busy === 429
        ? ["rate_limited", "limits the rate of requests", "Run it again later, or set carto:requestsPerSecond."]
        : ["unavailable", "is unavailable", "Run it again later."];
    const message = `${subject}: ${new URL(url).origin} ${what} (${busy})${told}.${asked}${why} ${advice}`;
    return new CartoError(code, message, { status: busy });
  }

  /** undici is loaded by the first request: a preview without changes sends none. @see loadHttp */
  async #connect(): Promise<Dispatcher> {
    if (this.#options.dispatcher) return this.#options.dispatcher;
    const { EnvHttpProxyAgent } = await loadHttp();
    return new EnvHttpProxyAgent({ connections: CONNECTIONS, maxResponseSize: MAX_ANSWER_BYTES, ...TIMEOUTS });
  }

  #pause(attempts: number): number {
    return Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS) * (0.5 + this.#clock.random() / 2);
  }
}

/** Loads what requests are sent with, for whoever waits for something else before the first one. */
export const loadHttp = () => import("undici");

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

/** `Retry-After` in seconds or as an HTTP date. */
function retryAfterMs(header: string | string[] | undefined, now: number): number | undefined {
  const value = Array.isArray(header) ? header[0] : header;
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
