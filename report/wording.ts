import { type Change, isLoss, locksOut, type SettingChange } from "../change/change.ts";
import { listed } from "../change/exposure.ts";
import type { ChangeCounts } from "../change/tally.ts";
import { byKind, KIND_IDS, KINDS, type KindId, RULES } from "../kinds/index.ts";
import type { Kind } from "../kinds/kind.ts";
import { idName } from "../kinds/resource-type.ts";
import { LOCAL_SETTINGS } from "../kinds/settings.ts";
import type { UrlList } from "../kinds/url/lists.ts";
import type { Report, Summary, Verdict } from "./report.ts";

/** CARTO's own labels, so that a reviewer can compare a report with CARTO's form. */
export const listLabel = (list: UrlList): string => KINDS.spa.properties[list].label;

/** How tables name the kinds. */
export const KIND_LABELS = byKind((kind) => KINDS[kind].label);

/** How reports name the ID of a resource. */
export const ID_LABELS = byKind((kind) => (idName(KINDS[kind]) === "clientId" ? "client ID" : "ID"));

/** How reports name the provider's own settings. */
export const settingLabel = (setting: SettingChange["property"]): string => LOCAL_SETTINGS[setting].label;

const VERDICTS: Record<Verdict, string> = {
  invalid: "This cannot be applied: it breaks rules of CARTO or of the policy.",
  destructive: "Destructive: client IDs or logins in use are removed, and their users are locked out.",
  exposure: "Exposure: someone gains access, or a control is removed. A person must review this.",
  incomplete: "Unknown: not every environment could be checked.",
  advice: "Nobody is locked out and nobody gains access, but the change has new findings to look at.",
  changes: "Nobody is locked out, nobody gains access, and there are no new findings.",
  nothing: "Nothing changes.",
};

/** The meaning of a verdict, in a sentence. */
export function verdictText({ verdict, source, changes }: Report): string {
  // A preview reads the state, which does not have what was changed at CARTO.
  if (verdict === "nothing" && source === "preview")
    return "The state is what the manifest declares. CARTO itself was not compared.";
  const gone = changes.filter(locksOut);
  const [own, ...others] = new Set(gone.map(({ kind }) => deletionOf(kind).verdict));
  if (verdict === "destructive" && own !== undefined && others.length === 0) return `Destructive: ${own}`;
  return VERDICTS[verdict];
}

/** Heads the clients, changed or not, that cannot be applied as they are declared. */
export const REFUSED_CLIENTS = "Refused by a rule";

/** What `up` does at a protected client. The engine deletes last, and a replacement is refused while it is being planned. */
export function refusedText({ action, unprotect }: Change): string {
  if (unprotect === "named")
    return "Deletion protection is on, but `carto:unprotect` names this client: `up` deletes it.";
  if (unprotect === "unknown")
    return "Deletion protection is on: unless `carto:unprotect` names this client, `up` applies the rest of the change first, then fails at this client and keeps it.";
  return action === "delete"
    ? "Deletion protection is on: `up` applies the rest of the change first, then fails at this client and keeps it."
    : "Deletion protection is on: `up` fails at this client and keeps it. Changes it already made to other clients are kept.";
}

/** Whether a text speaks of what is to come or of what was done. */
export type Tense = "future" | "past";

/** E.g. `1 to delete, 2 to replace (1 to rotate), 12 unchanged`; zeros left out. */
export function countsText(counts: ChangeCounts & { rotate?: number }, tense: Tense): string {
  const verb = (action: "create" | "update" | "replace" | "delete" | "rotate") =>
    tense === "future" ? `to ${action}` : PAST[action];
  const replace = counts.rotate ? `${verb("replace")} (${counts.rotate} ${verb("rotate")})` : verb("replace");
  const parts: [number, string][] = [
    [counts.delete, verb("delete")],
    [counts.replace, replace],
    [counts.update, verb("update")],
    [counts.create, verb("create")],
    [counts.drifted, "drifted"],
    [counts.same, "unchanged"],
  ];
  const told = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return told.length > 0 ? told.join(", ") : "no clients";
}

const PAST = { create: "created", update: "updated", replace: "replaced", delete: "deleted", rotate: "rotated" };

