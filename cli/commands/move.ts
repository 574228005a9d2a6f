import type { Deployment } from "../../deployment/deployment.ts";
import { DeploymentError } from "../../deployment/deployment-error.ts";
import { planMove } from "../../deployment/move.ts";
import type { State } from "../../deployment/stack-state.ts";
import type { DeclaredClient } from "../../manifest/environment.ts";
import { suggest } from "../../manifest/suggestion.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { printJson, refuse } from "../context/json.ts";
import { noQuestion } from "../context/no-question.ts";
import { keepTemporaryFilesPrivate } from "../context/private-files.ts";
import { callerOf } from "../context/tenant.ts";
import { ask } from "../run/run-environments.ts";
import { type ChosenStack, withStacks } from "../run/stacks.ts";

/** Options of `move`. */
export interface MoveOptions {
  /** Environment that the client leaves. */
  from: string;
  /** Environment that it comes to. */
  to: string;
  var?: Record<string, string>;
  yes?: boolean;
  json?: boolean;
}

/**
 * Moves a client from the state of one environment to that of another. CARTO is not changed: ID and secret stay. What is interrupted
 * is finished by running it again; until then the client is in at least one of the states, and protected in the first.
 */
export function move(name: string, file: string, options: MoveOptions): Promise<ExitCode> {
  const { from: source, to: target, yes, json } = options;
  const fail = (problem: string, exitCode?: ExitCode) => refuse("move", { json }, problem, exitCode);
  if (source === target) return Promise.resolve(fail(`--from and --to are both ${source}`));
  const unasked = yes ? undefined : noQuestion(json);
  if (unasked !== undefined) return Promise.resolve(fail(unasked));
  const selection = { env: [source, target], ...(options.var && { var: options.var }), ...(json && { json }) };
  const tell = (clientId: string, moved: boolean, text: string): ExitCode => {
    if (json) printJson("move", true, { client: name, clientId, from: source, to: target, moved });
    else process.stdout.write(`${name} (${clientId}) ${text}\n`);
    return EXIT.done;
  };
  return withStacks("move", file, selection, async ([from, to]) => {
    if (from === undefined || to === undefined) return EXIT.invalid;
    const declared = to.environment.clients.find(({ logicalName }) => logicalName === name);
    const problem = undeclared(name, from, to, declared) ?? (await differentOwner(from, to));
    if (problem !== undefined || declared === undefined) return fail(problem ?? "");
    await using origin = await from.open(false);
    const plan = planMove(await origin.state(true), await stateOf(to), declared);
    if (plan.step === "refuse") return fail(`${plan.reason}. Nothing was changed.`, EXIT.failed);
    if (plan.step === "done") {
      return tell(plan.id, false, `is in ${target} already; nothing to do`);
    }
    const { id } = plan.resource;
    if (!yes && !(await ask(`Move ${name} (${id}) from ${source} to ${target}?`))) {
      process.stdout.write("Nothing was changed.\n");
      return EXIT.declined;
    }
    keepTemporaryFilesPrivate();
    await using destination = await to.open(true);
    await carry(origin, destination, plan);
    return tell(id, true, `moved from ${source} to ${target}; its ID and secret are the same`);
  });
}

/** A stack that does not exist has no state; nothing creates it yet. */
async function stateOf(stack: ChosenStack): Promise<State> {
  await using deployment = await stack.open(false);
  return await deployment.state().catch((error) => {
    if (error instanceof DeploymentError && error.code === "no_stack") return {};
    throw error;
  });
}

/** In an order in which no step that is the last one loses the client, or lets a run delete it. */
async function carry(
  origin: Deployment,
  destination: Deployment,
  { step, resource }: Extract<ReturnType<typeof planMove>, { resource: unknown }>,
): Promise<void> {
  await origin.hold(resource);
  if (step === "begin") await destination.receive(resource);
  await destination.welcome(resource);
  await origin.release(resource);
}

/** Both manifests have to say it first: the next `up` of either environment would undo the move otherwise. */
function undeclared(
  name: string,
  from: ChosenStack,
  to: ChosenStack,
  declared: DeclaredClient | undefined,
): string | undefined {
  const [source, target] = [from.environment, to.environment];
  if (declared === undefined) {
    const known = suggest(
      name,
      target.clients.map(({ logicalName }) => logicalName),
    );
    return `${target.name} does not declare "${name}", and its next \`up\` would delete it: declare it first (${known})`;
  }
  const still = source.clients.find(({ logicalName, aliases = [] }) => [logicalName, ...aliases].includes(name));
  if (still === undefined) return undefined;
  return `${source.name} still declares "${still.logicalName}", and its next \`up\` would create it again: first set \`${still.logicalName}: false\` under environments.${source.name}.clients`;
}

/** A client belongs to one user of one tenant: no other user could manage it. */
async function differentOwner(from: ChosenStack, to: ChosenStack): Promise<string | undefined> {
  const [old, next] = [await callerOf(from.configuration()), await callerOf(to.configuration())];
  if (old === undefined || next === undefined) return undefined;
  if (old.userId === next.userId && old.tenantDomain === next.tenantDomain) return undefined;
  const [source, target] = [from.environment.name, to.environment.name];
  return `${source} is ${old.userId} at ${old.tenantDomain}, and ${target} is ${next.userId} at ${next.tenantDomain}: a client cannot change its owner`;
}
