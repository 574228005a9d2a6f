import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { Change } from "../../change/change.ts";
import { changesFromEvents, driftFromEvents } from "../../change/from-engine-events.ts";
import { reviewByManifest } from "../../change/review.ts";
import { noteUnprotected } from "../../change/unprotect.ts";
import { RUN_FAILED } from "../../deployment/deployment-error.ts";
import type { DeploymentErrorCode } from "../../error/error-code.ts";
import { naturally } from "../../kinds/natural-order.ts";
import { reportedFailure } from "../../report/manifest-report.ts";
import { buildReport, type Report, type UnknownEnvironment } from "../../report/report.ts";
import { openEngine, searchEngine } from "../context/engine.ts";
import { CommandError } from "../context/own-error.ts";
import { selectEnvironments } from "../context/selection.ts";
import { unprotectedClients } from "../context/trust.ts";
import { interruptible } from "./interruption.ts";
import type { Diagnostic } from "./outcome.ts";
import { endText } from "./outcome-text.ts";
import type { Progress } from "./progress.ts";
import { loadDeployment, type RunPlan, runEnvironment, type Session } from "./run-environment.ts";
import { inParallel } from "./run-environments.ts";
import { tokenLifetimes } from "./token-lifetimes.ts";

/** Options of a report that asks the engine. */
export interface LiveOptions {
  env: string[];
  var?: Record<string, string>;
  /** Whether CARTO is compared with what was declared, instead of what is declared with the state. */
  drift?: boolean;
  parallel: number;
  waitSeconds: number;
  /** The manifest as reports name it. */
  place: string;
}

/** A report from the engine, and what is missing in it. */
export interface LiveReport {
  report: Report;
  /** Why an environment is not in the report, one line each. */
  problems: string[];
}

/** A report from the engine: a preview of each environment, or a refresh that changes nothing. */
export async function reportLive(file: string, options: LiveOptions): Promise<LiveReport> {
  const { env: environments, place } = options;
  const source = options.drift ? "drift" : "preview";
  void searchEngine();
  const { selection, failures, comparable } = await selectEnvironments(file, options);
  if (selection === undefined) {
    const reported = failures.map((failure) => reportedFailure({ ...failure, file: place }));
    const notes = comparable && !options.drift ? [COMPARABLE] : [];
    return {
      report: buildReport({ source, environments, changes: [], failures: reported, notes, manifest: place }),
      problems: [],
    };
  }
  return interruptible(async (interruption) => {
    const recorder = new Recorder();
    const log = (line: string) => process.stderr.write(`${line}\n`);
    const [engine] = await Promise.all([openEngine(log, interruption.signal), !options.drift && loadDeployment()]);
    const session: Session = {
      ...selection,
      engine,
      interruption,
      progress: recorder,
      waitSeconds: options.waitSeconds,
    };
    const renamed: string[] = [];
    const plan: RunPlan = options.drift
      ? { operation: "refresh", title: "drift", previewOnly: true }
      : { operation: "preview", title: "preview", reach: true, onRenamed: (advice) => renamed.push(`${advice}.`) };
    const problems: string[] = [];
    const unknown: UnknownEnvironment[] = [];
    const changes: Change[] = [];
    await inParallel(selection.environments, options.parallel, async (environment) => {
      const { name, clients } = environment;
      const { stack, movedFrom, error, diagnostics } = await runEnvironment(
        environment,
        selection.own(environment),
        session,
        plan,
      );
      if (error === undefined) {
        const read = options.drift ? driftFromEvents : changesFromEvents;
        if (movedFrom !== undefined) renamed.push(`${name}: \`up\` renames the stack ${movedFrom} to ${stack}.`);
        const found = read(recorder.eventsOf(name), name, reviewByManifest(clients, place));
        changes.push(...noteUnprotected(found, unprotectedClients(file, stack)));
      } else {
        const reasons = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => `: ${message}`);
        problems.push(`${name}: ${plan.title} ${endText(error.message, diagnostics)}${reasons.join("")}`);
        unknown.push({ environment: name, reason: unknownReason(error, diagnostics) });
      }
    });
    if (interruption.signal.aborted) throw new CommandError("interrupted", "interrupted: no report was written");
    const report = buildReport({
      source,
      environments,
      changes,
      unknown,
      notes: [
        ...(options.drift ? [] : [STATE_ONLY]),
        ...renamed.sort(naturally),
        ...tokenLifetimes(selection.environments, Date.now()),
      ],
      manifest: place,
    });
    return { report, problems: problems.sort() };
  });
}

/** Of a failure, what the command says, or the provider and the rules of a client: these words are our own, and the same in every run. */
function unknownReason(
  { code, message }: { code: DeploymentErrorCode; message: string },
  diagnostics: readonly Diagnostic[],
): string {
  if (code === "not_owner") return `${message}.`;
  const said = diagnostics.flatMap(({ severity, client, message }) =>
    severity === "error" && client !== undefined && isOwn(message) ? [`${client}: ${message}`] : [],
  );
  if (code === "failed" && said.length === 0 && isOwn(message)) return `It failed. ${message}`;
  if (code !== "failed" || said.length === 0) return REASONS[code];
  const more = said.length > SHOWN ? ` And ${said.length - SHOWN} more.` : "";
  return `It failed. ${said.sort(naturally).slice(0, SHOWN).join(" ")}${more}`;
}

const SHOWN = 5;

/** Never the engine's own words, which may name a machine, a port or a path: two reports would differ. */
function isOwn(message: string): boolean {
  return message !== RUN_FAILED && !message.startsWith("Pulumi: ");
}

const REASONS: Record<DeploymentErrorCode, string> = {
  locked: "Another run has locked the stack.",
  busy: "Another run got in the way.",
  passphrase: "The secrets of the stack cannot be decrypted.",
  backend: "The backend of the stack cannot be reached.",
  no_stack: "The stack does not exist.",
  plan: "The run would differ from its plan.",
  not_owner: "Clients of the stack belong to another user.",
  other_manifest: "The stack manages clients of another manifest.",
  interrupted: "The run was interrupted.",
  bug: "This is a bug in pulumi-carto; see the log of the run.",
  failed: "The engine, the provider or CARTO failed; see the log of the run.",
};
const STATE_ONLY =
  "The manifest is compared with the state: what someone changed at CARTO is not in this report; `report --drift` shows it.";
const COMPARABLE = "The engine was not asked; `report --diff` still shows what changes against an older version.";

/** Keeps the events of each environment, and shows nothing: stdout is the report's. */
class Recorder implements Progress {
  readonly #events = new Map<string, EngineEvent[]>();

  eventsOf(environment: string): EngineEvent[] {
    return this.#events.get(environment) ?? [];
  }

  /** An attempt that has to wait for a lock begins anew. */
  phase(environment: string): void {
    this.#events.set(environment, []);
  }

  note(): void {}

  event(environment: string, event: EngineEvent): void {
    this.#events.get(environment)?.push(event);
  }

  print(): void {}
  warn(text: string): void {
    process.stderr.write(text);
  }

  finish(): void {}
  close(): void {}
}
