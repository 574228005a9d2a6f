import { existsSync } from "node:fs";
import { type Adoption, planAdoption } from "../../deployment/adoption.ts";
import type { Deployment } from "../../deployment/deployment.ts";
import { DeploymentError } from "../../deployment/deployment-error.ts";
import type { ManagedClient } from "../../deployment/stack-state.ts";
import { temporaryDirectory } from "../../deployment/temporary-directory.ts";
import { KINDS } from "../../kinds/index.ts";
import { propertiesAtCarto } from "../../kinds/inputs.ts";
import type { OAuthClient } from "../../kinds/oauth-client/oauth-client.ts";
import { visible } from "../../kinds/visible-text.ts";
import { logicalNames, writeManifest } from "../../manifest/write-manifest.ts";
import { readEnvironment } from "../context/environment.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import type { SelectionOptions } from "../context/selection.ts";
import { readSecrets } from "../context/tenant.ts";
import { ask } from "../run/run-environments.ts";
import { type ChosenStack, withStacks } from "../run/stacks.ts";
import { ownClients, writeText } from "./export.ts";

/** Options of `import`. */
export interface ImportOptions extends SelectionOptions {
  /** Every client of the calling user that the stack does not manage. */
  all?: boolean;
  /** Where `all` writes the manifest of what it took. */
  output: string;
  /** Not to ask, neither before `all` nor when other stacks cannot be looked at. */
  yes?: boolean;
  /** Only say what would be imported; nothing is written. */
  dryRun?: boolean;
  /** Whether `all` gives what it takes deletion protection. */
  protect: boolean;
  /** By logical name the environment variable with the secret of a client whose secret CARTO does not return. */
  secret?: Record<string, string>;
  /** Client IDs by logical name. */
  id?: Record<string, string>;
}

/** How many other stacks of the backend are looked at: each costs a start of the engine. */
const OTHER_STACKS = 100;

/** Takes existing clients under management. */
export function importClients(file: string, options: ImportOptions): Promise<ExitCode> {
  return withStacks("import", file, options, async (stacks) => {
    const refusal = options.all && !options.dryRun && refuseOutput(stacks, options.output);
    if (refusal) {
      process.stderr.write(`import: ${refusal}\nNothing was imported.\n`);
      return EXIT.invalid;
    }
    if (options.all && !options.yes && !options.dryRun && !readEnvironment().interactive) {
      process.stderr.write("import: --all needs --yes where nobody can be asked; --dry-run lists the clients first\n");
      return EXIT.invalid;
    }
    const umask = keepTemporaryFilesPrivate();
    let exitCode: ExitCode = EXIT.done;
    for (const stack of stacks) {
      const one = await (options.all ? importAll(stack, options, umask) : importDeclared(stack, options));
      if (one !== EXIT.done) exitCode = one;
    }
    return exitCode;
  });
}

/** Why the manifest of `all` cannot be written. Afterwards is too late: the clients are imported by then. */
function refuseOutput(stacks: readonly ChosenStack[], output: string): string | undefined {
  if (stacks.length > 1) {
    const names = stacks.map(({ environment }) => environment.name).join(", ");
    return `--all writes one manifest, and ${stacks.length} environments are chosen (${names}): import one at a time with --env, each with an --output of its own`;
  }
  return existsSync(output) ? `${output} is there already: name another file with --output` : undefined;
}

async function importDeclared(stack: ChosenStack, options: ImportOptions): Promise<ExitCode> {
  const { clients, name } = stack.environment;
  await using deployment = await stack.open(!options.dryRun);
  const found = await findClients(stack, deployment, options, new Set(Object.values(options.id ?? {})));
  if (found === undefined) return EXIT.invalid;
  const plan = planAdoption(clients, found.free, found.managed, options.id);
  // Only what a declaration could mean: a user may have hundreds of others.
  for (const { client, manager } of found.elsewhere) {
    if (clients.some(({ kind, inputs }) => kind === client.kind && inputs.name === client.name))
      process.stdout.write(`${name}: left out ${client.id} ${visible(client.name)}: stack ${manager} manages it\n`);
  }
  if (plan.failures.length > 0) {
    process.stderr.write(`${plan.failures.map((failure) => `import: ${failure}`).join("\n")}\nNothing was imported.\n`);
    return EXIT.invalid;
  }
  const counts = [
    ...(plan.managed.length > 0 ? [`${plan.managed.length} managed already`] : []),
    ...(plan.missing.length > 0 ? [`up will create ${plan.missing.join(", ")}`] : []),
  ];
  if (options.dryRun) return listOnly(stack, plan.adoptions, counts);
  const { done, exitCode } = await take(stack, plan.adoptions, options, (adoptions) => deployment.import(adoptions));
  process.stdout.write(`${name}: ${[`${done.length} imported`, ...counts].join("; ")}\n${done.map(taken).join("")}`);
  return exitCode;
}

