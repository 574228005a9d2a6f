import type { z } from "zod";
import { KIND_IDS } from "../kinds/index.ts";
import { isRegularWeb, REGULAR_WEB } from "../kinds/oauth-client/regular-web.ts";
import { formatPath, type Path } from "./failure.ts";
import { MOST_FAILURES } from "./limits.ts";
import { ANY_PROPERTY } from "./property-type.ts";
import { suggest } from "./suggestion.ts";
import { soundsSecret } from "./variables.ts";

/** A part of a document that does not match the shape of a manifest. */
export interface ShapeFailure {
  path: Path;
  /** Whether the key is what is wrong, not its value. */
  atKey: boolean;
  reason: string;
  rule: "unknown-property" | "no-secret" | "type" | "required" | "name" | "version";
}

type Issue = z.core.$ZodIssue;

const KEYS: Record<string, readonly string[]> = {
  "": ["version", "project", "variables", "defaults", "clients", "environments"],
  variable: ["default", "description"],
  defaults: KIND_IDS,
  environment: ["stack", "backend", "secretsProvider", "policy", "tenant", "clients"],
  tenant: ["accountsUrl", "authUrl", "credentialsUrl", "audience"],
};

const A_KIND = `write ${KIND_IDS.map((kind) => `"${kind}"`).join(" or ")}`;

/** What zod found, in the words of a manifest: one failure per mistake, unknown keys with the nearest known one. */
export function shapeFailures(issues: readonly Issue[], base: Path = []): ShapeFailure[] {
  return issues.flatMap((issue) => describe(issue, [...base, ...(issue.path as Path)]));
}

function describe(issue: Issue, path: Path): ShapeFailure[] {
  switch (issue.code) {
    case "unrecognized_keys":
      // One more than are reported, to show that there are more.
      return issue.keys.slice(0, MOST_FAILURES + 1).map((key) => unknownKey(key, path));
    case "invalid_union": {
      if ("discriminator" in issue && issue.discriminator !== undefined) return [unknownKind(issue, path)];
      // The last branch is the map; the others are its short forms, which a map was not meant to be.
      const branch = issue.errors.at(-1) ?? [];
      return shapeFailures(branch, path);
    }
    case "invalid_key":
      if (path[0] === "variables") {
        const reason = `"${String(path.at(-1)).slice(0, 80)}" is not a variable name: use letters, digits and "_", starting with a letter or "_", at most 100`;
        return [{ path, atKey: true, rule: "name", reason }];
      }
      return [
        {
          path,
          atKey: true,
          rule: "name",
          reason: `"${String(path.at(-1))}" is not a name: use letters, digits, ".", "_" and "-", starting with a letter or digit, at most 100`,
        },
      ];
    case "invalid_format":
      return [{ path, atKey: false, rule: "name", reason: 'is not a name: use letters, digits, ".", "_" and "-"' }];
    case "invalid_type":
      return [wrongType(issue, path)];
    case "invalid_value": {
      const rule = path.length === 1 && path[0] === "version" ? "version" : "type";
      if (issue.input === undefined && rule === "version") {
        return [{ path, atKey: false, rule: "required", reason: "is missing: write `version: 1`" }];
      }
      const choices = issue.values.map((value) => (typeof value === "string" ? `"${value}"` : String(value)));
      return [{ path, atKey: false, rule, reason: `is ${quote(issue.input)}: write ${choices.join(" or ")}` }];
    }
    default:
      return [{ path, atKey: false, rule: "type", reason: issue.message }];
  }
}

function unknownKey(key: string, parent: Path): ShapeFailure {
  const path = [...parent, key];
  if (soundsSecret(key)) {
    const reason = `"${key}" looks like a secret, which a manifest must not contain: use the environment variables of docs/command.md, or encrypted settings in the stack settings file`;
    return { path, atKey: true, rule: "no-secret", reason };
  }
  return {
    path,
    atKey: true,
    rule: "unknown-property",
    reason: `"${key}" is not a property of ${subject(parent)}: ${suggest(key, known(parent), ANY_PROPERTY)}`,
  };
}

function unknownKind(issue: Issue, path: Path): ShapeFailure {
  const kind = typeof issue.input === "object" && issue.input !== null ? Reflect.get(issue.input, "kind") : undefined;
  if (kind === undefined) {
    return { path, atKey: true, rule: "required", reason: `is missing: ${A_KIND}` };
  }
  const reason = isRegularWeb(kind) ? REGULAR_WEB : `is ${quote(kind)}: ${A_KIND}`;
  return { path, atKey: false, rule: "type", reason };
}

function wrongType(issue: Extract<Issue, { code: "invalid_type" }>, path: Path): ShapeFailure {
  const expected = EXPECTED[issue.expected] ?? issue.expected;
  if (issue.input === undefined) {
    return { path, atKey: true, rule: "required", reason: `is missing: write ${expected}` };
  }
  if (issue.input === null && expected === "a map" && isOverride(path)) {
    const reason = "is empty: write `false` to leave the client out, `{}` to take it as it is";
    return { path, atKey: true, rule: "type", reason };
  }
  return { path, atKey: false, rule: "type", reason: `is ${quote(issue.input)}: write ${expected}` };
}

const EXPECTED: Record<string, string> = {
  object: "a map",
  record: "a map",
  array: "a list",
  string: "text",
  boolean: "true or false",
  number: "a number",
};

function quote(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  return typeof value === "string" ? `the text ${JSON.stringify(value.slice(0, 80))}` : `${String(value)}`;
}

function isOverride(path: Path): boolean {
  return path.length === 4 && path[0] === "environments" && path[2] === "clients";
}

function known(parent: Path): readonly string[] {
  if (parent.length === 0) return KEYS[""] ?? [];
  if (typeof parent.at(-1) === "number") return members(String(parent.at(-2)));
  if (parent[0] === "environments" && parent.length === 2) return KEYS.environment ?? [];
  if (parent[0] === "environments" && parent.length === 3) return KEYS.tenant ?? [];
  if (parent[0] === "variables") return KEYS.variable ?? [];
  if (parent[0] === "defaults" && parent.length === 1) return KEYS.defaults ?? [];
  return ["kind", "aliases", "application", "deliver", ...Object.keys(ANY_PROPERTY)];
}

/** Of the records that the list of this name holds. */
function members(property: string): string[] {
  const shape = ANY_PROPERTY[property]?.shape;
  return shape?.of === "list" && shape.element.of === "record" ? Object.keys(shape.element.members) : [];
}

function subject(parent: Path): string {
  if (parent.length === 0) return "a manifest";
  if (parent[0] === "clients" || parent.length >= 4) return "a client";
  return `\`${formatPath(parent)}\``;
}
