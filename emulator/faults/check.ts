import type { Issue } from "../http/answer.ts";
import { isObject } from "../http/json.ts";

type Check = (value: unknown) => string | undefined;

const number =
  (min: number, max: number, whole = true): Check =>
  (value) =>
    typeof value === "number" && value >= min && value <= max && (!whole || Number.isInteger(value))
      ? undefined
      : `must be a ${whole ? "whole " : ""}number from ${min} to ${max}`;
const oneOf =
  (...words: string[]): Check =>
  (value) =>
    words.some((word) => word === value) ? undefined : `must be one of ${words.join(", ")}`;
const object: Check = (value) => (typeof value === "object" && value !== null ? undefined : "must be an object");
const url: Check = (value) =>
  typeof value === "string" && value.length <= 2048 && /^[!-~]+$/.test(value) && URL.canParse(value)
    ? undefined
    : "must be an absolute URL of at most 2048 visible ASCII characters";

const DAY_MS = 24 * 60 * 60 * 1000;
const status = number(200, 599);
const milliseconds = number(0, DAY_MS);
const when = oneOf("before", "after");

/** Members of every kind of fault; the required ones first. */
const KINDS: Record<string, { required?: Record<string, Check>; optional?: Record<string, Check> }> = {
  status: {
    required: { status },
    optional: { when, retryAfterSeconds: number(0, 86_400), retryAfterAs: oneOf("seconds", "date"), body: object },
  },
  delay: { required: { delayMs: milliseconds }, optional: { when } },
  reset: { optional: { when } },
  truncate: {},
  stall: {},
  "not-json": {},
  redirect: { required: { location: url }, optional: { status: number(300, 399) } },
  stale: { optional: { forMs: milliseconds } },
  "omit-secret": {},
  "lower-case-hosts": {},
  "no-idempotency": {},
  "rate-limit": { required: { requestsPerSecond: number(0.01, 1e6, false) }, optional: { burst: number(1, 1e6) } },
};

/** Validates the definition of a fault. */
export function checkFault(definition: unknown, calls: string[]): Issue[] {
  if (!isObject(definition)) {
    return [{ path: "", message: "must be a JSON object" }];
  }
  const members = definition;
  const kind = Object.hasOwn(KINDS, String(members.fault)) ? KINDS[String(members.fault)] : undefined;
  if (!kind) return [{ path: "fault", message: `must be one of ${Object.keys(KINDS).join(", ")}` }];
  const selection = {
    fault: () => undefined,
    call: (value: unknown) =>
      calls.some((call) => call === value) ? undefined : `must be an operationId or a route: ${calls.join(", ")}`,
    skip: number(0, 1e9),
    times: number(1, 1e9),
  };
  const checks: Record<string, Check> = { ...selection, ...kind.required, ...kind.optional };
  const issues = Object.entries(members).flatMap(([path, value]) => {
    const check = Object.hasOwn(checks, path) ? checks[path] : () => `is not known for the fault ${members.fault}`;
    const message = check?.(value);
    return message === undefined ? [] : [{ path, message }];
  });
  for (const path of Object.keys(kind.required ?? {})) {
    if (members[path] === undefined) issues.push({ path, message: "is required" });
  }
  return issues;
}
