import type { TokenMembers } from "../data/token-store.ts";
import type { Issue } from "../http/answer.ts";
import { isObject } from "../http/json.ts";
import { type Checked, checkedAs, missing, parsedObject } from "./validation.ts";

const APIS = ["sql", "maps", "lds", "imports"];
const LONGEST_NAME = 255;
const DATE_TIME = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** Checks the body of createApiToken. */
export function checkNewToken(
  text: string,
  now: number,
): Checked<Omit<TokenMembers, "name" | "referers"> & { name?: string }> {
  return checkMembers(text, ["grants", "allowed_apis"], (value) => expirationProblem(value, now));
}

/**
 * Checks the body of updateApiToken.
 *
 * @param whole whether it is the whole token. Unset: a patch
 */
export function checkTokenPatch(text: string, whole = false): Checked<Partial<TokenMembers>> {
  const required = whole ? ["name", "grants", "allowed_apis"] : [];
  const checked = checkMembers<Partial<TokenMembers>>(text, required, () => "can be set at creation only");
  if ("value" in checked && Object.keys(checked.value).length === 0) {
    return { issues: [{ path: "", message: "must name at least one member" }] };
  }
  return checked;
}

function checkMembers<T>(
  text: string,
  required: string[],
  expiration: (value: unknown) => string | undefined,
): Checked<T> {
  const parsed = parsedObject(text);
  if ("issues" in parsed) return parsed;
  const issues = Object.entries(parsed.value).flatMap(([member, value]): Issue[] => {
    if (member === "grants") return grantIssues(value);
    const message = member === "expiration_date" ? expiration(value) : memberProblem(member, value);
    return message === undefined ? [] : [{ path: member, message }];
  });
  issues.push(...missing(parsed.value, required));
  return checkedAs(issues, parsed.value);
}

function memberProblem(member: string, value: unknown): string | undefined {
  switch (member) {
    case "name":
      return isText(value) && [...value].length <= LONGEST_NAME
        ? undefined
        : `must have 1 to ${LONGEST_NAME} characters`;
    case "referers":
      return Array.isArray(value) && value.every(isText) ? undefined : "must be a list of texts";
    case "allowed_apis":
      return apisProblem(value);
    default:
      return "is not known";
  }
}

function apisProblem(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length === 0 || !value.every((api) => APIS.includes(api))) {
    return `must be a list of one or more of ${APIS.join(", ")}`;
  }
  if (new Set(value).size < value.length) return "must not name an API twice";
  return value.includes("imports") && value.length > 1 ? "must not combine imports with others" : undefined;
}

function grantIssues(value: unknown): Issue[] {
  if (!Array.isArray(value) || value.length === 0)
    return [{ path: "grants", message: "must be a list of at least one grant" }];
  return value.flatMap((grant: unknown, index): Issue[] => {
    const path = `grants[${index}]`;
    if (!isObject(grant)) return [{ path, message: "must be an object" }];
    const { connection_name, source, ...more } = grant;
    const issues = Object.keys(more).map((name) => ({ path: `${path}.${name}`, message: "is not known" }));
    if (!isText(connection_name)) issues.push({ path: `${path}.connection_name`, message: "must be text" });
    const problem = source === undefined ? undefined : sourceProblem(source);
    if (problem !== undefined) issues.push({ path: `${path}.source`, message: problem });
    return issues;
  });
}

/** A star is allowed alone, in a SQL query, or after two segments. */
function sourceProblem(source: unknown): string | undefined {
  if (!isText(source) || source.trim() === "") return "must be text";
  const pattern = source.trim();
  if (pattern === "*" || /\s/.test(pattern) || !pattern.includes("*")) return undefined;
  const before = pattern.slice(0, pattern.indexOf("*")).split(".").slice(0, -1);
  return before.length >= 2 && before.every(Boolean)
    ? undefined
    : "must have at least two dot-separated segments before the star";
}

function expirationProblem(value: unknown, now: number): string | undefined {
  const time = isText(value) && DATE_TIME.test(value) && isDay(value) ? Date.parse(value) : Number.NaN;
  return time > now ? undefined : "must be a date and time with offset (RFC 3339), in the future";
}

/** `Date.parse` takes 30 February for 2 March. */
function isDay(text: string): boolean {
  const day = text.slice(0, 10);
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0;
}
