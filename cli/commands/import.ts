import { existsSync } from "node:fs";
import { type Adoption, planAdoption } from "../../deployment/adoption.ts";
import type { Deployment } from "../../deployment/deployment.ts";
import { temporaryDirectory } from "../../deployment/temporary-directory.ts";
import { KINDS } from "../../kinds/index.ts";
import { propertiesAtCarto } from "../../kinds/inputs.ts";
import type { OAuthClient } from "../../kinds/oauth-client/oauth-client.ts";
import { visible } from "../../kinds/visible-text.ts";
import { logicalNames, writeManifest } from "../../manifest/write-manifest.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import type { SelectionOptions } from "../context/selection.ts";
import { readSecrets } from "../context/tenant.ts";
import { ask } from "../run/run-environments.ts";
import { type ChosenStack, withStacks } from "../run/stacks.ts";
import { ownClients, writeText } from "./export.ts";

export interface ImportOptions extends SelectionOptions {
  /** Every client of the calling user that the stack does not manage. */
  all?: boolean;
  /** Where `all` writes the manifest of what it took. */
  output: string;
  /** Not to ask when other stacks cannot be looked at. */
  yes?: boolean;
  /** Client IDs by logical name. */
  id?: Record<string, string>;
}

/** How many other stacks of the backend are looked at: each costs a start of the engine. */
const OTHER_STACKS = 100;

/** Takes existing clients under management. */
export function importClients(file: string, options: ImportOptions): Promise<ExitCode> {
  return withStacks("import", file, options, async (stacks) => {
    const refusal = options.all && refuseOutput(stacks, options.output);
    if (refusal) {
      process.stderr.write(`import: ${refusal}\nNothing was imported.\n`);
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
  await using deployment = await stack.open(true);
  const given = new Set(Object.values(options.id ?? {}));
  const free = await freeClients(stack, deployment, options, given);
  if (free === undefined) return EXIT.invalid;
  const plan = planAdoption(clients, free, await deployment.clients(), options.id);
  if (plan.failures.length > 0) {
    process.stderr.write(`${plan.failures.map((failure) => `import: ${failure}`).join("\n")}\nNothing was imported.\n`);
    return EXIT.invalid;
  }
  await take(stack, plan.adoptions, (adoptions) => deployment.import(adoptions));
  const counts = [
    `${plan.adoptions.length} imported`,
    ...(plan.managed.length > 0 ? [`${plan.managed.length} managed already`] : []),
    ...(plan.missing.length > 0 ? [`up will create ${plan.missing.join(", ")}`] : []),
  ];
  process.stdout.write(`${name}: ${counts.join("; ")}\n${plan.adoptions.map(taken).join("")}`);
  return EXIT.done;
}

async function importAll(stack: ChosenStack, options: ImportOptions, umask: number): Promise<ExitCode> {
  await using deployment = await stack.open(true);
  const managed = new Set((await deployment.clients()).map(({ clientId }) => clientId));
  const free = await freeClients(stack, deployment, options, new Set());
  if (free === undefined) return EXIT.invalid;
  const clients = free.filter(({ id }) => !managed.has(id));
  const names = logicalNames(clients);
  const adoptions = clients.map((client, index) => ({ declared: declarationOf(client, names[index] ?? ""), client }));
  await take(stack, adoptions, (complete) => deployment.import(complete));
  const { name } = stack.environment;
  process.stdout.write(
    `${name}: ${clients.length} imported, declared in ${options.output}\n${adoptions.map(taken).join("")}` +
      `The next up of this stack deletes what its manifest does not declare: use ${options.output} for it, or copy from there.\n`,
  );
  process.umask(umask); // no secret is in the manifest
  return writeText("import", writeManifest(clients), options.output);
}

/**
 * The calling user's clients without those that other stacks of the backend manage: two stacks with one client undo each
 * other's changes, and one of them deletes it in the end. Prints what was looked at and what is left out.
 *
 * @param given IDs that the user named, and so takes all the same
 * @returns undefined when other stacks could not be read, and nobody says to go on
 */
async function freeClients(
  stack: ChosenStack,
  deployment: Deployment,
  options: ImportOptions,
  given: ReadonlySet<string>,
): Promise<OAuthClient[] | undefined> {
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
  return (await ownClients(stack)).filter((client) => {
    const manager = managed.get(client.id);
    if (manager === undefined) return true;
    if (given.has(client.id)) {
      process.stdout.write(
        `${name}: takes ${client.id} as told, which stack ${manager} manages, too: take it out of one of them\n`,
      );
      return true;
    }
    process.stdout.write(`${name}: left out ${client.id} ${visible(client.name)}: stack ${manager} manages it\n`);
    return false;
  });
}

function taken({ declared, client }: Adoption): string {
  return `  ${declared.logicalName}  ${client.id}  ${client.kind}  ${visible(client.name)}\n`;
}

function declarationOf(client: OAuthClient, logicalName: string): Adoption["declared"] {
  return { logicalName, kind: client.kind, inputs: propertiesAtCarto(KINDS[client.kind], client) };
}

async function take(
  stack: ChosenStack,
  adoptions: readonly Adoption[],
  work: (adoptions: Adoption[]) => Promise<void>,
): Promise<void> {
  if (adoptions.length === 0) return;
  const ids = adoptions.map(({ client }) => client.id);
  const secrets = await readSecrets(stack.configuration(), ids);
  await work(adoptions.map((adoption, index) => ({ ...adoption, client: { ...adoption.client, ...secrets[index] } })));
}

/** The engine is given secrets in a file: only this user may read it, and it goes with the process, or at the next run. Returns the old umask. */
function keepTemporaryFilesPrivate(): number {
  const umask = process.umask(0o077);
  process.env.TMPDIR = temporaryDirectory("import").path;
  return umask;
}
