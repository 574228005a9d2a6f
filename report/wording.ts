import type { Change, SettingChange } from "../change/change.ts";
import type { ClientKind } from "../kinds/oauth-client/oauth-client.ts";
import { RULES } from "../kinds/rules.ts";
import type { UrlList } from "../kinds/url/lists.ts";
import type { Report, Tally, Verdict } from "./report.ts";

/** CARTO's own labels, so that a reviewer can compare a report with CARTO's form. */
export const LIST_LABELS: Record<UrlList, string> = {
  allowedCallbackUrls: "Allowed Callback URLs",
  allowedLogoutUrls: "Allowed Logout URLs",
  allowedWebOrigins: "Allowed Web Origins",
  allowedOrigins: "Allowed Origins (CORS)",
};

export const KIND_LABELS: Record<ClientKind, string> = { spa: "SPA", m2m: "M2M" };

export const SETTING_LABELS: Record<SettingChange["property"], string> = {
  deletionProtection: "Deletion protection",
  policy: "Policy",
  allow: "Excuses",
};

export const VERDICTS: Record<Verdict, string> = {
  invalid: "This cannot be applied: it breaks rules of CARTO or of the policy.",
  destructive: "Destructive: client IDs or logins in use go away, and who uses them is locked out.",
  incomplete: "Not known: not every environment could be looked at.",
  advice: "No client ID goes away, but something deserves a look.",
  changes: "No client ID goes away, and no rule has anything to say.",
  nothing: "Nothing changes.",
};

/** Heads the clients, changed or not, that cannot be applied as they are declared. */
export const REFUSED_CLIENTS = "Refused by a rule";

/** E.g. `1 deleted, 2 replaced (1 rotated), 12 unchanged`; zeros left out. */
export function tallyText(tally: Tally): string {
  const replaced = tally.rotated > 0 ? `replaced (${tally.rotated} rotated)` : "replaced";
  const parts: [number, string][] = [
    [tally.deleted, "deleted"],
    [tally.replaced, replaced],
    [tally.updated, "updated"],
    [tally.created, "created"],
    [tally.drifted, "drifted"],
    [tally.unchanged, "unchanged"],
  ];
  const told = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return told.length > 0 ? told.join(", ") : "no clients";
}

/** E.g. `3 failures, 1 piece of advice, 2 excused`; empty where the rules say nothing. */
export function findingsText(tally: Tally): string {
  const parts: [number, string][] = [
    [tally.failures, plural(tally.failures, "failure", "failures")],
    [tally.advice, plural(tally.advice, "piece of advice", "pieces of advice")],
    [tally.excused, "excused"],
    [tally.unchangedFindings, `${plural(tally.unchangedFindings, "finding", "findings")} on unchanged clients`],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
}

/** What happens to a client, in one word for people. */
export function actionText({ action, rotation, drift }: Change): string {
  if (drift) return action === "delete" ? "gone at CARTO" : "changed at CARTO";
  if (rotation) return "rotated";
  return { create: "created", update: "updated", delete: "deleted", replace: "replaced", same: "unchanged" }[action];
}

/** What it means for users; undefined where nobody is locked out. `clientId` is how the format writes the ID. */
export function lossText(change: Change, clientId: string | undefined): string | undefined {
  const whose = clientId === undefined ? "this client" : clientId;
  switch (change.action) {
    case "delete":
      return change.drift
        ? `Someone deleted it at CARTO: every user and service of ${whose} has stopped working.`
        : `Every user and service of ${whose} stops working.`;
    case "replace":
      return change.rotation
        ? `Rotation: a new client ID and secret are made, then every user and service still on ${whose} stops working.`
        : `A new client ID and secret are made; every user and service of ${whose} stops working.`;
    default:
      return undefined;
  }
}

/** The title of every report. */
export function titleText(report: Report): string {
  const subject = report.source === "drift" ? "OAuth clients, drift at CARTO" : "OAuth clients";
  if (isRefusedWhole(report)) return `${subject}: the manifest is refused`;
  return `${subject}: ${report.changes.length === 0 && report.unknown.length > 0 ? "not known" : tallyText(report.tally)}`;
}

/** The clients of one environment in a table of all; never a count where nobody counted. */
export function environmentText({ unknown }: Report, environment: string, tally: Tally): string {
  return unknown.some((one) => one.environment === environment) ? "not known" : tallyText(tally);
}

/** Whether there is nothing but failures: counts would say that there are no clients. */
export function isRefusedWhole({ changes, failures }: Report): boolean {
  return changes.length === 0 && failures.length > 0;
}

export function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

const CLIENT_RULES: ReadonlySet<string> = new Set(RULES.map(({ id }) => id));

/** Where a rule is explained; undefined without a page, and for the rules of the manifest file, which it does not have. */
export function ruleUrl(rule: string, rulesUrl: string | undefined): string | undefined {
  return rulesUrl !== undefined && CLIENT_RULES.has(rule) ? `${rulesUrl}#${rule}` : undefined;
}
