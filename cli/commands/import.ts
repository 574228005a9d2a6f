import { existsSync } from "node:fs";
import { type Adoption, planAdoption } from "../../deployment/adoption.ts";
import type { ExistingResource } from "../../kinds/existing.ts";
import { KINDS } from "../../kinds/index.ts";
import { propertiesAtCarto, secretOutputs } from "../../kinds/inputs.ts";
import { visible } from "../../kinds/visible-text.ts";
import { logicalNames, writeManifest } from "../../manifest/write-manifest.ts";
import { isWhole, readSecrets } from "../context/existing.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { printJson, refuse } from "../context/json.ts";
import { noQuestion } from "../context/no-question.ts";
import { keepTemporaryFilesPrivate } from "../context/private-files.ts";
import { readProcessSettings } from "../context/process-settings.ts";
import type { SelectionOptions } from "../context/selection.ts";
import { adopted, type Candidate, candidatesText, managedElsewhere, notImported } from "../run/candidates.ts";
import { type SortOptions, sortByManager } from "../run/found.ts";
import { givenTokens } from "../run/given-tokens.ts";
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
  json?: boolean;
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

/** What became of one environment: the documented shape of `import --json`. */
interface Imported {
  candidates: Candidate[];
  /** Why something was not imported, one sentence each. Unset: nothing failed. */
  failures?: string[];
  exitCode: ExitCode;
}

/** Brings existing resources under management. */
export function importClients(file: string, options: ImportOptions): Promise<ExitCode> {
  return withStacks("import", file, options, async (stacks) => {
    const refusal = optionsProblem(stacks, options);
    if (refusal !== undefined) return refuse("import", { json: options.json }, refusal);
    const umask = keepTemporaryFilesPrivate();
    let exitCode: ExitCode = EXIT.done;
    const environments: object[] = [];
    for (const stack of stacks) {
      const { exitCode: one, ...imported } = await (options.all
        ? importAll(stack, options, umask)
        : importDeclared(stack, options));
      if (one !== EXIT.done) exitCode = one;
      for (const failure of imported.failures ?? []) process.stderr.write(`import: ${failure}\n`);
      const nothing = !imported.candidates.some(({ state }) => state === "imported");
      if (one === EXIT.invalid && nothing) process.stderr.write("Nothing was imported.\n");
      const { name: environment, stack: stackName } = stack.environment;
      environments.push({ environment, stack: stackName, ok: one === EXIT.done, ...imported });
    }
    if (options.json) printJson("import", exitCode === EXIT.done, { environments });
    return exitCode;
  });
}

/** Why it cannot start; undefined if it can. */
function optionsProblem(stacks: readonly ChosenStack[], options: ImportOptions): string | undefined {
  const { all, dryRun, yes, json, tokenFile = {}, output } = options;
  const refusal = all && !dryRun && outputProblem(stacks, output);
  if (refusal) return `${refusal}\nNothing was imported.`;
  const remedy = "list the clients with --dry-run, then add --yes";
  const unasked = all && !yes && !dryRun && noQuestion(json, { asks: "--all asks before it imports", remedy });
  if (unasked) return unasked;
  const files = Object.values(tokenFile);
  if (files.length > 0 && all) return "--token-file is for declared tokens: leave it out, or leave out --all";
  if (files.filter((path) => path === "-").length > 1 || (files.includes("-") && stacks.length > 1))
    return "--token-file: stdin holds one token: name it once, for one environment";
  return undefined;
}

/** Why the manifest of `all` cannot be written. Afterwards is too late: the clients are imported by then. */
function outputProblem(stacks: readonly ChosenStack[], output: string): string | undefined {
  if (stacks.length > 1) {
    const names = stacks.map(({ environment }) => environment.name).join(", ");
    return `--all writes one manifest, and ${stacks.length} environments are chosen (${names}): import one at a time with --env, each with an --output of its own`;
  }
  return existsSync(output) ? `${output} already exists: choose another file with --output` : undefined;
}

async function importDeclared(stack: ChosenStack, options: ImportOptions): Promise<Imported> {
  const { clients, name } = stack.environment;
  await using deployment = await stack.open(!options.dryRun);
  const { tokens, failures: unknown } = await givenTokens(stack, options.tokenFile);
  if (unknown.length > 0) return { candidates: [], failures: unknown, exitCode: EXIT.invalid };
  const ids = { ...options.id, ...Object.fromEntries([...tokens].map(([logicalName, { id }]) => [logicalName, id])) };
  const given = new Set(Object.values(ids));
  const existing = async () => {
    const listed = await ownResources("import", stack, new Set(clients.map(({ kind }) => kind)));
    // A listing may leave out the value, which the file has.
    return [...tokens.values(), ...listed.filter(({ id }) => ![...tokens.values()].some((token) => token.id === id))];
  };
  const talk = { given, ...talkOf(options) };
  const found = await sortByManager(stack, deployment, existing, talk);
  if (typeof found === "string") return { candidates: [], failures: [found], exitCode: EXIT.invalid };
  const plan = planAdoption(clients, found.free, found.managed, ids);
  const others = notImported(clients, plan, found);
  if (plan.failures.length > 0) return { candidates: others, failures: plan.failures, exitCode: EXIT.invalid };
  const counts = [
    ...(plan.managed.length > 0 ? [`${plan.managed.length} managed already`] : []),
    ...(plan.missing.length > 0 ? [`up will create ${plan.missing.join(", ")}`] : []),
  ];
  if (options.dryRun) return listOnly(stack, plan.adoptions, others, counts, talk);
  const taken = await take(stack, plan.adoptions, options, (adoptions) => deployment.import(adoptions));
  const candidates = [...taken.candidates, ...others];
  talk.say(`${name}: ${[`${taken.done.length} imported`, ...counts].join("; ")}\n${candidatesText(candidates)}`);
  return { ...taken.result, candidates };
}

