import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { KIND_IDS, KINDS, type KindId } from "../kinds/index.ts";
import { dynamicType, pluginType } from "../kinds/resource-type.ts";
import { explain } from "./deployment-error.ts";
import type { StateSecrets } from "./work-directory.ts";

/** A client that a stack manages. */
export interface ManagedClient {
  logicalName: string;
  kind: KindId;
  clientId: string;
  /** Undefined if the state does not say. */
  ownerId?: string;
}

/** What is read of an exported state. */
export interface State {
  resources?: StateResource[];
  /** What an interrupted run had started. */
  pending_operations?: unknown[];
  secrets_providers?: StateSecrets;
}

/** What is read of a resource in an exported state. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Readonly<Record<string, unknown>>;
  outputs?: Readonly<Record<string, unknown>>;
  /** URN and ID of its provider, with `::` between them. */
  provider?: string;
  parent?: string;
  /** URNs. */
  dependencies?: string[];
  /** The engine refuses to delete it. */
  protect?: boolean;
  /** Only looked up, not managed. */
  external?: boolean;
  /** Replaced, and still to be deleted. */
  delete?: boolean;
  /** Why it was created or updated in part only. */
  initErrors?: string[];
}

/** What of a workspace is needed to run the CLI in it. */
export interface CliWorkspace extends Pick<LocalWorkspace, "workDir" | "envVars"> {
  pulumiCommand: { command: string };
}

/**
 * Reads and changes the state of a stack by running the Pulumi CLI without a terminal.
 *
 * @param input what it reads on stdin. Unset: nothing
 * @returns what it printed on stdout
 * @throws DeploymentError When it fails.
 */
export async function runCli(
  { pulumiCommand, workDir, envVars }: CliWorkspace,
  args: string[],
  input = "",
): Promise<string> {
  const options = { cwd: workDir, env: { ...process.env, ...envVars }, maxBuffer: Number.POSITIVE_INFINITY };
  const running = promisify(execFile)(pulumiCommand.command, [...args, "--non-interactive"], options);
  running.child.stdin?.on("error", () => {}).end(input); // it may end without reading
  const { stdout } = await running.catch((error) => {
    throw explain(String(error.stderr), error);
  });
  return stdout;
}

/**
 * The state. The Automation API's own export requires the passphrase even if the secrets stay encrypted.
 *
 * @param showSecrets whether secrets are decrypted. Unset: they stay encrypted
 * @throws DeploymentError When the backend or the stack cannot be opened.
 */
export async function exportState(workspace: CliWorkspace, stack: string, showSecrets = false): Promise<State> {
  const stdout = await runCli(workspace, [
    "stack",
    "export",
    "--stack",
    stack,
    ...(showSecrets ? ["--show-secrets"] : []),
  ]);
  const exported: { deployment?: State } = JSON.parse(stdout);
  return exported.deployment ?? {};
}

/** A resource of one of our kinds in a state. */
export interface ManagedResource extends StateResource {
  kind: KindId;
  logicalName: string;
  id: string;
}

/** The resources that a state manages: neither those that are only looked up, nor those that still have to be deleted. */
export function managedResources({ resources = [] }: State): ManagedResource[] {
  return resources.flatMap((resource) => {
    const { urn, type, id, external, delete: doomed } = resource;
    const kind = KIND_IDS.find((one) => [dynamicType(KINDS[one]), pluginType(KINDS[one])].includes(type));
    if (kind === undefined || id === undefined || external || doomed) return [];
    return [{ ...resource, kind, id, logicalName: urn.split("::").slice(3).join("::") }];
  });
}

/** The clients that a state manages. */
export function managedClients(state: State): ManagedClient[] {
  return managedResources(state).map(({ kind, logicalName, id, outputs }) => ({
    kind,
    clientId: id,
    logicalName,
    ...(typeof outputs?.ownerId === "string" && { ownerId: outputs.ownerId }),
  }));
}
