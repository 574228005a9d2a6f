import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { Lists } from "../host/lists.ts";
import { openCliWorkspace } from "./cli-workspace.ts";
import type { DeploymentOptions } from "./deployment-options.ts";
import { exportState, type ManagedResource, managedResources, type State, type StateResource } from "./stack-state.ts";

/** A setting of the stack by its name, e.g. `accessToken` for `carto:accessToken`. */
export type StackSettings = (setting: string) => string | undefined;

/** What else may be in a stack: a refresh asks for none of it. */
const NOT_AT_CARTO = [
  "pulumi:pulumi:Stack",
  "pulumi:index:Stash",
  "pulumi:providers:pulumi",
  "pulumi:providers:pulumi-nodejs",
];

/**
 * A refresh of an environment's stack that finds nothing: see {@link refreshByLists}. Opens nothing that only the engine needs.
 *
 * @throws DeploymentError When the backend or the stack cannot be opened.
 */
export async function refreshWithoutEngine(
  options: DeploymentOptions,
  settings: StackSettings | undefined,
): Promise<EngineEvent[] | undefined> {
  const { stack, movedFrom, clients } = options.environment;
  if (movedFrom !== undefined) return undefined; // which stack it has is to be found out first
  const environment = { ...process.env, ...options.variables };
  await using workspace = await openCliWorkspace(options);
  const exporting = exportState(workspace, stack);
  // Beside the export, in the hope that the stack has the usual provider.
  await using lists = settings && new Lists(settings, environment);
  lists?.begin(clients.map(({ kind }) => kind));
  return await refreshByLists(await exporting, settings, environment, lists);
}

/**
 * A refresh that finds nothing, without the engine: CARTO's lists show it, and a refresh by the engine would read no more than these.
 * Nothing is written or decrypted, and no lock is taken.
 *
 * @param settings all of the stack, for resources without a provider of their own. Unset: not all are known
 * @param lists as these settings show them. Unset: opened here
 * @returns the events of such a refresh; undefined when the engine has to look, because something differs or may differ
 */
export async function refreshByLists(
  state: State,
  settings: StackSettings | undefined,
  environment: NodeJS.ProcessEnv,
  lists?: Lists,
): Promise<EngineEvent[] | undefined> {
  const resources = managedResources(state);
  if (resources.length === 0 || !isSettled(state, resources)) return undefined;
  const passed = settingsPassed(state, resources, settings);
  if (passed === undefined) return undefined;
  await using own = lists !== undefined && passed === settings ? undefined : new Lists(passed, environment);
  return (await (own ?? lists)?.showUnchanged(resources)) ? resources.map(foundSame) : undefined;
}

/** Whether the state holds nothing else that a refresh would work on: what an interrupted run began, what is still to be deleted. */
function isSettled({ resources = [], pending_operations = [] }: State, managed: readonly ManagedResource[]): boolean {
  const others = resources.filter(({ type, delete: doomed }) => NOT_AT_CARTO.includes(type) && !doomed);
  const finished = managed.every(({ initErrors = [] }) => initErrors.length === 0);
  return pending_operations.length === 0 && others.length + managed.length === resources.length && finished;
}

/** The settings that the engine would pass to the one provider of all these resources; undefined where not all are known. */
function settingsPassed(
  state: State,
  managed: readonly ManagedResource[],
  settings: StackSettings | undefined,
): StackSettings | undefined {
  const [provider, ...others] = new Set(
    managed.map(({ provider: reference = "" }) => reference.replace(/::[^:]*$/, "")),
  );
  if (provider === undefined || others.length > 0) return undefined;
  if (/::default(_[\w-]+)?$/.test(provider)) return settings;
  return argumentsOf(state.resources?.find(({ urn }) => urn === provider));
}

/** The arguments of a provider, as the state has them; undefined where one is secret. */
function argumentsOf(provider: StateResource | undefined): StackSettings | undefined {
  const given = Object.entries(provider?.inputs ?? {}).filter(([name]) => name.startsWith("carto:"));
  if (given.length === 0) return undefined;
  const values = new Map<string, string>();
  for (const [name, value] of given) {
    if (typeof value !== "string") return undefined;
    values.set(name, value);
  }
  return (setting) => values.get(`carto:${setting}`);
}

function foundSame({ urn, type, id, inputs = {}, outputs = {} }: ManagedResource): EngineEvent {
  const state = {
    type,
    urn,
    id,
    custom: true,
    delete: false,
    protect: false,
    parent: "",
    provider: "",
    inputs,
    outputs,
  };
  const metadata = { op: "refresh" as const, urn, type, provider: "", old: state, new: state };
  return { sequence: 0, timestamp: 0, resOutputsEvent: { metadata } };
}
