import type { Deployment } from "../../deployment/deployment.ts";
import { DeploymentError } from "../../deployment/deployment-error.ts";
import type { ManagedClient } from "../../deployment/stack-state.ts";
import type { ExistingResource } from "../../kinds/existing.ts";
import type { ManagedElsewhere } from "./candidates.ts";
import type { ChosenStack } from "./stacks.ts";

/** The calling user's resources, by which stack manages them. */
export interface Found {
  /** Those that no other stack of the backend manages. */
  free: ExistingResource[];
  /** Those that another stack manages. */
  elsewhere: ManagedElsewhere[];
  /** Those of this stack. */
  managed: ManagedClient[];
}

/** How to inform and ask the user. */
export interface SortOptions {
  /** IDs that the user named, and so takes in any case. */
  given: ReadonlySet<string>;
  /** Not to ask when other stacks could not be read. */
  yes: boolean | undefined;
  /** Shows people what was found on the way. */
  say(text: string): void;
  /** Undefined if no question can be asked. */
  confirm(question: string): Promise<boolean | undefined>;
}

/** How many other stacks of the backend are looked at: each costs a start of the engine. */
const OTHER_STACKS = 100;

/**
 * Sorts the calling user's resources by who manages them: two stacks with one resource undo each other's changes, and one of them
 * deletes it in the end.
 *
 * @param existing what CARTO lists, asked for once it is known that nothing is in the way
 * @returns why not, when other stacks could not be read and the user does not confirm
 */
export async function sortByManager(
  stack: ChosenStack,
  deployment: Deployment,
  existing: () => Promise<ExistingResource[]>,
  { given, yes, say, confirm }: SortOptions,
): Promise<Found | string> {
  const { name } = stack.environment;
  const { read, unread, managed } = await deployment.otherStacks(OTHER_STACKS);
  if (read.length > 0) say(`${name}: looked at the backend's other stacks: ${read.join(", ")}\n`);
  if (unread.length > 0 && !yes) {
    const unknown = `other stacks of the backend cannot be looked at and may manage clients of yours: ${unread.join(", ")}`;
    if (!(await confirm(`${unknown}. Import anyway?`))) return `${unknown}: add --yes to import anyway`;
  }
  const found: Found = { free: [], elsewhere: [], managed: await deployment.clients().catch(none) };
  for (const client of await existing()) {
    const manager = managed.get(client.id);
    if (manager !== undefined && !given.has(client.id)) {
      found.elsewhere.push({ client, manager });
      continue;
    }
    found.free.push(client);
    if (manager !== undefined) {
      say(
        `${name}: imports ${client.id} as requested, but stack ${manager} manages it too: remove it from one of them\n`,
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
