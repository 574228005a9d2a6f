import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { type Change, sortChanges } from "../../change/change.ts";
import { changesFromEvents, driftFromEvents } from "../../change/from-engine-events.ts";
import { type ChangeCounts, countChanges } from "../../change/tally.ts";
import type { DeploymentErrorCode } from "../../error/error-code.ts";
import { destinationText } from "../../kinds/destination.ts";
import { RULES } from "../../kinds/index.ts";
import type { Environment } from "../../manifest/environment.ts";
import { inCommandWords } from "../context/command-words.ts";
import { inPlainWords } from "./engine-words.ts";

/** What the engine, the provider or CARTO said of a run. */
export interface Diagnostic {
  /** `advice`: a finding of the rules, which refuses nothing. */
  severity: "advice" | "warning" | "error";
  /** Logical name; absent where it is about no client. */
  client?: string;
  message: string;
}

/** The outcome of one environment: the documented shape of `--json`. */
export interface Outcome {
  environment: string;
  stack: string;
  /** Previous name of the stack, where `up` renames it. Absent: it is not renamed. */
  movedFrom?: string;
  ok: boolean;
  /** Clients by what happens to them; unchanged ones are counted only. */
  summary: ChangeCounts;
  changes: Change[];
  /** What was begun and refused, by deletion protection or by CARTO: the client is as it was. Absent: nothing. */
  refused?: Change[];
  diagnostics: Diagnostic[];
  error?: { code: DeploymentErrorCode; message: string };
}

/** @param operation `refresh` speaks of what CARTO has, the others of what is declared */
export function outcomeOf(
  environment: Environment,
  file: string,
  operation: string,
  events: readonly EngineEvent[],
  error?: { code: DeploymentErrorCode; message: string },
): Outcome {
  const places = new Map(environment.clients.map((client) => [client.logicalName, client]));
  const reviewer = ({ logicalName }: { logicalName: string }) => {
    const declared = places.get(logicalName);
    if (declared === undefined) return {};
    const { deliver } = declared;
    const deliveries = deliver && { deliveries: deliver.map(destinationText) };
    return { location: { file, ...declared.location("") }, ...deliveries };
  };
  const read = operation === "refresh" ? driftFromEvents : changesFromEvents;
  // A run that failed had announced more than it did.
  const [met, untouched] = separated(error === undefined ? events : finished(events));
  const changes = read(met, environment.name, reviewer);
  // The provider speaks to programs as well, which are run with `pulumi`.
  const advise = (message: string) => inCommandWords(message, { file, stack: environment.stack });
  const summary = countChanges(changes);
  summary.same += untouched;
  const refused = read(begunAndRefused(events), environment.name, reviewer);
  return {
    environment: environment.name,
    stack: environment.stack,
    ok: error === undefined,
    summary,
    changes: sortChanges(changes, [environment.name]).filter(({ action }) => action !== "same"),
    ...(refused.length > 0 && { refused: sortChanges(refused, [environment.name]) }),
    diagnostics: once(events.flatMap(diagnostic).filter((one) => !isSummary(one) && !isTold(one, changes))).map(
      (one) => ({ ...one, message: advise(one.message) }),
    ),
    ...(error && { error: { code: error.code, message: advise(error.message) } }),
  };
}

/** Whether anything would be, or was, different afterwards. */
export function hasChanges({ changes, movedFrom }: Outcome): boolean {
  return changes.length > 0 || movedFrom !== undefined;
}

/** The events without those of a refresh by lists, which compared already; and how many these are. */
function separated(events: readonly EngineEvent[]): [events: EngineEvent[], untouched: number] {
  const met = events.filter(({ resOutputsEvent: step }) => !step || step.metadata.old !== step.metadata.new);
  return [met, events.length - met.length];
}

/** The events without the steps that were begun only. */
function finished(events: readonly EngineEvent[]): EngineEvent[] {
  const done = new Set(events.map(({ resOutputsEvent }) => resOutputsEvent && stepOf(resOutputsEvent.metadata)));
  return events.filter(({ resourcePreEvent }) => !resourcePreEvent || done.has(stepOf(resourcePreEvent.metadata)));
}

/** The steps that the engine says have failed. */
function begunAndRefused(events: readonly EngineEvent[]): EngineEvent[] {
  const failed = new Set(events.map(({ resOpFailedEvent }) => resOpFailedEvent && stepOf(resOpFailedEvent.metadata)));
  return events.filter(({ resourcePreEvent }) => resourcePreEvent && failed.has(stepOf(resourcePreEvent.metadata)));
}

function stepOf({ urn, op }: { urn: string; op: string }): string {
  return `${op} ${urn}`;
}

/** What an inline program throws, the Automation API tells twice. */
function once(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((one) => [JSON.stringify(one), one])).values()];
}

/** The engine ends each failed run with "update failed" or "update canceled": the outcome's error says so. */
function isSummary({ severity, message }: Diagnostic): boolean {
  return severity === "error" && /^Pulumi: (\w+ failed|update canceled)$/.test(message);
}

/** As the provider warns those who run a program of a replacement. */
const REPLACED = / is replaced: once it is deleted, every /;

/** A replacement that is among the changes is not told twice, and once it is done it is no news. */
function isTold({ severity, message }: Diagnostic, changes: readonly Change[]): boolean {
  if (severity !== "warning" || !REPLACED.test(message)) return false;
  return changes.some(({ action, clientId }) => action === "replace" && clientId && message.includes(clientId));
}

/** A finding ends with its rule. */
function isAdvice(message: string): boolean {
  const [, last] = /\(([a-z0-9-]+)\)$/.exec(message) ?? [];
  return RULES.some(({ id }) => id === last);
}

function diagnostic({ diagnosticEvent }: EngineEvent): Diagnostic[] {
  if (diagnosticEvent === undefined || diagnosticEvent.ephemeral) return [];
  const { severity, urn, message } = diagnosticEvent;
  // Debug messages hold secrets in plain text; info#err is what plugins print.
  if (severity !== "warning" && severity !== "error") return [];
  const client = /:dynamic\/carto:\w+::(.+)$/s.exec(urn ?? "")?.[1];
  const text = message.replace(/<\{%[^%]*%\}>/g, "").trim();
  if (text === "") return [];
  const meant = severity === "warning" && client !== undefined && isAdvice(text) ? "advice" : severity;
  return [{ severity: meant, ...(client !== undefined && { client }), message: inPlainWords(text, Boolean(urn)) }];
}
