import type { NewClient } from "../data/client.ts";
import type { Issue } from "../http/answer.ts";
import { isObject } from "../http/json.ts";
import { URL_LISTS, type UrlList, urlProblem } from "../url/rules.ts";

const URL_MEMBERS = ["login_uri", ...URL_LISTS] as const;
const MAX_URLS = 100;

/** A valid value, or everything that is wrong with it. */
export type Checked<T> = { value: T } | { issues: Issue[] };

/** Checks the body of createOAuthClient. */
export function checkNewClient(text: string): Checked<NewClient> {
  const parsed = parsedObject(text);
  if ("issues" in parsed) return parsed;
  const { type } = parsed.value;
  if (type !== "spa" && type !== "m2m") {
    const known = checkMembers(parsed.value, ["type", "title", ...URL_MEMBERS]);
    return { issues: [{ path: "type", message: 'must be "spa" or "m2m"' }, ...known] };
  }
  const issues = checkMembers(
    parsed.value,
    type === "spa" ? ["type", "title", ...URL_MEMBERS] : ["type", "title"],
    type,
  );
  issues.push(...missing(parsed.value, type === "spa" ? ["title", "login_uri"] : ["title"]));
  return checkedAs(issues, parsed.value);
}

/**
 * Checks the body of updateOAuthClient.
 *
 * @param whole whether it is the whole client. Unset: a patch
 */
export function checkPatch(text: string, type: NewClient["type"], whole = false): Checked<Partial<NewClient>> {
  const parsed = parsedObject(text);
  if ("issues" in parsed) return parsed;
  const issues = checkMembers(parsed.value, type === "spa" ? ["title", ...URL_MEMBERS] : ["title"], type);
  if (whole) issues.push(...missing(parsed.value, type === "spa" ? ["title", "login_uri"] : ["title"]));
  else if (Object.keys(parsed.value).length === 0) issues.push({ path: "", message: "must name at least one member" });
  return checkedAs(issues, parsed.value);
}

/** What a body lacks. */
export function missing(body: Record<string, unknown>, required: readonly string[]): Issue[] {
  return required.filter((path) => !Object.hasOwn(body, path)).map((path) => ({ path, message: "is required" }));
}

/** What was checked, or what is wrong with it. The checks have made sure that it is a `T`. */
export function checkedAs<T>(issues: Issue[], value: unknown): Checked<T> {
  return issues.length > 0 ? { issues } : { value: value as T };
}

/** A JSON object, members not yet checked. */
export function parsedObject(text: string): Checked<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { issues: [{ path: "", message: "must be JSON" }] };
  }
  if (!isObject(value)) {
    return { issues: [{ path: "", message: "must be a JSON object" }] };
  }
  return { value };
}

function checkMembers(body: Record<string, unknown>, allowed: readonly string[], type?: string): Issue[] {
  return Object.entries(body).flatMap(([member, value]): Issue[] => {
    if (!allowed.includes(member)) {
      return [{ path: member, message: type ? `cannot be set on ${type} clients` : "is not known" }];
    }
    if (member === "title") return problem(member, titleProblem(value));
    if (member === "login_uri") return problem(member, urlTextProblem(member, value));
    const list = URL_LISTS.find((name) => name === member);
    return list ? checkList(list, value) : [];
  });
}

function checkList(list: (typeof URL_LISTS)[number], value: unknown): Issue[] {
  if (!Array.isArray(value)) return [{ path: list, message: "must be a list of URLs" }];
  const issues: Issue[] =
    value.length > MAX_URLS ? [{ path: list, message: `must have at most ${MAX_URLS} URLs` }] : [];
  const first = new Map<unknown, number>();
  value.forEach((url: unknown, index) => {
    const earlier = first.get(url);
    if (earlier === undefined) first.set(url, index);
    const repeated = earlier === undefined ? undefined : `repeats ${list}[${earlier}]`;
    issues.push(...problem(`${list}[${index}]`, urlTextProblem(list, url) ?? repeated));
  });
  return issues;
}

/** What is wrong with a name that CARTO shows. */
export function titleProblem(value: unknown): string | undefined {
  if (typeof value !== "string") return "must be text";
  const length = [...value].length;
  if (length < 1 || length > 255) return "must have 1 to 255 characters";
  return /[<>]/.test(value) ? "must not contain < or >" : undefined;
}

/** What is wrong with a text of at most 2,048 characters. */
function textProblem(value: unknown): string | undefined {
  if (typeof value !== "string") return "must be text";
  return value.length < 1 || [...value].length > 2048 ? "must have 1 to 2048 characters" : undefined;
}

/** What is wrong with a value that should be a URL. */
export function urlTextProblem(member: UrlList | "login_uri", value: unknown): string | undefined {
  return textProblem(value) ?? (typeof value === "string" ? urlProblem(member, value) : undefined);
}

function problem(path: string, message: string | undefined): Issue[] {
  return message === undefined ? [] : [{ path, message }];
}
