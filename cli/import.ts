import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OAuthClient } from "../provider/oauth-client.ts";
import { type Adoption, planAdoption } from "../sdk/adoption.ts";
import { logicalNames, writeManifest } from "../sdk/manifest/write-manifest.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { ownClients, writeText } from "./export.ts";
import { type ChosenStack, type StackOptions, withStacks } from "./stacks.ts";
import { readSecrets } from "./tenant.ts";

export interface ImportOptions extends StackOptions {
  /** Every client of the calling user that the stack does not manage. */
  all?: boolean;
  /** Where `all` writes the manifest of what it took. */
  output: string;
  /** Client IDs by logical name. */
  id?: Record<string, string>;
}

/** Takes existing clients under management. */
export function importClients(file: string, options: ImportOptions): Promise<ExitCode> {
  if (options.all && existsSync(options.output)) {
    process.stderr.write(`import: ${options.output} is there already: name another file with --output\n`);
    return Promise.resolve(EXIT.invalid);
  }
  keepTemporaryFilesPrivate();
  return withStacks("import", file, options, async (stacks) => {
    let exitCode: ExitCode = EXIT.done;
    for (const stack of stacks) {
      const one = await (options.all ? importAll(stack, options) : importDeclared(stack, options));
      if (one !== EXIT.done) exitCode = one;
    }
    return exitCode;
  });
}

async function importDeclared(stack: ChosenStack, options: ImportOptions): Promise<ExitCode> {
  const { clients, name } = stack.environment;
  await using deployment = await stack.open(true);
  const plan = planAdoption(clients, await ownClients(stack), await deployment.clients(), options.id);
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
  process.stdout.write(`${name}: ${counts.join("; ")}\n`);
  return EXIT.done;
}

async function importAll(stack: ChosenStack, options: ImportOptions): Promise<ExitCode> {
  await using deployment = await stack.open(true);
  const managed = new Set((await deployment.clients()).map(({ clientId }) => clientId));
  const clients = (await ownClients(stack)).filter(({ clientId }) => !managed.has(clientId));
  const names = logicalNames(clients);
  const adoptions = clients.map((client, index) => ({ declared: declarationOf(client, names[index] ?? ""), client }));
  await take(stack, adoptions, (complete) => deployment.import(complete));
  process.stdout.write(`${stack.environment.name}: ${clients.length} imported, declared in ${options.output}\n`);
  return writeText("import", writeManifest(clients), options.output);
}

function declarationOf({ kind, name, urls }: OAuthClient, logicalName: string): Adoption["declared"] {
  return { logicalName, kind, inputs: { name, ...urls } };
}

async function take(
  stack: ChosenStack,
  adoptions: readonly Adoption[],
  work: (adoptions: Adoption[]) => Promise<void>,
): Promise<void> {
  if (adoptions.length === 0) return;
  const ids = adoptions.map(({ client }) => client.clientId);
  const secrets = await readSecrets(stack.configuration(), ids);
  await work(adoptions.map((adoption, index) => ({ ...adoption, client: { ...adoption.client, ...secrets[index] } })));
}

/** The engine is given secrets in a file: only this user may read it, and it goes whatever happens. */
function keepTemporaryFilesPrivate(): void {
  process.umask(0o077);
  const directory = mkdtempSync(join(tmpdir(), "pulumi-carto-import-"));
  process.env.TMPDIR = directory;
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
}
