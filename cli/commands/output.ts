import type { Credentials } from "../../deployment/credentials.ts";
import { dotenvName, dotenvText } from "../../kinds/dotenv.ts";
import { naturally } from "../../kinds/natural-order.ts";
import { visible } from "../../kinds/visible-text.ts";
import type { Environment } from "../../manifest/environment.ts";
import { suggest } from "../../manifest/suggestion.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { printJson, refuse } from "../context/json.ts";
import type { SelectionOptions } from "../context/selection.ts";
import { withStacks } from "../run/stacks.ts";

/** Options of `output`. */
export interface OutputCommandOptions extends SelectionOptions {
  /** Only the client with this logical name. */
  client?: string;
  json?: boolean;
  dotenv?: boolean;
  /** Whether secrets are decrypted and printed. */
  showSecrets?: boolean;
}

/** Placeholder for a secret that was not requested, as in `pulumi stack output`. */
const MASK = "[secret]";

interface StackCredentials {
  environment: string;
  stack: string;
  clients: Credentials[];
}

/** Prints the client IDs of stacks, and the secrets on request. Reads the state only. */
export function output(file: string, options: OutputCommandOptions): Promise<ExitCode> {
  return withStacks("output", file, options, async (stacks) => {
    if (options.dotenv && (options.json || stacks.length > 1)) {
      const problem = options.json
        ? "--json and --dotenv exclude each other"
        : `--dotenv prints one environment, and ${stacks.length} are chosen: choose one with --env`;
      return refuse("output", { json: options.json }, problem);
    }
    const found: StackCredentials[] = [];
    for (const stack of stacks) {
      const { name: environment, stack: stackName } = stack.environment;
      await using deployment = await stack.open(false);
      const clients = await deployment.credentials(options.showSecrets ?? false);
      if (clients.length === 0) {
        const problem = emptyText(stack.environment);
        if (options.client !== undefined) return refuse("output", { json: options.json }, problem);
        if (!options.json) process.stderr.write(`output: ${problem}\n`);
      }
      const chosen = clients.filter(({ client }) => options.client === undefined || client === options.client);
      if (options.client !== undefined && chosen.length === 0) {
        const known = suggest(
          options.client,
          clients.map(({ client }) => client),
        );
        const problem = `stack ${stackName} has no client "${options.client}": ${known}`;
        return refuse("output", { json: options.json }, problem);
      }
      chosen.sort((a, b) => naturally(a.client, b.client));
      found.push({ environment, stack: stackName, clients: chosen });
    }
    if (options.dotenv) return printDotenv(found.flatMap(({ clients }) => clients));
    if (options.json) printJson("output", true, { environments: found.map(inJson) });
    else process.stdout.write(found.map((one) => text(one, found.length > 1)).join(""));
    return EXIT.done;
  });
}

function emptyText({ stack, clients }: Environment): string {
  return `stack ${stack} has no clients${clients.length === 0 ? "" : ": `up` creates what the manifest declares"}`;
}

function inJson({ clients, ...rest }: StackCredentials): object {
  return {
    ...rest,
    clients: clients.map(({ client, kind, id, secrets }) => ({
      client,
      kind,
      [id.name]: id.value,
      ...Object.fromEntries(Object.entries(secrets).map(([name, value = MASK]) => [name, value])),
    })),
  };
}

function text({ environment, clients }: StackCredentials, several: boolean): string {
  const rows = clients.flatMap(({ client, id, secrets }) => [
    [client, id.name, id.value],
    ...Object.entries(secrets).map(([name, value = MASK]) => [client, name, value]),
  ]);
  const width = (column: number) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0));
  const lines = rows.map(
    ([client = "", name = "", value = ""]) =>
      `${client.padEnd(width(0))}  ${name.padEnd(width(1))}  ${visible(value)}\n`,
  );
  return several ? `${environment}:\n${lines.map((line) => `  ${line}`).join("")}` : lines.join("");
}

function printDotenv(clients: readonly Credentials[]): ExitCode {
  const entries: [name: string, value: string | undefined][] = clients.flatMap(
    ({ client, id, secrets }): [string, string | undefined][] => [
      [dotenvName(client, id.name), id.value],
      ...Object.entries(secrets).map(([name, value]): [string, string | undefined] => [
        dotenvName(client, name),
        value,
      ]),
    ],
  );
  const names = entries.map(([name]) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    return refuse("output", {}, `two clients would set ${repeated}: print one at a time with --client`);
  }
  process.stdout.write(dotenvText(entries));
  return EXIT.done;
}
