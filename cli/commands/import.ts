import { existsSync } from "node:fs";
import { type Adoption, planAdoption } from "../../deployment/adoption.ts";
import type { ExistingResource } from "../../kinds/existing.ts";
import { KINDS } from "../../kinds/index.ts";
import { propertiesAtCarto, secretOutputs } from "../../kinds/inputs.ts";
import { visible } from "../../kinds/visible-text.ts";
import { logicalNames, writeManifest } from "../../manifest/write-manifest.ts";
import { isWhole, readSecrets, readToken } from "../context/existing.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { keepTemporaryFilesPrivate } from "../context/private-files.ts";
import { readProcessSettings } from "../context/process-settings.ts";
import type { SelectionOptions } from "../context/selection.ts";
import { readTokenFile } from "../context/token-file.ts";
import { sortByManager } from "../run/found.ts";
import { ask } from "../run/run-environments.ts";
import { type ChosenStack, withStacks } from "../run/stacks.ts";
import { declarable, ownResources, writeText } from "./export.ts";

/** Options of `import`. */
export interface ImportOptions extends SelectionOptions {
  /** Everything of the calling user that the stack does not manage. */
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
  /** IDs by logical name; of an API Access Token its fingerprint. */
  id?: Record<string, string>;
  /** By logical name the file that holds an API Access Token; `-`: stdin. */
  tokenFile?: Record<string, string>;
}

/** Brings existing resources under management. */
export function importClients(file: string, options: ImportOptions): Promise<ExitCode> {
  return withStacks("import", file, options, async (stacks) => {
    const problem = options.all && !options.dryRun && outputProblem(stacks, options.output);
    if (problem) {
      process.stderr.write(`import: ${problem}\nNothing was imported.\n`);
      return EXIT.invalid;
    }
    if (options.all && !options.yes && !options.dryRun && !readProcessSettings().interactive) {
      process.stderr.write(
        "import: --all asks a question, and this is not a terminal: list the clients with --dry-run, then add --yes\n",
      );
      return EXIT.invalid;
    }
    const files = Object.values(options.tokenFile ?? {});
    if (files.length > 0 && options.all) {
      process.stderr.write("import: --token-file is for declared tokens: leave it out, or leave out --all\n");
      return EXIT.invalid;
    }
    if (files.filter((path) => path === "-").length > 1 || (files.includes("-") && stacks.length > 1)) {
      process.stderr.write("import: --token-file: stdin holds one token: name it once, for one environment\n");
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
function outputProblem(stacks: readonly ChosenStack[], output: string): string | undefined {
  if (stacks.length > 1) {
    const names = stacks.map(({ environment }) => environment.name).join(", ");
    return `--all writes one manifest, and ${stacks.length} environments are chosen (${names}): import one at a time with --env, each with an --output of its own`;
  }
  return existsSync(output) ? `${output} already exists: choose another file with --output` : undefined;
}

async function importDeclared(stack: ChosenStack, options: ImportOptions): Promise<ExitCode> {
  const { clients, name } = stack.environment;
  await using deployment = await stack.open(!options.dryRun);
  const tokens = await givenTokens(stack, options);
  if (tokens === undefined) return EXIT.invalid;
  const ids = { ...options.id, ...Object.fromEntries([...tokens].map(([logicalName, { id }]) => [logicalName, id])) };
  const given = new Set(Object.values(ids));
  const existing = async () => {
    const listed = await ownResources("import", stack, new Set(clients.map(({ kind }) => kind)));
    // A listing may leave out the value, which the file has.
    return [...tokens.values(), ...listed.filter(({ id }) => ![...tokens.values()].some((token) => token.id === id))];
  };
  const found = await sortByManager(stack, deployment, existing, { given, yes: options.yes });
  if (found === undefined) return EXIT.invalid;
  const plan = planAdoption(clients, found.free, found.managed, ids);
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
  const existing = () => ownResources("import", stack);
  const found = await sortByManager(stack, deployment, existing, { given: new Set(), yes: options.yes });
  if (found === undefined) return EXIT.invalid;
  const managed = new Set(found.managed.map(({ clientId }) => clientId));
  const unmanaged = found.free.filter(({ id }) => !managed.has(id));
  const clients = declarable("import", unmanaged).filter(hasId);
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

function taken({ declared, client }: Adoption): string {
  return `  ${declared.logicalName}  ${client.id}  ${client.kind}  ${visible(client.name)}\n`;
}

function hasId({ id, name }: ExistingResource): boolean {
  if (id === "") {
    const advice = "declare it, and give it with --token-file";
    process.stderr.write(
      `import: left out: API Access Token "${visible(name)}": CARTO's listing does not contain the token itself: ${advice}\n`,
    );
  }
  return id !== "";
}

/**
 * The tokens that files hold, by logical name.
 *
 * @returns undefined when the calling user has no such token: stderr says so
 */
async function givenTokens(
  stack: ChosenStack,
  { tokenFile = {} }: ImportOptions,
): Promise<Map<string, ExistingResource> | undefined> {
  const tokens = new Map<string, ExistingResource>();
  for (const [logicalName, path] of Object.entries(tokenFile)) {
    const token = await readToken(stack.configuration(), await readTokenFile(path));
    if (token === undefined) {
      const what = "the calling user has no API Access Token with the value in";
      process.stderr.write(`import: ${logicalName}: ${what} ${path === "-" ? "stdin" : path}\nNothing was imported.\n`);
      return undefined;
    }
    tokens.set(logicalName, token);
  }
  return tokens;
}

function declarationOf(client: ExistingResource, logicalName: string, settings: object): Adoption["declared"] {
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
  const read = await readSecrets(
    stack.configuration(),
    adoptions.map(({ client }) => client),
  );
  const { variables } = readProcessSettings();
  const complete = adoptions.map((adoption, index): Adoption => {
    const client = read[index] ?? adoption.client;
    const given = variables[options.secret?.[adoption.declared.logicalName] ?? ""];
    const [secret] = secretOutputs(KINDS[client.kind]);
    if (!given || secret === undefined || isWhole(client)) return { ...adoption, client };
    return { ...adoption, client: { ...client, [secret]: given } };
  });
  const done = complete.filter(({ client }) => isWhole(client));
  for (const { declared, client } of complete) {
    if (isWhole(client)) continue;
    const { logicalName } = declared;
    process.stderr.write(
      `import: ${logicalName}: CARTO does not return the secret of ${client.id}: put it into an environment variable ` +
        `and name that with --secret ${logicalName}=VARIABLE\n`,
    );
  }
  if (done.length > 0) await work(done);
  return { done, exitCode: done.length === adoptions.length ? EXIT.done : EXIT.failed };
}
