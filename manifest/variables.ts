import type { Path } from "./failure.ts";

/** Why a `${…}` has no value. */
export interface VariableFailure {
  path: Path;
  reason: string;
  rule: string;
  /** Whether it is right as written, and only has no value here. */
  unset?: boolean;
}

const REFERENCE = /\$\$\{|\$\{([^}]*)\}?/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SECRET_NAME = /secret|token|password|passphrase|private_?key|api_?key/i;

/** Whether a key or variable is named like something that must not stand in a manifest or a state. */
export function soundsSecret(name: string): boolean {
  return SECRET_NAME.test(name);
}

/**
 * `value` with every `${NAME}` in its strings replaced, at any depth. `$${` stands for a literal `${`.
 *
 * @param variables by name; `stack` is the name of the stack
 * @param secrets whether a variable may hold a secret: true only where the value never reaches CARTO or a state
 */
export function interpolate(
  value: unknown,
  path: Path,
  variables: Readonly<Record<string, string | undefined>>,
  failures: VariableFailure[],
  secrets = false,
): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => interpolate(item, [...path, index], variables, failures, secrets));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        interpolate(item, [...path, key], variables, failures, secrets),
      ]),
    );
  }
  if (typeof value !== "string" || !value.includes("${")) return value;
  return value.replace(REFERENCE, (reference, name: string | undefined) => {
    if (reference === "$${") return "${";
    const failure = whyNot(reference, name ?? "", variables, secrets);
    if (failure === undefined) return variables[name ?? ""] ?? "";
    failures.push({ path, ...failure });
    return reference;
  });
}

function whyNot(
  reference: string,
  name: string,
  variables: Readonly<Record<string, string | undefined>>,
  secrets: boolean,
): { reason: string; rule: "variable" | "no-secret"; unset?: boolean } | undefined {
  if (!reference.endsWith("}") || !NAME.test(name)) {
    return {
      reason: `"${reference}" is not a variable: write \${NAME}, or $\${ for a literal \${`,
      rule: "variable",
    };
  }
  if (!secrets && soundsSecret(name)) {
    return {
      reason: `\${${name}} is named like a secret, and this value is readable by everyone: secrets belong in the environment or in \`pulumi config set --secret\``,
      rule: "no-secret",
    };
  }
  if (Object.hasOwn(variables, name) && variables[name] !== undefined) return undefined;
  const how =
    name === "stack" ? "name a stack or an environment" : `set ${name} in the environment or with --var ${name}=…`;
  return {
    reason: `\${${name}} has no value: ${how}, or write $\${ for a literal \${`,
    rule: "variable",
    unset: true,
  };
}
