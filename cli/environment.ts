/** The only place where the command reads the environment. */
export interface Environment {
  /** For `${NAME}` in a manifest, and to be passed on to the engine. */
  variables: Readonly<Record<string, string | undefined>>;
  /** Whether stdout is a terminal that may be redrawn: not in CI. */
  live: boolean;
  /** Whether a question can be asked and answered. */
  interactive: boolean;
  /** Whether stdout takes colours: a terminal, and no NO_COLOR. */
  color: boolean;
  /** Width of the terminal; 80 where there is none. */
  columns: number;
}

export function readEnvironment(): Environment {
  const variables = process.env;
  const ci = isSet(variables.CI);
  const terminal = process.stdout.isTTY === true && variables.TERM !== "dumb";
  return {
    variables,
    live: terminal && !ci,
    interactive: terminal && process.stdin.isTTY === true && !ci,
    color: isSet(variables.FORCE_COLOR) || (terminal && !isSet(variables.NO_COLOR)),
    columns: process.stdout.columns ?? 80,
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0" && value !== "false";
}
