import { type Answer, errorAnswer, type Issue } from "../http/answer.ts";
import type { Routes } from "../http/routes.ts";
import { checkFault } from "./check.ts";

/** Which calls a fault meets. */
export interface FaultSelection {
  /** An operationId of the contract (`createOAuthClient`) or a route (`POST /oauth/token`). Unset: every call. */
  call?: string;
  /** So many matching calls pass first. Unset: 0. */
  skip?: number;
  /** So many matching calls are met. Unset: all, until the fault is cleared. */
  times?: number;
}

/** `before`: nothing is changed. `after`: the change is committed, only the answer suffers. Unset: `before`. */
export type FaultMoment = "before" | "after";

/** What happens to a call. */
export type FaultKind =
  /** Another answer; `body` unset: an error in the contract's shape. */
  | {
      fault: "status";
      status: number;
      when?: FaultMoment;
      retryAfterSeconds?: number;
      /** Whether `Retry-After` is a number of seconds (unset) or an HTTP date. */
      retryAfterAs?: "seconds" | "date";
      body?: object;
    }
  /** The answer comes so much later. */
  | { fault: "delay"; delayMs: number; when?: FaultMoment }
  /** The connection is reset (TCP RST). */
  | { fault: "reset"; when?: FaultMoment }
  /** After commit: half of the body, then the connection is reset. */
  | { fault: "truncate" }
  /** After commit: headers and half of the body, then silence. */
  | { fault: "stall" }
  /** After commit: a page of HTML with the status of the real answer. */
  | { fault: "not-json" }
  /** A redirect; `status` unset: 307. */
  | { fault: "redirect"; location: string; status?: number }
  /** Reads of OAuth clients answer from the data as they were when this fault was added; `forMs` unset: until cleared. */
  | { fault: "stale"; forMs?: number }
  /** Answers hold no `client_secret`. */
  | { fault: "omit-secret" }
  /** Answers hold every URL's scheme and host in lower case. */
  | { fault: "lower-case-hosts" }
  /** Idempotency keys are not understood. */
  | { fault: "no-idempotency" }
  /** More calls than this are answered 429 with `Retry-After`; `burst` unset: 1. */
  | { fault: "rate-limit"; requestsPerSecond: number; burst?: number };

/** A fault: which calls it meets, and what happens to them. */
export type Fault = FaultSelection & FaultKind;

/** A fault that was added. */
export interface ListedFault {
  id: number;
  fault: Fault;
  /** Calls that it met. */
  hits: number;
}

/** What one call has to go through. */
export interface Effects {
  delayBeforeMs: number;
  /** Instead of CARTO's answer. */
  answer?: Answer;
  resetBefore: boolean;
  /** Handlers to use instead, by route. */
  routes?: Routes;
  withoutKey: boolean;
  /** What becomes of the answer, in this order. */
  after: Exclude<Fault, { fault: "stale" | "no-idempotency" | "rate-limit" | "redirect" }>[];
}

interface Rule extends ListedFault {
  seen: number;
  addedAt: number;
  routes?: Routes;
  /** Of a rate limit: calls that may pass right now, and when that was counted. */
  allowance: number;
  countedAt: number;
}