async function importAll(stack: ChosenStack, options: ImportOptions, umask: number): Promise<ExitCode> {
  const { name } = stack.environment;
  await using deployment = await stack.open(!options.dryRun);
  const found = await findClients(stack, deployment, options, new Set());
  if (found === undefined) return EXIT.invalid;
  const managed = new Set(found.managed.map(({ clientId }) => clientId));
  const clients = found.free.filter(({ id }) => !managed.has(id));
  const names = logicalNames(clients);
  const settings = options.protect ? { deletionProtection: true } : {};
  const adoptions = clients.map((client, index) => ({
    declared: declarationOf(client, names[index] ?? "", settings),
    client,
  }));
  const counts = found.elsewhere.length > 0 ? [`${found.elsewhere.length} managed by other stacks`] : [];
  if (options.dryRun) return listOnly(stack, adoptions, counts);
  if (!options.yes) {
    process.stdout.write(adoptions.map(taken).join(""));
    if (!(await ask(`Import ${count(clients.length)} into stack ${stack.environment.stack}?`))) {
      process.stderr.write("Nothing was imported.\n");
      return EXIT.declined;
    }
  }
  const { done, exitCode } = await take(stack, adoptions, options, (complete) => deployment.import(complete));
  const told = [`${done.length} imported, declared in ${options.output}`, ...counts].join("; ");
  const protection = options.protect && done.length > 0 ? ", with deletionProtection" : "";
  process.stdout.write(
    `${name}: ${told}${protection}\n${done.map(taken).join("")}` +
      `The next up of this stack deletes what its manifest does not declare: use ${options.output} for it, or copy from there.\n`,
  );
  process.umask(umask); // no secret is in the manifest
  const written = await writeText(
    "import",
    writeManifest(
      done.map(({ client }) => client),
      settings,
    ),
    options.output,
  );
  return written === EXIT.done ? exitCode : written;
}

/** What would be imported. */
function listOnly(stack: ChosenStack, adoptions: readonly Adoption[], counts: readonly string[]): ExitCode {
  const told = [`${adoptions.length} to import`, ...counts].join("; ");
  process.stdout.write(`${stack.environment.name}: ${told}\n${adoptions.map(taken).join("")}`);
  return EXIT.done;
}

const count = (clients: number) => `${clients} ${clients === 1 ? "client" : "clients"}`;

interface Found {
  /** The calling user's clients that no other stack of the backend manages. */
  free: OAuthClient[];
  /** Those that another stack manages. */
  elsewhere: { client: OAuthClient; manager: string }[];
  /** Those of this stack. */
  managed: ManagedClient[];
}

/**
 * Sorts the calling user's clients by who manages them: two stacks with one client undo each other's changes, and one of them
 * deletes it in the end.
 *
 * @param given IDs that the user named, and so takes all the same
 * @returns undefined when other stacks could not be read, and nobody says to go on
 */
async function findClients(
  stack: ChosenStack,
  deployment: Deployment,
  options: ImportOptions,
  given: ReadonlySet<string>,
): Promise<Found | undefined> {
  const { name } = stack.environment;
  const { read, unread, managed } = await deployment.otherStacks(OTHER_STACKS);
  if (read.length > 0) process.stdout.write(`${name}: looked at the backend's other stacks: ${read.join(", ")}\n`);
  if (unread.length > 0 && !options.yes) {
    const unknown = `other stacks of the backend cannot be looked at and may manage clients of yours: ${unread.join(", ")}`;
    if (!(await ask(`${unknown}. Import all the same?`))) {
      process.stderr.write(`import: ${unknown}: add --yes to import all the same\nNothing was imported.\n`);
      return undefined;
    }
  }
  const found: Found = { free: [], elsewhere: [], managed: await deployment.clients().catch(none) };
  for (const client of await ownClients(stack)) {
    const manager = managed.get(client.id);
    if (manager !== undefined && !given.has(client.id)) {
      found.elsewhere.push({ client, manager });
      continue;
    }
    found.free.push(client);
    if (manager !== undefined) {
      process.stdout.write(
        `${name}: takes ${client.id} as told, which stack ${manager} manages, too: take it out of one of them\n`,
      );
    }
  }
  return found;
}

/** A stack that does not exist manages nothing; only a dry run meets one. */
function none(error: unknown): ManagedClient[] {
  if (error instanceof DeploymentError && error.code === "no_stack") return [];
  throw error;
}

function taken({ declared, client }: Adoption): string {
  return `  ${declared.logicalName}  ${client.id}  ${client.kind}  ${visible(client.name)}\n`;
}

function declarationOf(client: OAuthClient, logicalName: string, settings: object): Adoption["declared"] {
  return { logicalName, kind: client.kind, inputs: { ...propertiesAtCarto(KINDS[client.kind], client), ...settings } };
}

/** Imports what has a secret, and says of the rest why not and what to do. */
async function take(
  stack: ChosenStack,
  adoptions: readonly Adoption[],
  options: ImportOptions,
  work: (adoptions: Adoption[]) => Promise<void>,
): Promise<{ done: Adoption[]; exitCode: ExitCode }> {
  if (adoptions.length === 0) return { done: [], exitCode: EXIT.done };
  const ids = adoptions.map(({ client }) => client.id);
  const read = await readSecrets(stack.configuration(), ids);
  const { variables } = readEnvironment();
  const complete = adoptions.map((adoption, index): Adoption => {
    const given = variables[options.secret?.[adoption.declared.logicalName] ?? ""];
    return { ...adoption, client: { ...adoption.client, ...(given && { clientSecret: given }), ...read[index] } };
  });
  const done = complete.filter(({ client }) => client.clientSecret !== undefined);
  for (const { declared, client } of complete) {
    if (client.clientSecret !== undefined) continue;
    const { logicalName } = declared;
    process.stderr.write(
      `import: ${logicalName}: CARTO does not return the secret of ${client.id}: put it into an environment variable ` +
        `and name that with --secret ${logicalName}=VARIABLE\n`,
    );
  }
  if (done.length > 0) await work(done);
  return { done, exitCode: done.length === adoptions.length ? EXIT.done : EXIT.failed };
}

/** The engine is given secrets in a file: only this user may read it, and it goes with the process, or at the next run. Returns the old umask. */
function keepTemporaryFilesPrivate(): number {
  const umask = process.umask(0o077);
  process.env.TMPDIR = temporaryDirectory("import").path;
  return umask;
}
