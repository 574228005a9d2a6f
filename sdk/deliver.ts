import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, open, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { systemCode } from "../error/system-code.ts";
import { commandOf, type Destination, destinationProblem, destinationText } from "../kinds/destination.ts";
import { dotenvName, dotenvText } from "../kinds/dotenv.ts";
import { KINDS } from "../kinds/index.ts";
import type { Output } from "../kinds/kind.ts";
import { UNKNOWN } from "../kinds/unknown.ts";
import type { Resource } from "./resources.ts";
import { knownParts } from "./review.ts";

/** How credentials are delivered. */
export interface DeliverOptions {
  /** Folder that files stay below. Unset: the working directory. */
  directory?: string;
  /** Called for each delivery that was made, e.g. with `the dotenv file web.env`. Never with a secret. */
  onDelivered?: (destination: string) => void;
}

/** ID and secrets by the names of the outputs. */
type Credentials = Readonly<Record<string, string>>;

/** How long a command may take. */
const COMMAND_MS = 60_000;

/**
 * Writes the credentials of a client during `up`, to where services read them: previews deliver nothing. A failed delivery fails the
 * program, and so the engine deletes nothing in that run: a client that is being replaced is kept until its successor is delivered.
 *
 * Commands run without a shell and get the credentials as JSON on stdin, `gh secret set` the secret alone.
 *
 * @param name of the client: dotenv names begin with it
 * @returns when all is delivered
 * @throws pulumi.RunError When a delivery fails: with the reasons of all that failed. No message holds a secret.
 */
export async function deliverCredentials(
  name: string,
  resource: Resource,
  destinations: readonly Destination[],
  { directory = ".", onDelivered = () => {} }: DeliverOptions = {},
): Promise<void> {
  if (pulumi.runtime.isDryRun() || destinations.length === 0) return;
  const credentials = await credentialsOf(resource);
  if (Object.values(credentials).includes(UNKNOWN)) return; // in an `up --target` of something else
  const failures: string[] = [];
  for (const destination of destinations) {
    try {
      await deliver(name, credentials, destination, directory);
      onDelivered(destinationText(destination));
    } catch (error) {
      failures.push(
        `${name}: not delivered to ${destinationText(destination)}: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
  if (failures.length > 0) throw new pulumi.RunError(`${failures.join("\n")}\nNothing was deleted; run \`up\` again.`);
}

async function credentialsOf(resource: Resource): Promise<Credentials> {
  const kind = Object.values(KINDS).find(({ className }) =>
    String(Reflect.get(resource, "__pulumiType")).endsWith(`:${className}`),
  );
  const outputs = Object.entries<Output>(kind?.outputs ?? {}).filter(([, { id, secret }]) => id || secret);
  const values = Object.fromEntries(outputs.map(([name]): [string, unknown] => [name, Reflect.get(resource, name)]));
  return (await knownParts(values)) as Credentials;
}

async function deliver(
  name: string,
  credentials: Credentials,
  destination: Destination,
  directory: string,
): Promise<void> {
  const problem = destinationProblem(destination);
  if (problem !== undefined) throw new Error(problem);
  switch (destination.to) {
    case "dotenv": {
      const entries = Object.entries(credentials).map(([output, value]) => [dotenvName(name, output), value] as const);
      return writeSecretFile(directory, destination.file, dotenvText(entries));
    }
    case "json":
      return writeSecretFile(directory, destination.file, `${JSON.stringify(credentials, null, 2)}\n`);
    case "kubernetes":
      return writeSecretFile(directory, destination.file, kubernetesSecret(destination, credentials));
    case "command":
      return run(commandOf(destination), `${JSON.stringify(credentials)}\n`);
    case "github":
      return run(commandOf(destination), secretOf(credentials));
  }
}

function secretOf({ clientSecret, token }: Credentials): string {
  const secret = clientSecret ?? token;
  if (secret === undefined) throw new Error("it has no secret");
  return secret;
}

/** JSON is YAML: no value can break out of it. */
function kubernetesSecret(
  { name, namespace }: Extract<Destination, { to: "kubernetes" }>,
  stringData: Credentials,
): string {
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  return `${JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", stringData }, null, 2)}\n`;
}

/** Readable by this user only, whole or not at all, and below the folder also where a part of the path is a link. */
async function writeSecretFile(directory: string, file: string, text: string): Promise<void> {
  const root = await realpath(directory);
  const path = resolve(root, file);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const folder = await realpath(dirname(path));
  const inside = relative(root, folder);
  if (inside === ".." || inside.startsWith(`..${sep}`)) throw new Error("a link leads out of the manifest's folder");
  const temporary = join(folder, `.${basename(path)}-${randomUUID()}`);
  try {
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, join(folder, basename(path)));
  } catch (error) {
    await rm(temporary, { force: true });
    throw new Error(`the file cannot be written: ${systemCode(error) ?? "unknown"}`);
  }
}

/** No shell; neither what a command prints nor the variables of CARTO and Pulumi go any further. */
async function run([program = "", ...args]: string[], input: string): Promise<void> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(CARTO|PULUMI)_/.test(name)));
  const child = spawn(program, args, { env, stdio: ["pipe", "ignore", "ignore"], timeout: COMMAND_MS });
  const ended = new Promise<string | undefined>((done) => {
    child.on("error", ({ code }: NodeJS.ErrnoException) => done(`the command cannot be started: ${code}`));
    child.on("close", (code, signal) => {
      done(
        code === 0
          ? undefined
          : `the command ended with ${signal ?? `exit code ${code}`}; its output is not shown, as it may repeat the secret`,
      );
    });
  });
  child.stdin.on("error", () => {}); // it may end without reading
  child.stdin.end(input);
  const problem = await ended;
  if (problem !== undefined) throw new Error(problem);
}