interface Options {
  /** The route of every operationId. */
  operations: Record<string, string>;
  /** Every route that a fault may meet. */
  routes: string[];
  /** Handlers of reads over a copy of today's data. */
  snapshot: () => Routes;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** The faults in effect. Every matching fault applies to a call; if several provide an answer, the one added first is used. */
export class Faults {
  readonly #options: Options;
  #rules: Rule[] = [];
  #lastId = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Puts a fault in force.
   *
   * @throws TypeError When the definition is wrong; the message names every problem.
   */
  add(fault: Fault): ListedFault {
    const problems = this.problems(fault);
    if (problems.length > 0) {
      throw new TypeError(problems.map(({ path, message }) => `${path || "fault"}: ${message}`).join("; "));
    }
    const rule: Rule = {
      id: ++this.#lastId,
      fault: structuredClone(fault),
      hits: 0,
      seen: 0,
      addedAt: this.#options.now(),
      allowance: fault.fault === "rate-limit" ? (fault.burst ?? 1) : 0,
      countedAt: this.#options.now(),
      ...(fault.fault === "stale" ? { routes: this.#options.snapshot() } : {}),
    };
    this.#rules.push(rule);
    return listed(rule);
  }

  /** Everything that is wrong with a definition. */
  problems(definition: unknown): Issue[] {
    const { operations, routes } = this.#options;
    return checkFault(definition, [...Object.keys(operations), ...routes]);
  }

  /** The faults in force, with the calls they met. */
  list(): ListedFault[] {
    return this.#rules.map(listed);
  }

  /** Takes every fault back. */
  clear(): void {
    this.#rules = [];
  }

  /** What the next call of a route goes through; counts it. */
  meet(route: string): Effects {
    const effects: Effects = { delayBeforeMs: 0, resetBefore: false, withoutKey: false, after: [] };
    if (!this.#options.routes.includes(route)) return effects;
    for (const rule of this.#rules) {
      const { call, skip = 0, times = Infinity } = rule.fault;
      if (call !== undefined && call !== route && this.#options.operations[call] !== route) continue;
      if (rule.routes && !rule.routes[route]) continue;
      rule.seen += 1;
      if (rule.seen <= skip || rule.hits >= times) continue;
      if (apply(rule, effects, this.#options.now())) rule.hits += 1;
    }
    return effects;
  }
}

function listed({ id, fault, hits }: Rule): ListedFault {
  return { id, fault, hits };
}

/** Whether the rule had anything to do. */
function apply(rule: Rule, effects: Effects, time: number): boolean {
  const { fault } = rule;
  switch (fault.fault) {
    case "delay":
      if (fault.when === "after") effects.after.push(fault);
      else effects.delayBeforeMs += fault.delayMs;
      return true;
    case "status":
      if (fault.when === "after") effects.after.push(fault);
      else effects.answer ??= statusAnswer(fault);
      return true;
    case "reset":
      if (fault.when === "after") effects.after.push(fault);
      else effects.resetBefore = true;
      return true;
    case "redirect":
      effects.answer ??= { status: fault.status ?? 307, headers: { Location: fault.location } };
      return true;
    case "no-idempotency":
      effects.withoutKey = true;
      return true;
    case "stale":
      if (rule.routes === undefined || time - rule.addedAt > (fault.forMs ?? Infinity)) return false;
      effects.routes ??= rule.routes;
      return true;
    case "rate-limit": {
      const waitSeconds = takeAllowance(rule, time, fault.requestsPerSecond, fault.burst ?? 1);
      if (waitSeconds === 0) return false;
      effects.answer ??= statusAnswer({ fault: "status", status: 429, retryAfterSeconds: Math.ceil(waitSeconds) });
      return true;
    }
    default:
      effects.after.push(fault);
      return true;
  }
}

/** A token bucket: 0 when the call may pass, else the seconds until one may. */
function takeAllowance(rule: Rule, time: number, requestsPerSecond: number, burst: number): number {
  rule.allowance = Math.min(burst, rule.allowance + ((time - rule.countedAt) / 1000) * requestsPerSecond);
  rule.countedAt = time;
  if (rule.allowance < 1) return (1 - rule.allowance) / requestsPerSecond;
  rule.allowance -= 1;
  return 0;
}

const ERRORS: Record<number, string> = {
  400: "invalid_request",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  429: "rate_limited",
  503: "unavailable",
};

/** The answer of a fault that is a status. */
export function statusAnswer(fault: Extract<Fault, { fault: "status" }>): Answer {
  const { status, retryAfterSeconds, retryAfterAs, body } = fault;
  const answer = errorAnswer(status, ERRORS[status] ?? "injected_fault", "A fault that was injected into the emulator");
  if (retryAfterSeconds !== undefined) {
    const date = new Date(Date.now() + retryAfterSeconds * 1000).toUTCString();
    answer.headers = { "Retry-After": retryAfterAs === "date" ? date : String(retryAfterSeconds) };
  }
  return body ? { ...answer, body } : answer;
}
