import type { ApplicationMembers } from "../data/application-store.ts";
import type { Issue } from "../http/answer.ts";
import { isObject } from "../http/json.ts";
import { type Checked, checkedAs, missing, parsedObject, titleProblem, urlTextProblem } from "./validation.ts";

/** What a body may hold; null clears a member of a patch. */
type Body = { [Member in keyof ApplicationMembers]?: ApplicationMembers[Member] | null };

const MEMBERS = ["name", "description", "app_url", "thumbnail_url", "sharing", "pinned"];
const REQUIRED = ["name", "app_url"];
const CLEARABLE = ["description", "thumbnail_url"];
const LONGEST_DESCRIPTION = 500;
const SCOPES = ["private", "organization", "groups"];

/**
 * Checks the body of createApplication.
 *
 * @param groups names of the groups of the caller's organization
 */
export function checkNewApplication(text: string, groups: readonly string[]): Checked<Body> {
  const parsed = parsedObject(text);
  if ("issues" in parsed) return parsed;
  const issues = Object.entries(parsed.value).flatMap(([member, value]) => check(member, value, groups));
  issues.push(...missing(parsed.value, REQUIRED));
  return checkedAs(issues, parsed.value);
}

/**
 * Checks the body of updateApplication.
 *
 * @param whole whether it is the whole application. Unset: a patch
 */
export function checkApplicationPatch(text: string, groups: readonly string[], whole = false): Checked<Body> {
  const parsed = parsedObject(text);
  if ("issues" in parsed) return parsed;
  const entries = Object.entries(parsed.value);
  const issues = entries.flatMap(([member, value]) =>
    value === null && CLEARABLE.includes(member) ? [] : check(member, value, groups),
  );
  if (whole) issues.push(...missing(parsed.value, REQUIRED));
  else if (entries.length === 0) issues.push({ path: "", message: "must name at least one member" });
  return checkedAs(issues, parsed.value);
}

function check(member: string, value: unknown, groups: readonly string[]): Issue[] {
  if (!MEMBERS.includes(member)) return [{ path: member, message: "is not known" }];
  if (member === "sharing") return checkSharing(value, groups);
  const message = problemOf(member, value);
  return message === undefined ? [] : [{ path: member, message }];
}

function problemOf(member: string, value: unknown): string | undefined {
  if (member === "name") return titleProblem(value);
  if (member === "pinned") return typeof value === "boolean" ? undefined : "must be true or false";
  if (member === "description") {
    const fits = typeof value === "string" && value.length > 0 && [...value].length <= LONGEST_DESCRIPTION;
    return fits ? undefined : `must be text of 1 to ${LONGEST_DESCRIPTION} characters`;
  }
  const problem = urlTextProblem("login_uri", value);
  if (problem !== undefined || member === "app_url") return problem;
  return /^https:/i.test(String(value)) ? undefined : "must use https";
}

function checkSharing(value: unknown, known: readonly string[]): Issue[] {
  if (!isObject(value)) {
    return [{ path: "sharing", message: "must be an object" }];
  }
  const { scope, groups, ...others } = value;
  const issues: Issue[] = Object.keys(others).map((name) => ({ path: `sharing.${name}`, message: "is not known" }));
  if (!SCOPES.some((one) => one === scope)) {
    issues.push({ path: "sharing.scope", message: `must be one of ${SCOPES.join(", ")}` });
  }
  if (scope !== "groups") {
    if (groups !== undefined) issues.push({ path: "sharing.groups", message: "goes with the scope groups only" });
    return issues;
  }
  if (!Array.isArray(groups) || groups.length < 1 || groups.length > 100) {
    return [...issues, { path: "sharing.groups", message: "must be a list of 1 to 100 groups" }];
  }
  groups.forEach((group: unknown, index) => {
    const path = `sharing.groups[${index}]`;
    if (typeof group !== "string") issues.push({ path, message: "must be text" });
    else if (!known.includes(group)) issues.push({ path, message: "is not a group of the organization" });
    else if (groups.indexOf(group) < index) issues.push({ path, message: "is a repetition" });
  });
  return issues;
}