async function importAll(stack: ChosenStack, options: ImportOptions, umask: number): Promise<Imported> {
  const { name } = stack.environment;
  await using deployment = await stack.open(!options.dryRun);
  const existing = () => ownResources("import", stack);
  const talk = { given: new Set<string>(), ...talkOf(options) };
  const found = await sortByManager(stack, deployment, existing, talk);
  if (typeof found === "string") return { candidates: [], failures: [found], exitCode: EXIT.invalid };
  const managed = new Set(found.managed.map(({ clientId }) => clientId));
  const unmanaged = found.free.filter(({ id }) => !managed.has(id));
  const clients = declarable("import", unmanaged).filter(hasId);
  const names = logicalNames(clients);
  const settings = options.protect ? { deletionProtection: true } : {};
  const adoptions = clients.map((client, index) => ({
    declared: declarationOf(client, names[index] ?? "", settings),
    client,
  }));
  const elsewhere = found.elsewhere.map((one) => managedElsewhere(one));
  const counts = elsewhere.length > 0 ? [`${elsewhere.length} managed by other stacks`] : [];
  if (options.dryRun) return listOnly(stack, adoptions, elsewhere, counts, talk);
  if (!options.yes) {
    const candidates = adoptions.map((adoption) => adopted(adoption, "to-import"));
    talk.say(candidatesText(candidates));
    if (!(await ask(`Import ${count(clients.length)} into stack ${stack.environment.stack}?`))) {
      process.stderr.write("Nothing was imported.\n");
      return { candidates, exitCode: EXIT.declined };
    }
  }
  const { done, candidates, result } = await take(stack, adoptions, options, (complete) => deployment.import(complete));
  const told = [`${done.length} imported, declared in ${options.output}`, ...counts].join("; ");
  const protection = options.protect && done.length > 0 ? ", with deletionProtection" : "";
  talk.say(
    `${name}: ${told}${protection}\n${candidatesText(candidates)}` +
      `The next up of this stack deletes what its manifest does not declare: use ${options.output} for it, or copy from there.\n`,
  );
  process.umask(umask); // no secret is in the manifest
  const imported = done.map(({ client }) => client);
  const written = await writeText("import", writeManifest(imported, settings), { output: options.output });
  return {
    ...result,
    candidates: [...candidates, ...elsewhere],
    ...(written !== EXIT.done && { exitCode: written }),
  };
}

/** What would be imported. @param others are in the table of declared clients, and otherwise only counted */
function listOnly(
  stack: ChosenStack,
  adoptions: readonly Adoption[],
  others: readonly Candidate[],
  counts: readonly string[],
  { say }: Pick<SortOptions, "say">,
): Imported {
  const told = [`${adoptions.length} to import`, ...counts].join("; ");
  const candidates = [...adoptions.map((adoption) => adopted(adoption, "to-import")), ...others];
  const shown = candidates.filter(({ client }) => client !== undefined);
  say(`${stack.environment.name}: ${told}\n${candidatesText(shown)}`);
  return { candidates, exitCode: EXIT.done };
}

/** People's text goes to stderr where stdout is a machine's, and no question is asked. */
function talkOf({ json, yes }: ImportOptions): Omit<SortOptions, "given"> {
  return {
    yes,
    say: (text) => (json ? process.stderr : process.stdout).write(text),
    confirm: json ? async () => undefined : ask,
  };
}

const count = (clients: number) => `${clients} ${clients === 1 ? "client" : "clients"}`;

function hasId({ id, name }: ExistingResource): boolean {
  if (id === "") {
    const advice = "declare it, and give it with --token-file";
    process.stderr.write(
      `import: left out: API Access Token "${visible(name)}": CARTO's listing does not contain the token itself: ${advice}\n`,
    );
  }
  return id !== "";
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
): Promise<{ done: Adoption[]; candidates: Candidate[]; result: Omit<Imported, "candidates"> }> {
  if (adoptions.length === 0) return { done: [], candidates: [], result: { exitCode: EXIT.done } };
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
  const failures = complete.flatMap(({ declared: { logicalName }, client }) =>
    isWhole(client)
      ? []
      : [
          `${logicalName}: CARTO does not return the secret of ${client.id}: put it into an environment variable ` +
            `and name that with --secret ${logicalName}=VARIABLE`,
        ],
  );
  if (done.length > 0) await work(done);
  const candidates = complete.map((one) => adopted(one, isWhole(one.client) ? "imported" : "no-secret"));
  return {
    done,
    candidates,
    result: failures.length === 0 ? { exitCode: EXIT.done } : { failures, exitCode: EXIT.failed },
  };
}
