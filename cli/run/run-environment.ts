import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { noteUnprotected } from "../../change/unprotect.ts";
import type { Checkpoints } from "../../deployment/checkpoints.ts";
import type { Deployment } from "../../deployment/deployment.ts";
import { CANCEL, DeploymentError } from "../../deployment/deployment-error.ts";
import type { Operation, RunOptions } from "../../deployment/deployment-options.ts";
import { refuseOtherManifest } from "../../deployment/other-manifest.ts";
import { refreshWithoutEngine } from "../../deployment/refresh-by-lists.ts";
import type { Engine } from "../../engine/index.ts";
import type { Environment } from "../../manifest/environment.ts";
import { errorText, ownError } from "../context/own-error.ts";
import { reachCarto } from "../context/tenant.ts";
import { settingsArePlain, stackSettings, unprotectedClients } from "../context/trust.ts";
import { keepHeapSmall } from "./heap.ts";
import type { Interruption } from "./interruption.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { foreignClients } from "./ownership.ts";
import type { Progress } from "./progress.ts";

/** What all environments of one call share. */
export interface Session {
  file: string;
  project: string;
  /** The stacks of all environments of the manifest. */
  stacks: readonly string[];
  engine: Engine;
  variables: Readonly<Record<string, string | undefined>>;
  settingsDirectory: string;
  interruption: Interruption;
  progress: Progress;
  /** A whole command for an environment. */
  commandLine(command: string, environment: Environment): string;
  /** How long another run's lock is waited for; 0: not at all. */
  waitSeconds: number;
  /** Whether the engine starts the provider in a process of its own. Unset: false, this process serves it. */
  providerProcess?: boolean;
  /** By environment, how many clients a preview of the same call met: more or fewer than declared, where some are deleted. Unset: of no interest. */
  met?: Map<string, number>;
  /** How often `up` and `destroy` write the state. Unset: once for many creates and deletes. */
  checkpoints?: Checkpoints;
}

/** What is to be done to an environment. */
export interface RunPlan {
  operation: Operation;
  /** For people, e.g. `preview`. */
  title: string;
  refresh?: boolean;
  previewOnly?: boolean;
  /** Whether CARTO is asked something first. */
  reach?: boolean;
  /** Directory that plans are written to or read from, as `<environment>.json`. */
  savePlans?: string;
  plans?: string;
  /** Is told what the environment may have been renamed from. */
  onRenamed?: (advice: string) => void;
}

/** Pulumi's SDK takes longest of all to load: it is not before it is needed, and, except for a refresh, while the engine is being looked for. */
export function loadDeployment() {
  keepHeapSmall();
  return import("../../deployment/deployment.ts");
}

const loadTemporaryBackend = () => import("../../deployment/temporary-backend.ts");

/** How often a lock is looked at again. */
const RETRY_MS = 2_000;
/** How often a run that another one got in the way of begins anew. */
const BUSY_RETRIES = 5;

/**
 * Runs one environment to its end. Never throws what went wrong in the environment: that is its outcome.
 *
 * @param own variables that this environment has instead of the common ones
 */
export async function runEnvironment(
  environment: Environment,
  own: Readonly<Record<string, string>>,
  session: Session,
  plan: RunPlan,
): Promise<Outcome> {
  const { file, interruption, progress } = session;
  const deadlineMs = Date.now() + session.waitSeconds * 1000;
  let busy = 0;
  for (let announced = false; ; ) {
    const events: EngineEvent[] = [];
    try {
      progress.phase(environment.name, plan.title, session.met?.get(environment.name) ?? environment.clients.length);
      const { movedFrom, advice } = await attempt(environment, own, session, plan, events);
      const outcome = outcomeOf(environment, file, plan.operation, events);
      const { create, update, delete: deleted, replace, same } = outcome.summary;
      session.met?.set(environment.name, create + update + deleted + replace + same);
      if (advice !== undefined) outcome.diagnostics.push({ severity: "warning", message: advice });
      const changes = noteUnprotected(outcome.changes, unprotectedClients(file, environment.stack));
      return { ...outcome, changes, ...(movedFrom !== undefined && { movedFrom }) };
    } catch (error) {
      const failure = asFailure(error, interruption, () => session.commandLine("cancel", environment));
      const mayWait = failure.code === "locked" && Date.now() + RETRY_MS < deadlineMs;
      const mayRetry = failure.code === "busy" && busy++ < BUSY_RETRIES;
      if (!(mayWait || mayRetry)) return outcomeOf(environment, file, plan.operation, events, failure);
      if (mayWait && !announced) progress.note(environment.name, `waiting: ${failure.message}`);
      announced ||= mayWait;
      await pause(RETRY_MS * (0.5 + Math.random()), interruption.signal);
    }
  }
}

