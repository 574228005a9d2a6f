import type { EngineEvent, StepEventMetadata, StepEventStateMetadata } from "@pulumi/pulumi/automation/index.js";
import { KIND_IDS, KINDS, type KindId } from "../kinds/index.ts";
import { isRecord } from "../kinds/input-reader.ts";
import type { Change } from "./change.ts";
import { type ClientVersion, compareClientVersions, type Reviewer } from "./compare.ts";
import { isSameDelivery } from "./delivery.ts";
import { markRenames } from "./rename.ts";
import { reviewByInputs } from "./review.ts";

/** Of both faces of the provider. */
const RESOURCE_TYPE = /^(?:pulumi-nodejs:dynamic\/carto:|carto:index:)(\w+)$/;

const STACK_TYPE = "pulumi:pulumi:Stack";

/** Advice on how to write a declaration. What someone changed at CARTO will be reverted, and nothing should be added for it. */
const FOR_DECLARATIONS: ReadonlySet<string> = new Set(["callback-origin-not-in-web-origins", "unused-exemption"]);

/**
 * The changes that a preview or an `up` reports, one per client, in no particular order. Clients that a program only reads
 * (`SpaOAuthClient.get`) are left out. Diagnostics are never looked at: the engine's debug messages hold secrets in plain text.
 */
export function changesFromEvents(
  events: readonly EngineEvent[],
  environment: string,
  reviewer = reviewByInputs,
): Change[] {
  const changes = new Map<string, [Change, ClientVersion | undefined]>();
  let recorded: unknown; // the stack's own step comes first
  for (const { resourcePreEvent, resOutputsEvent } of events) {
    const step = resourcePreEvent?.metadata;
    if (step?.type === STACK_TYPE) recorded = step.old?.outputs?.deliveries;
    const change = step && announced(step, environment, reviewer, recorded);
    const staying = step && (version(step, step.new) ?? version(step, step.old));
    if (change) changes.set(`${step.urn} ${change.action === "delete" ? change.clientId : ""}`, [change, staying]);
    const done = resOutputsEvent?.metadata;
    const made = done && changes.get(`${done.urn} `)?.[0];
    if (made && /^(create|create-replacement|replace)$/.test(done.op)) {
      const newClientId = done.new?.id;
      if (newClientId && newClientId !== made.clientId) made.newClientId = newClientId;
    }
  }
  return markRenames([...changes.values()]);
}

/**
 * What a refresh found changed at CARTO: `old` is the state, so what was last declared, `new` is what CARTO has. What the rules
 * refuse is advice here: CARTO has it already.
 */
export function driftFromEvents(
  events: readonly EngineEvent[],
  environment: string,
  reviewer = reviewByInputs,
): Change[] {
  const steps = events.map((event) => event.resOutputsEvent?.metadata).filter((step) => step !== undefined);
  return steps.filter(isClient).map((step) => {
    const [older, newer] = [version(step, step.old), version(step, step.new)];
    const { failures = [], findings = [] } = newer ? reviewByInputs(newer) : {};
    const advice = findings.filter(({ rule }) => !FOR_DECLARATIONS.has(rule));
    const review = newer && { location: reviewer(newer).location, findings: [...failures, ...advice] };
    const oldReview = older && reviewByInputs(older);
    const change = compareClientVersions(environment, older, newer, {
      ...(review && { review }),
      ...(oldReview && { oldReview: { findings: oldReview.findings ?? [] } }),
    });
    return change.action === "same" ? { ...change, exposures: [] } : { ...change, drift: true };
  });
}

function announced(
  step: StepEventMetadata,
  environment: string,
  reviewer: Reviewer,
  recorded: unknown,
): Change | undefined {
  if (!isClient(step)) return undefined;
  const [older, newer] = [version(step, step.old), version(step, step.new)];
  const review = newer && reviewer(newer);
  // If the newer version is not reviewed, the advice on the older one is not needed.
  const oldReview = older && review?.findings?.length ? reviewByInputs(older) : {};
  const before = { deliveries: review?.deliveries ? recordedFor(nameOf(step.old?.urn ?? step.urn), recorded) : [] };
  const after = { deliveries: review?.deliveries ?? [] };
  const delivered = newer !== undefined && !isSameDelivery(before, after);
  const change = compareClientVersions(environment, older && { ...older, ...before }, newer && { ...newer, ...after }, {
    ...(review && { review }),
    oldReview: { findings: oldReview.findings ?? [] },
  });
  // The engine decides what happens; the comparison only says what differs.
  switch (step.op) {
    case "same":
      // Secrets are hidden here, and the engine has compared them. What it does not know is where `up` delivers.
      return {
        ...change,
        action: delivered ? "update" : "same",
        rotation: false,
        exposures: change.exposures.filter(({ rule }) => rule === "secret-delivered"),
      };
    case "create":
    case "update":
    case "delete":
      return { ...change, action: step.op, rotation: false };
    case "replace":
    case "create-replacement":
      return {
        ...change,
        action: "replace",
        rotation: change.rotation || step.keys?.includes("rotationTrigger") === true,
      };
    default:
      return undefined;
  }
}

/** Of `urn:pulumi:stack::project::types::name`, where only the name may hold "::". */
function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** Where the last `up` delivered, as the stack's output `deliveries` says; nowhere, where it says nothing. */
function recordedFor(name: string, recorded: unknown): string[] {
  const texts = isRecord(recorded) && Object.hasOwn(recorded, name) ? recorded[name] : [];
  return Array.isArray(texts) ? texts.map(String) : [];
}

function isClient(step: StepEventMetadata): boolean {
  return kindOf(step) !== undefined;
}

function version(step: StepEventMetadata, state: StepEventStateMetadata | null | undefined): ClientVersion | undefined {
  if (!state) return undefined;
  const kind = kindOf(step);
  if (kind === undefined) return undefined;
  const logicalName = nameOf(step.urn);
  const inputs = Object.fromEntries(
    // The engine adds more, and the rules refuse what they do not know.
    Object.keys(KINDS[kind].properties)
      .filter((name) => name in state.inputs)
      .map((name) => [name, state.inputs[name]]),
  );
  // Empty while it is not known.
  return { kind, logicalName, inputs, ...(state.id && { clientId: state.id }) };
}

function kindOf({ type }: StepEventMetadata): KindId | undefined {
  const className = RESOURCE_TYPE.exec(type)?.[1];
  return KIND_IDS.find((kind) => KINDS[kind].className === className);
}
