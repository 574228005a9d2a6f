import { createHash } from "node:crypto";
import {
  type Change,
  isLoss,
  type LocatedFailure,
  type LocatedFinding,
  type Location,
  locksOut,
} from "../change/change.ts";
import { EXPOSURE_RULES, type Exposure, isAlarming } from "../change/exposure.ts";
import { lostReachSentence } from "../change/reach.ts";
import { RULES } from "../kinds/index.ts";
import { visible, visibleJson } from "../kinds/visible-text.ts";
import type { Report } from "./report.ts";
import { actionText, KIND_LABELS, lossText, ruleUrl, unnamed } from "./wording.ts";

/** What a SARIF log takes besides the report. */
export interface SarifOptions {
  /** Page with the rules, e.g. a copy of docs/rules.md: each rule links to its id there. Unset: no links. */
  rulesUrl?: string;
}

/** What a report itself warns of, in addition to the rules for a client's inputs. */
const CHANGE_RULES = {
  ...EXPOSURE_RULES,
  "client-deleted": "The client ID is deleted: every user and service that uses it stops working.",
  "client-replaced": "The client gets a new ID and secret, and the old ones stop working.",
  "client-rotated": "The client gets a new ID and secret on purpose, and the old ones stop working.",
  "client-logins-lost": "A host can no longer do what its logins need: users who log in there are locked out.",
  "client-drifted": "Someone changed the client at CARTO, past its declaration.",
};

interface SarifRule {
  id: string;
  shortDescription: { text: string };
  help: { text: string };
  helpUri?: string;
  defaultConfiguration: { level: "error" | "warning" };
}

/**
 * The report as SARIF, for code scanning: SARIF 2.1.0, one result per failure, piece of advice and lost or drifted client, each at its line
 * of the manifest; what is exempted is a suppressed result.
 */
export function renderSarif(report: Report, { rulesUrl }: SarifOptions = {}): string {
  const fallback: Location | undefined =
    report.manifest === undefined ? undefined : { file: report.manifest, line: 1, column: 1 };
  const found = [
    ...report.failures.map((failure) => result("error", failure, failure.environments?.join(", ") ?? "", fallback)),
    ...report.exposures.map((exposure) => result(levelOf(exposure), exposure, exposure.environment, fallback)),
    ...report.changes.flatMap((change) => changeResults(change, fallback)),
  ];
  const rules = declaredRules(
    rulesUrl,
    found.map(({ ruleId }) => ruleId),
  );
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const results = found.map((one) => ({ ...one, ruleIndex: indexes.get(one.ruleId) }));
  const driver = { name: "pulumi-carto", rules };
  return visibleJson({
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver },
        ...invocationsOf(report),
        columnKind: "utf16CodeUnits",
        properties: { verdict: report.verdict },
        results,
      },
    ],
  });
}

/** Without it, a log without results would say that all is well. */
function invocationsOf({ unknown }: Report) {
  if (unknown.length === 0) return {};
  const toolExecutionNotifications = unknown.map(({ environment, reason }) => ({
    level: "error",
    message: { text: literal(`Not known: what changes in ${environment}. ${reason}`) },
  }));
  return { invocations: [{ executionSuccessful: false, toolExecutionNotifications }] };
}

function declaredRules(rulesUrl: string | undefined, used: readonly string[]): SarifRule[] {
  const rule = (id: string, text: string, help: string, level: "error" | "warning"): SarifRule => {
    const helpUri = ruleUrl(id, rulesUrl);
    return {
      id,
      shortDescription: { text },
      help: { text: help },
      ...(helpUri !== undefined && { helpUri }),
      defaultConfiguration: { level },
    };
  };
  const known = [
    ...RULES.map(({ id, why, fix, level }) => rule(id, why, fix, level === "failure" ? "error" : "warning")),
    ...Object.entries(CHANGE_RULES).map(([id, text]) => rule(id, text, text, "warning")),
  ];
  const ids = new Set(known.map(({ id }) => id));
  const others = [...new Set(used)].filter((id) => !ids.has(id)).sort();
  const text = "A rule of the manifest file itself.";
  return [...known, ...others.map((id) => rule(id, text, text, "error"))];
}

function changeResults(change: Change, fallback: Location | undefined) {
  const subject = `${change.environment}/${change.client}`;
  const place = change.location ?? fallback;
  const loss = changeRule(change);
  const property = { property: "", reason: lossReason(change), location: place };
  const drifted = change.drift ? ("error" as const) : undefined;
  return [
    ...(loss ? [result("warning", { ...property, rule: loss }, subject, place)] : []),
    ...change.exposures.map((exposure) => result(drifted ?? levelOf(exposure), exposure, subject, place)),
    ...change.failures.map((failure) => result("error", failure, subject, place)),
    ...change.findings.map((finding) => result("warning", finding, subject, place)),
  ];
}

function levelOf(exposure: Exposure): Level {
  return isAlarming(exposure) ? "warning" : "note";
}

function changeRule(change: Change): keyof typeof CHANGE_RULES | undefined {
  if (change.drift) return "client-drifted";
  if (!isLoss(change)) return locksOut(change) ? "client-logins-lost" : undefined;
  if (change.action === "delete") return "client-deleted";
  return change.rotation ? "client-rotated" : "client-replaced";
}

function lossReason(change: Change): string {
  const { client, clientId, kind, oldLocation, lostReach } = change;
  const loss = lossText(change);
  const id = clientId === undefined ? "" : ` with the client ID ${clientId}`;
  const sentences = [
    `${KIND_LABELS[kind]} client ${client}${id}: ${actionText(change, "future")}.`,
    ...(loss ? [`${loss.before}${clientId ?? unnamed(change)}${loss.after}`] : []),
    ...lostReach.map((reach) => `${lostReachSentence(reach)}.`),
    // What is deleted has no line in the newer version.
    ...(change.action === "delete" && oldLocation
      ? [`It was declared at line ${oldLocation.line} of the older version, ${oldLocation.file}.`]
      : []),
  ];
  return sentences.join(" ");
}

type Level = "error" | "warning" | "note";

type Reported = Omit<LocatedFailure & Partial<LocatedFinding>, "location"> & {
  location?: Location | undefined;
  origin?: string;
};

function result(level: Level, found: Reported, subject: string, fallback: Location | undefined) {
  const { rule, property, reason, exemption } = found;
  const path = [subject, property].filter(Boolean).join(".");
  const place = found.location ?? fallback;
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([rule, path, found.url ?? found.origin ?? ""]))
    .digest("hex");
  return {
    ruleId: rule,
    level,
    message: { text: literal(path === "" ? reason : `${path}: ${reason}`) },
    locations: [
      {
        ...(place && { physicalLocation: physical(place) }),
        ...(path !== "" && { logicalLocations: [{ fullyQualifiedName: visible(path) }] }),
      },
    ],
    partialFingerprints: { "pulumiCarto/v1": fingerprint },
    ...(exemption !== undefined && { suppressions: [{ kind: "inSource", justification: visible(exemption) }] }),
  };
}

function physical({ file, line, column }: Location) {
  const uri = visible(file).split(/[\\/]/).map(encodeURIComponent).join("/");
  return { artifactLocation: { uri }, region: { startLine: line, startColumn: column } };
}

/** Brackets would make links in a message. @see SARIF 2.1.0, 3.11.6 */
function literal(text: string): string {
  return visible(text).replaceAll(/[\\[\]]/g, "\\$&");
}
