import { CommandError, type LocalWorkspace, type StackSummary } from "@pulumi/pulumi/automation/index.js";
import type { DeclaredClient } from "../manifest/environment.ts";
import { DeploymentError, explain } from "./deployment-error.ts";
import { lastPart } from "./stack-name.ts";
import { exportState, managedClients, managedResources } from "./stack-state.ts";

/** What the other stacks of a backend manage. */
export interface OtherStacks {
  /** Names of the stacks that were looked at. */
  read: string[];
  /** Names of those that were not: beyond the limit, or not readable; why, where not even a list was to be had. */
  unread: string[];
  /** Stacks' names by the client IDs that they manage. */
  managed: Map<string, string>;
}

/**
 * Looks at the stacks of the workspace's backend. Nothing is decrypted.
 *
 * @param own the stack to leave out, beside the one that is selected
 * @param limit how many stacks are read at most; those without resources are not counted
 */
export async function readOtherStacks(
  workspace: LocalWorkspace,
  own: { project: string; stack: string },
  limit: number,
): Promise<OtherStacks> {
  const qualified = (name: string) => (name.includes("/") ? name : `organization/${own.project}/${name}`);
  let all: StackSummary[];
  try {
    all = await workspace.listStacks({ all: true });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { read: [], unread: [`their list (${explain(error.message, error).message})`], managed: new Map() };
  }
  const others = all.filter(({ name, resourceCount, current }) => {
    return !current && qualified(name) !== qualified(own.stack) && resourceCount !== 0;
  });
  const found: OtherStacks = { read: [], unread: others.slice(limit).map(({ name }) => name), managed: new Map() };
  for (const { name } of others.slice(0, limit)) {
    try {
      for (const { clientId } of managedClients(await exportState(workspace, name))) found.managed.set(clientId, name);
      found.read.push(name);
    } catch (error) {
      if (!(error instanceof DeploymentError)) throw error;
      found.unread.push(name);
    }
  }
  return found;
}

/** How many stacks are read at most in search of one. */
const MOST_READ = 20;

/**
 * A stack of the workspace's project that manages clients of all these names. Nothing is decrypted.
 *
 * @param except stacks that are not looked at
 * @returns undefined also where the stacks cannot be read: it is looked for to give advice only
 */
export async function findStackWith(
  workspace: LocalWorkspace,
  clients: readonly DeclaredClient[],
  except: readonly string[],
): Promise<string | undefined> {
  const key = ({ kind, logicalName }: Pick<DeclaredClient, "kind" | "logicalName">) => `${kind}:${logicalName}`;
  const left = new Set(except.map(lastPart));
  try {
    const stacks = await workspace.listStacks();
    const others = stacks.filter(({ name, resourceCount }) => !left.has(lastPart(name)) && resourceCount !== 0);
    for (const { name } of others.slice(0, MOST_READ)) {
      const managed = new Set(managedResources(await exportState(workspace, name)).map(key));
      if (clients.every((client) => managed.has(key(client)))) return name;
    }
  } catch (error) {
    if (!(error instanceof DeploymentError || error instanceof CommandError)) throw error;
  }
  return undefined;
}