/** E.g. `3 failures, 1 exposure, 1 piece of advice, 2 exempted`; empty where there is nothing to say. */
export function findingsText(summary: Summary): string {
  const { failures, exposures, advice, exempted, existing } = summary;
  const parts: [number, string][] = [
    [failures, plural(failures, "failure", "failures")],
    [exposures, plural(exposures, "exposure", "exposures")],
    [advice, plural(advice, "piece of advice", "pieces of advice")],
    [exempted, "exempted"],
    [existing, `${plural(existing, "finding", "findings")} from before`],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
}

/** What happens to a client, in a word or two. */
export function actionText({ action, rotation, drift }: Change, tense: Tense): string {
  if (drift) return action === "delete" ? "gone at CARTO" : "changed at CARTO";
  if (action === "same") return "unchanged";
  const verb = rotation ? "rotate" : action;
  return tense === "future" ? `to ${verb}` : PAST[verb];
}

/** Whether who may log in is not changed, whatever happens to a resource of the kind. */
export function keepsLogins(kindId: KindId): boolean {
  const kind: Kind = KINDS[kindId];
  return kind.keepsLogins === true;
}

function deletionOf(kind: KindId): Kind["deletion"] {
  return KINDS[kind].deletion;
}

/** How a sentence names one whose ID is unknown. */
export function unnamed({ kind }: Change): string {
  return deletionOf(kind).unnamed;
}

/** What it means for users, around the client ID; undefined where the client ID stays. */
export function lossText(change: Change): { before: string; after: string } | undefined {
  if (keepsLogins(change.kind) && isLoss(change)) {
    const [did, before] = change.drift ? ["has left", "Someone deleted it at CARTO: "] : ["leaves", ""];
    return { before, after: ` ${did} the Workspace. Who may log in is not changed.` };
  }
  const { users, made } = deletionOf(change.kind);
  switch (change.action) {
    case "delete":
      return change.drift
        ? { before: `Someone deleted it at CARTO: every ${users} `, after: " has stopped working." }
        : { before: `Every ${users} `, after: " stops working." };
    case "replace":
      return {
        before: change.rotation
          ? `Rotation: ${made.charAt(0).toLowerCase()}${made.slice(1)}, then every ${stillUsing(users)} `
          : `${made}; every ${users} `,
        after: " stops working.",
      };
    default:
      return undefined;
  }
}

/** `user and service still on`, `page and service that still uses`. */
function stillUsing(users: string): string {
  return users.endsWith(" of") ? users.replace(/ of$/, " still on") : users.replace(/ (\w+)$/, " still $1");
}

/** The same in a few words, for a list of clients. */
export function lossHeadline(change: Change): string {
  if (change.drift) return "Deleted at CARTO";
  if (change.renamed) return "To delete, renamed without an alias";
  if (change.action === "delete") return "To delete";
  return change.rotation ? "To rotate" : "To replace";
}

/** The title of every report. */
export function titleText(report: Report): string {
  const subject = report.source === "drift" ? `${subjectText(report)}, drift at CARTO` : subjectText(report);
  if (isRefusedWhole(report)) return `${subject}: the manifest is refused`;
  const unknown = report.changes.length === 0 && report.unknown.length > 0;
  return `${subject}: ${unknown ? "not known" : countsText(report.summary, "future")}`;
}

/** What changes, by its kinds, e.g. `OAuth clients and applications`; where nothing does, what was looked at. */
function subjectText({ changes }: Report): string {
  const changed = changes.filter(({ action, failures }) => action !== "same" || failures.length > 0);
  const kinds = new Set((changed.length > 0 ? changed : changes).map(({ kind }) => kind));
  const nouns = KIND_IDS.filter((kind) => kinds.has(kind)).map((kind) => `${KINDS[kind].noun}s`);
  const text = listed([...new Set(nouns.length > 0 ? nouns : ["OAuth clients"])], "and");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The clients of one environment in a table of all; no count for an environment that was not checked. */
export function environmentText({ unknown }: Report, environment: string, counts: ChangeCounts): string {
  return unknown.some((one) => one.environment === environment) ? "not known" : countsText(counts, "future");
}

/** Whether there is nothing but failures: counts would say that there are no clients. */
export function isRefusedWhole({ changes, failures }: Report): boolean {
  return changes.length === 0 && failures.length > 0;
}

/** The word for a count. */
export function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

const CLIENT_RULES: ReadonlySet<string> = new Set(RULES.map(({ id }) => id));

/** Where a rule is explained; undefined without a page, and for the rules of the manifest file, which it does not have. */
export function ruleUrl(rule: string, rulesUrl: string | undefined): string | undefined {
  return rulesUrl !== undefined && CLIENT_RULES.has(rule) ? `${rulesUrl}#${rule}` : undefined;
}
