import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { KIND_IDS, KINDS, type KindId } from "../kinds/index.ts";
import { resourceType } from "../sdk/resource-type.ts";
import { explain } from "./deployment-error.ts";
import type { StateSecrets } from "./work-directory.ts";

/** A client that a stack manages. */
export interface ManagedClient {
  logicalName: string;
  kind: KindId;
  clientId: string;
  /** Undefined in a state that does not tell. */
  ownerId?: string;
}

/** What is read of an exported state. */
export interface State {
  resources?: StateResource[];
  secrets_providers?: StateSecrets;
}

/** What is read of a resource in an exported state. */
interface StateResource {
  urn: string;
  type: string;
  id?: string;
  outputs?: { name?: unknown; deletionProtection?: unknown; ownerId?: unknown };
  /** Only looked up, not managed. */
  external?: boolean;
  /** Replaced, and still to be deleted. */
  delete?: boolean;
}

/**
 * The state with its secrets encrypted as they are. The Automation API's own export wants the passphrase, too.
 *
 * @throws DeploymentError When the backend or the stack cannot be opened.
 */
export async function exportState(
  { pulumiCommand, workDir, envVars }: Pick<LocalWorkspace, "pulumiCommand" | "workDir" | "envVars">,
  stack: string,
): Promise<State> {
  const options = { cwd: workDir, env: { ...process.env, ...envVars }, maxBuffer: Number.POSITIVE_INFINITY };
  const args = ["stack", "export", "--stack", stack, "--non-interactive"];
  const { stdout } = await promisify(execFile)(pulumiCommand.command, args, options).catch((error) => {
    throw explain(String(error.stderr), error);
  });
  return (JSON.parse(stdout) as { deployment?: State }).deployment ?? {};
}

/** The clients that a state manages. */
export function managedClients({ resources = [] }: State): ManagedClient[] {
  return resources.flatMap(({ urn, type, id, outputs, external, delete: doomed }) => {
    const kind = KIND_IDS.find((one) => resourceType(KINDS[one]) === type);
    if (kind === undefined || id === undefined || external || doomed) return [];
    const ownerId = typeof outputs?.ownerId === "string" ? { ownerId: outputs.ownerId } : {};
    return [{ kind, clientId: id, logicalName: urn.split("::").slice(3).join("::"), ...ownerId }];
  });
}
