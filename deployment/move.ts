import type { KindId } from "../kinds/index.ts";
import { isIdentity } from "../sdk/stack-identity.ts";
import type { ImportEntry } from "./adoption.ts";
import { type CliWorkspace, type ManagedResource, managedResources, runCli, type State } from "./stack-state.ts";

/** The state knows a client twice on the way from one stack to another; which of these it is now. */
export type MovePlan =
  | { step: "begin" | "resume"; resource: ManagedResource }
  /** The target has it already, and the source no longer. */
  | { step: "done"; id: string }
  /** Nothing may be moved: one sentence. */
  | { step: "refuse"; reason: string };

/** What is moved. */
export interface Moved {
  logicalName: string;
  kind: KindId;
}

/**
 * The remaining steps to move a client between stacks.
 *
 * @param from state of the source, with secrets
 * @param to state of the target
 */
export function planMove(from: State, to: State, { logicalName, kind }: Moved): MovePlan {
  const refuse = (reason: string): MovePlan => ({ step: "refuse", reason });
  const named = (one: ManagedResource) => one.logicalName === logicalName && one.kind === kind;
  const resource = managedResources(from).find(named);
  const there = managedResources(to).find(named);
  if (resource === undefined) {
    if (there !== undefined) return { step: "done", id: there.id };
    return refuse(`the source stack manages no client "${logicalName}" of kind ${kind}`);
  }
  if (there !== undefined && there.id !== resource.id) {
    return refuse(`the target stack manages another client under "${logicalName}", ${there.id}`);
  }
  const other = managedResources(to).find(({ id, logicalName: name }) => id === resource.id && name !== logicalName);
  if (other !== undefined) return refuse(`the target stack manages ${resource.id} already, as "${other.logicalName}"`);
  for (const [which, state] of Object.entries({ source: from, target: to })) {
    if ((state.pending_operations ?? []).length > 0) {
      return refuse(`an earlier run of the ${which} stack was interrupted: run \`up\` there first`);
    }
  }
  const dependents = (from.resources ?? []).filter(
    ({ dependencies = [], parent }) => parent === resource.urn || dependencies.includes(resource.urn),
  );
  const [dependent] = dependents;
  if (dependent !== undefined) return refuse(`${dependent.urn} of the source stack depends on it`);
  return { step: there === undefined ? "begin" : "resume", resource };
}

/**
 * Marks the client in the source's state: protected, so that no run deletes it while two stacks have it, and noted at the stack's
 * identity as moved away, so that no later create takes it over by its idempotency key. A stack without identity gets another one, and
 * so other keys.
 */
export async function holdResource(
  workspace: CliWorkspace,
  stack: string,
  { urn, id }: ManagedResource,
): Promise<void> {
  await editState(workspace, stack, (state) => {
    for (const resource of state.resources ?? []) {
      if (resource.urn === urn) resource.protect = true;
      if (isIdentity(resource)) resource.inputs = withMoved(resource.inputs, (moved) => [...new Set([...moved, id])]);
    }
  });
}

/** Takes the client out of the source's state. At CARTO nothing happens. */
export async function releaseResource(workspace: CliWorkspace, stack: string, { urn }: ManagedResource): Promise<void> {
  await runCli(workspace, ["state", "delete", urn, "--force", "--yes", "--stack", stack]);
}

/** The client belongs to this stack again: it is no longer being moved away. */
export async function welcomeResource(workspace: CliWorkspace, stack: string, { id }: ManagedResource): Promise<void> {
  const isMoved = ({ inputs }: { inputs?: Readonly<Record<string, unknown>> }) => movedIn(inputs).includes(id);
  await editState(workspace, stack, (state) => {
    for (const resource of (state.resources ?? []).filter((one) => isIdentity(one) && isMoved(one))) {
      resource.inputs = withMoved(resource.inputs, (moved) => moved.filter((one) => one !== id));
    }
  });
}

/** The client as `pulumi import --file` reads it, secrets in plain. */
export function movedEntry({ type, logicalName, id, inputs = {}, outputs = {} }: ManagedResource): ImportEntry {
  // The key is made from the identity of a stack: the next `up` of the target gives it its own.
  const { __key: _, ...rest } = inputs;
  return { type, name: logicalName, id, inputs: rest, outputs: { ...outputs } };
}

async function editState(workspace: CliWorkspace, stack: string, edit: (state: State) => void): Promise<void> {
  const before = await runCli(workspace, ["stack", "export", "--stack", stack]);
  const document: { deployment: State } = JSON.parse(before);
  edit(document.deployment);
  if (JSON.stringify(document) === JSON.stringify(JSON.parse(before))) return;
  await runCli(workspace, ["stack", "import", "--stack", stack], JSON.stringify(document));
}

/** @see `stack-clients.ts` of the provider, which reads it */
function withMoved(
  inputs: Readonly<Record<string, unknown>> = {},
  change: (moved: string[]) => string[],
): Record<string, unknown> {
  const { input } = inputs;
  const identity = typeof input === "object" && input !== null ? Reflect.get(input, "identity") : input;
  return { ...inputs, input: { identity, moved: change(movedIn(inputs)) } };
}

function movedIn({ input }: Readonly<Record<string, unknown>> = {}): string[] {
  const moved: unknown = typeof input === "object" && input !== null ? Reflect.get(input, "moved") : undefined;
  return Array.isArray(moved) ? moved.filter((one) => typeof one === "string") : [];
}
