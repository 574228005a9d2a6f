import type { SelectionOptions } from "./selection.ts";

/** Text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * A complete command line for one environment, to be copied from a message: with the manifest, the environment and the variables that the
 * running command was given.
 */
export function commandLine(
  command: string,
  file: string,
  { env, var: variables = {} }: SelectionOptions,
  { name, stack }: { name: string; stack: string },
): string {
  const chosen = env === undefined ? ["--stack", shellWord(stack)] : ["--env", shellWord(name)];
  const given = Object.entries(variables).map(([key, value]) => `--var ${shellWord(`${key}=${value}`)}`);
  return ["pulumi-carto", command, ...(file === "clients.yaml" ? [] : [shellWord(file)]), ...chosen, ...given].join(
    " ",
  );
}
