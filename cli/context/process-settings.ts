/** What the command takes from its process: the environment variables and the terminal. No other file of cli/ reads them. */
export interface ProcessSettings {
  /** For the variables that a manifest declares, and to be passed on to the engine. */
  variables: Readonly<Record<string, string | undefined>>;
  /** Whether a pipeline runs it. */
  ci: boolean;
  /** Whether stdout is a terminal that may be redrawn: not in CI. */
  live: boolean;
  /** Whether stdin and stdout are a terminal. */
  terminal: boolean;
  /** Whether a question can be asked and answered: in a terminal, and not in CI. */
  interactive: boolean;
  /** Whether stdout takes colours: a terminal, and no NO_COLOR. */
  color: boolean;
  /** Width of the terminal; 80 where there is none. */
  columns: number;
}

/** Reads the variables and the terminal of this process. */
export function readProcessSettings(): ProcessSettings {
  const variables = process.env;
  const ci = isSet(variables.CI);
  const drawable = process.stdout.isTTY === true && variables.TERM !== "dumb";
  const terminal = drawable && process.stdin.isTTY === true;
  return {
    variables,
    ci,
    live: drawable && !ci,
    terminal,
    interactive: terminal && !ci,
    color: variables.NO_COLOR ? false : isSet(variables.FORCE_COLOR) || drawable,
    columns: process.stdout.columns || 80, // a terminal may have none
  };
}

/** What a manifest may take values from. */
export function manifestVariables(options: { var?: Record<string, string> }): {
  variables: Readonly<Record<string, string>>;
  environmentVariables: Readonly<Record<string, string | undefined>>;
} {
  return { variables: options.var ?? {}, environmentVariables: readProcessSettings().variables };
}

const CREDENTIALS = ["CARTO_API_TOKEN", "CARTO_M2M_CLIENT_ID", "CARTO_M2M_CLIENT_SECRET"];
const PER_ENVIRONMENT = ["CARTO_TENANT_DOMAIN", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"];

/**
 * What one environment of the manifest needs instead of the variables of all: `CARTO_API_TOKEN_PROD` counts as `CARTO_API_TOKEN` of
 * `prod`. With one credential of its own, an environment uses none of the common ones.
 */
export function variablesOf(
  environment: string,
  variables: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const suffix = environment.toUpperCase().replace(/[^A-Z0-9]/g, "_");
  const own: Record<string, string> = {};
  for (const name of [...CREDENTIALS, ...PER_ENVIRONMENT]) {
    const value = variables[`${name}_${suffix}`];
    if (value) own[name] = value;
  }
  const ownCredentials = CREDENTIALS.some((name) => own[name] !== undefined);
  // An empty value counts as none, and hides the common one.
  return ownCredentials ? { ...Object.fromEntries(CREDENTIALS.map((name) => [name, ""])), ...own } : own;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0" && value !== "false";
}