async function attempt(
  environment: Environment,
  own: Readonly<Record<string, string>>,
  session: Session,
  plan: RunPlan,
  events: EngineEvent[],
): Promise<{ movedFrom: string | undefined; advice: string | undefined }> {
  const { operation, refresh, previewOnly, savePlans, plans } = plan;
  const { project, engine, settingsDirectory, progress, interruption, providerProcess = false } = session;
  interruption.signal.throwIfAborted();
  // Beside the engine, which takes a while to start. Its run is ended at once when CARTO cannot be reached.
  const unreachable = new AbortController();
  const reached = plan.reach
    ? reachCarto(environment, { ...session.variables, ...own }, stackSettings(session.file, environment.stack))
    : Promise.resolve(undefined);
  reached.catch(() => unreachable.abort());
  const target = {
    ...{ project, environment, engine, settingsDirectory },
    variables: own,
    providerProcess,
    create: operation === "up",
    onDelivered: (destination: string) => progress.note(environment.name, `delivered to ${destination}`),
  };
  const onEvent = (event: EngineEvent) => {
    events.push(event);
    progress.event(environment.name, event);
  };
  if (operation === "refresh") {
    const plain = settingsArePlain(session.file, environment.stack);
    const settings = plain ? stackSettings(session.file, environment.stack) : undefined;
    const found = await refreshWithoutEngine(target, settings);
    for (const event of found ?? []) onEvent(event);
    if (found !== undefined) return { movedFrom: undefined, advice: undefined };
  }
  // Whoever answers "yes", or gives a plan, has seen what would be deleted.
  const state = operation === "up" && plans === undefined ? await refuseOtherManifest(target) : undefined;
  const { Deployment } = await loadDeployment();
  const options: RunOptions = {
    onEvent,
    signal: AbortSignal.any([interruption.engineSignal, unreachable.signal]),
    onNote: (note) => progress.note(environment.name, note),
    state,
    ...(session.checkpoints && { checkpoints: session.checkpoints }),
    ...(refresh && { refresh }),
    ...(previewOnly && { previewOnly }),
    ...(savePlans !== undefined && { savePlan: planFile(savePlans, environment) }),
    ...(plans !== undefined && { plan: planFile(plans, environment) }),
  };
  let movedFrom: string | undefined;
  let advice: string | undefined;
  const onStack = async () => {
    await using deployment = await Deployment.open(target);
    if (operation === "preview" || operation === "up") movedFrom = deployment.movedFrom;
    if (operation === "preview") {
      await deployment.run(operation, options).catch(async (error) => {
        if (isNoStack(error)) advice = await renameAdvice(deployment, environment, session.stacks);
        throw error;
      });
      return;
    }
    const unlock = session.commandLine("cancel", environment);
    if (!previewOnly) interruption.unlocks.add(unlock);
    await deployment.run(operation, options).finally(() => interruption.unlocks.delete(unlock));
  };
  // A preview writes nothing: a stack that does not exist is previewed as one that would be created.
  const onTemporaryStack = async (error: unknown) => {
    if (operation !== "preview" || !isNoStack(error)) throw error;
    const { TemporaryBackend } = await loadTemporaryBackend();
    await using backend = new TemporaryBackend();
    await using deployment = await Deployment.open(backend.host(target));
    await deployment.run(operation, options);
  };
  const ran = await Promise.allSettled([reached, onStack().catch(onTemporaryStack)]);
  for (const one of ran) if (one.status === "rejected") throw one.reason;
  const reason = foreignClients(events, await reached);
  if (reason !== undefined) throw new DeploymentError("not_owner", reason);
  if (advice !== undefined) plan.onRenamed?.(`${environment.name}: ${advice}`);
  return { movedFrom, advice };
}

function isNoStack(error: unknown): boolean {
  return error instanceof DeploymentError && error.code === "no_stack";
}

/** Of an environment without stack: whether a stack that no environment has any more manages its clients. */
async function renameAdvice(
  deployment: Deployment,
  { stack, clients }: Environment,
  stacks: readonly string[],
): Promise<string | undefined> {
  if (stacks.length === 0 || clients.length === 0) return undefined;
  const old = await deployment.stackWith(clients, stacks);
  if (old === undefined) return undefined;
  const name = old.split("/").at(-1);
  return `The stack ${stack} does not exist, and the stack ${name}, which no environment uses, manages clients of the same names: if the environment was renamed, add \`moved: ${name}\` to it, and the clients keep their IDs and secrets`;
}

function planFile(directory: string, { name }: Environment): string {
  return join(directory, `${name}.json`);
}

function asFailure(
  error: unknown,
  { signal }: Interruption,
  cancel: () => string,
): Pick<DeploymentError, "code" | "message"> {
  if (signal.aborted) return { code: "interrupted", message: "interrupted: what was done is recorded" };
  if (error instanceof DeploymentError) {
    return { code: error.code, message: error.message.replace(CANCEL, () => `\`${cancel()}\``) };
  }
  const own = ownError(error);
  return own ? { code: "failed", message: own.message } : { code: "bug", message: errorText(error) };
}

/** Two that wait for each other's lock must not wake at the same moment for ever: the caller adds chance. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { setTimeout } = await import("node:timers/promises");
  await setTimeout(milliseconds, undefined, { signal }).catch(() => {});
}
