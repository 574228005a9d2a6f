import type { Path } from "./failure.ts";
import { MOST_CHARACTERS } from "./limits.ts";
import { suggest } from "./suggestion.ts";

/** Why a `${…}` has no value. */
export interface VariableFailure {
  path: Path;
  reason: string;
  rule: string;
  /** Whether it is right as written, and only has no value here. */
  unset?: boolean;
}

/** The value of a variable, or why it has none. */
export type Lookup = (name: string) => { value: string } | { reason: string };

type Values = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$\$\{|\$\{([^}]*)\}?/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SECRET_NAME =
  /secret|token|passw|passphrase|pwd|private_?key|access_?key|api_?key|credential|webhook|cookie|bearer|signature|(^|_)(pat|dsn|cert|auth|key)(_|$)/i;
/** What cloud and pipeline tools keep their own settings under, credentials among them. */
const RESERVED_NAME =
  /^(ACTIONS|ARM|AWS|AZURE|BITBUCKET|CARTO|CIRCLE|CLOUDFLARE|CLOUDSDK|DOCKER|GCP|GH|GITHUB|GITLAB|GOOGLE|KUBE|NODE|NPM|OIDC|PULUMI|RUNNER|SLACK|SSH|SYSTEM|VAULT)_|^(HOME|PATH)$/i;

/** Whether a key or variable is named like something that must not be in a manifest or a state. */
export function soundsSecret(name: string): boolean {
  return SECRET_NAME.test(name);
}

/**
 * Looks variables up: first among the values given by name, then, for what the manifest declares only, in the environment, then its
 * declared default. A manifest under review can so not print whatever else is in the environment.
 *
 * @param declarations `variables` of the manifest, of any shape
 * @param given needs no declaration, e.g. `--var`
 */
export function variableLookup(declarations: unknown, given: Values, environment: Values): Lookup {
  const declared = new Map(Object.entries(isMap(declarations) ? declarations : {}));
  return (name) => {
    if (Object.hasOwn(given, name) && given[name] !== undefined) return { value: given[name] };
    if (!declared.has(name)) {
      const near = declared.size === 0 ? "" : `, or correct it: ${suggest(name, [...declared.keys()])}`;
      return { reason: `is not declared: add ${name} under \`variables\`, or give it with --var ${name}=…${near}` };
    }
    if (Object.hasOwn(environment, name) && environment[name] !== undefined) return { value: environment[name] };
    const entry = declared.get(name);
    if (isMap(entry) && typeof entry.default === "string") return { value: entry.default };
    return { reason: `has no value: set ${name} in the environment or with --var ${name}=…` };
  };
}

/** What is wrong with `variables`, its shape apart. */
export function declarationFailures(declarations: unknown): VariableFailure[] {
  return Object.entries(isMap(declarations) ? declarations : {}).flatMap(([name, entry]): VariableFailure[] => {
    const path = ["variables", name];
    if (name === "stack") {
      return [{ path, rule: "variable", reason: "`stack` is always the name of the stack: choose another name" }];
    }
    if (!isMap(entry) || typeof entry.default !== "string" || !soundsSecret(name)) return [];
    const reason = `${name} is named like a secret, and everyone can read a default: give the value in the environment`;
    return [{ path: [...path, "default"], rule: "no-secret", reason }];
  });
}

/**
 * `value` with every `${NAME}` in its strings replaced, at any depth. `$${` stands for a literal `${`.
 *
 * @param may what its variables may be: `values` of the manifest's own; `settings` of other tools, too, where the value never reaches
 * CARTO, a state or a report; `secrets`, too, where a backend takes them
 */
export function interpolate(
  value: unknown,
  path: Path,
  lookup: Lookup,
  failures: VariableFailure[],
  may: "values" | "settings" | "secrets" = "values",
): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => interpolate(item, [...path, index], lookup, failures, may));
  }
  if (isMap(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, interpolate(item, [...path, key], lookup, failures, may)]),
    );
  }
  if (typeof value !== "string" || !value.includes("${")) return value;
  let length = value.length;
  const filled = value.replace(REFERENCE, (reference, name: string | undefined) => {
    if (reference === "$${") return "${";
    if (length > MOST_CHARACTERS) return "";
    const failure = malformed(reference, name ?? "") ?? forbidden(name ?? "", may);
    const found = failure === undefined ? lookup(name ?? "") : undefined;
    if (found !== undefined && "value" in found) {
      length += found.value.length;
      return found.value.length > MOST_CHARACTERS ? "" : found.value;
    }
    failures.push({ path, ...(failure ?? withoutValue(name ?? "", found?.reason ?? "")) });
    return reference;
  });
  if (length <= MOST_CHARACTERS) return filled;
  const most = MOST_CHARACTERS.toLocaleString("en");
  failures.push({ path, reason: `has more than ${most} characters with its variables: shorten it`, rule: "too-large" });
  return value;
}

type Reason = Omit<VariableFailure, "path">;

function malformed(reference: string, name: string): Reason | undefined {
  if (reference.endsWith("}") && NAME.test(name)) return undefined;
  const shown = reference.length > 80 ? `${reference.slice(0, 80)}…` : reference;
  return { reason: `"${shown}" is not a variable: write \${NAME}, or $\${ for a literal \${`, rule: "variable" };
}

function forbidden(name: string, may: "values" | "settings" | "secrets"): Reason | undefined {
  if (may === "secrets") return undefined;
  if (soundsSecret(name)) {
    return {
      reason: `\${${name}} is named like a secret, and this value is readable by everyone: secrets belong in the environment, or encrypted in the stack settings file`,
      rule: "no-secret",
    };
  }
  if (may === "settings" || !RESERVED_NAME.test(name)) return undefined;
  return {
    reason: `\${${name}} is a setting of another tool or of the pipeline, and this value is readable by everyone: use a variable of your own`,
    rule: "no-secret",
  };
}

function withoutValue(name: string, reason: string): Reason {
  return { reason: `\${${name}} ${reason}, or write $\${ for a literal \${`, rule: "variable", unset: true };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
