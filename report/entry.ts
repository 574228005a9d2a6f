import {
  type Change,
  follows,
  isLoss,
  type LocatedFailure,
  type LocatedFinding,
  type Location,
  locksOut,
  moved,
  newAdvice,
  type UrlListChange,
  type Versions,
} from "../change/change.ts";
import { type Exposure, isAlarming } from "../change/exposure.ts";
import { lostReachSentence } from "../change/reach.ts";
import { whoOf } from "../kinds/access.ts";
import { joined, type Line, line, place, rule, type Span, sentence, strong, type Tone, value, words } from "./line.ts";
import {
  actionText,
  ID_LABELS,
  listLabel,
  lossText,
  plural,
  refusedText,
  settingLabel,
  type Tense,
  unnamed,
} from "./wording.ts";

/** One client, or several clients with exactly the same change. */
export interface Entry {
  /** At least one; they differ in name, environment, ID and place only. */
  changes: Change[];
  tone: Tone;
  /** E.g. `to update`. */
  action: string;
  /** In order of danger. */
  lines: Line[];
  /** Findings that were there before the change: to be folded. */
  existing: Line[];
}

/** The lines of one change, or of several that are alike. */
export function entryOf(changes: readonly [Change, ...Change[]], tense: Tense): Entry {
  const [change] = changes;
  return {
    changes: [...changes],
    tone: toneOf(change),
    action: actionText(change, tense),
    lines: [
      ...(changes.length > 1 ? sharedPlace(changes) : []),
      ...lossLines(change, tense),
      ...change.exposures.filter(isAlarming).map(exposureLine),
      ...change.failures.map(failureLine),
      ...valueLines(change),
      ...urlLines(change),
      ...change.lostReach
        .filter(({ locksOut }) => !locksOut)
        .map((reach) => line("plain")`${sentence(lostReachSentence(reach))}`),
      ...change.exposures.filter((exposure) => !isAlarming(exposure)).map(exposureLine),
      ...newAdvice(change).map(findingLine),
      ...change.findings
        .filter((finding) => !isExisting(change, finding) && finding.exemption !== undefined)
        .map(findingLine),
    ],
    existing: change.findings.filter((finding) => isExisting(change, finding)).map(findingLine),
  };
}

/** A rule that is broken. */
export function failureLine(failure: LocatedFailure): Line {
  return line("failure")`${strong("Failure:")} ${ruled(failure)}`;
}

/** What gives someone access, or removes a control. */
export function exposureLine(exposure: Exposure): Line {
  const { reason, claim, trusted, location } = exposure;
  if (trusted) return line("quiet")`Under a trusted domain: ${sentence(reason)}${place(location)}`;
  const quoted = claim === undefined ? [] : [words(" Its author claims: "), value(claim)];
  return line("exposure")`${strong("Exposure")} ${rule(exposure.rule)}${place(location)}: ${sentence(reason)}${quoted}`;
}

function findingLine(finding: LocatedFinding): Line {
  if (finding.exemption === undefined) return line("advice")`${strong("Advice:")} ${ruled(finding)}`;
  return line("quiet")`Exempted: ${ruled(finding)} Its author claims: ${value(finding.exemption)}`;
}

function ruled({ rule: id, property, reason, location }: LocatedFailure): Span[] {
  const file = location === undefined ? [] : [{ place: location }];
  const where = property === "" ? file : [value(property), ...place(location)];
  return [...where, ...(where.length > 0 ? [words(": ")] : []), sentence(reason), words(" ("), rule(id), words(")")];
}

function isExisting({ action }: Change, { existing }: LocatedFinding): boolean {
  return action === "same" || existing === true;
}

function toneOf(change: Change): Tone {
  if (locksOut(change)) return "loss";
  if (change.failures.length > 0) return "failure";
  if (change.exposures.some(isAlarming)) return "exposure";
  return newAdvice(change).length > 0 ? "advice" : "plain";
}

/** Where one line of a file makes the same change in many clients. */
function sharedPlace(changes: readonly Change[]): Line[] {
  const [first, ...others] = changes.map(({ exposures }) => exposures.flatMap(({ location }) => location ?? []));
  const key = (places: readonly Location[] | undefined) => JSON.stringify(places);
  const [only] = first ?? [];
  if (only === undefined || others.some((places) => key(places) !== key(first))) return [];
  return [line("plain")`The same change in all of them, written once${place(only)}.`];
}

function lossLines(change: Change, tense: Tense): Line[] {
  const lines: Line[] = [];
  const loss = lossText(change);
  if (loss !== undefined) {
    const whose = change.clientId === undefined ? [words(unnamed(change))] : [value(change.clientId)];
    lines.push(line("loss")`${words(loss.before)}${whose}${words(loss.after)}`);
  }
  if (change.renamed?.old !== undefined && change.renamed.new !== undefined) {
    const { old, new: next } = change.renamed;
    lines.push(
      line(
        "loss",
      )`${strong("Renamed")} from ${value(old)} to ${value(next)}: the old client is deleted and a new one created, with another client ID and secret. To keep the client, add ${value(`aliases: [${old}]`)} to ${value(next)}, or keep the key and change only its ${value("name")}.`,
    );
  }
  // What is done was not kept.
  if (tense === "future" && isLoss(change) && change.protected && !change.drift)
    lines.push(line("plain")`${words(refusedText(change))}`);
  for (const reach of change.lostReach.filter(({ locksOut }) => locksOut)) {
    lines.push(line("loss")`${strong("Locked out")} ${sentence(lostReachSentence(reach))}`);
  }
  if (change.newClientId !== undefined)
    lines.push(line("plain")`${words(`New ${ID_LABELS[change.kind]}: `)}${value(change.newClientId)}`);
  return lines;
}

function valueLines(change: Change): Line[] {
  const { action, name, applicationLoginUrl = {}, settings } = change;
  return [
    ...versionsLine("Name", name, action),
    ...versionsLine("Application Login URL", applicationLoginUrl, action),
    ...(action === "delete"
      ? []
      : [
          ...change.values.flatMap(({ label, added, removed }) => [
            ...added.map((text) => line("added")`${words(label)}: ${strong("added")} ${value(text, "added")}`),
            ...removed.map((text) => line("removed")`${words(label)}: ${strong("removed")} ${value(text, "removed")}`),
          ]),
          ...settings.flatMap((setting) => versionsLine(settingLabel(setting.property), setting, action)),
        ]),
  ];
}

/** One line where the value changes, or is there for the first or the last time. */
function versionsLine(label: string, versions: Versions<string>, action: Change["action"]): Line[] {
  if (!moved(versions)) return [];
  const { old, new: next } = versions;
  const shown = (text: string | undefined, change: "added" | "removed") =>
    text === undefined ? words("none") : value(text, change);
  if (action === "create") return [line("plain")`${words(label)}: ${next === undefined ? words("none") : value(next)}`];
  if (action === "delete") return [line("plain")`${words(label)}: ${old === undefined ? words("none") : value(old)}`];
  return [line("plain")`${words(label)}: ${shown(old, "removed")} → ${shown(next, "added")}`];
}

function urlLines({ action, urls, exposures }: Change): Line[] {
  if (action === "delete") return [];
  // A list that was and stays what the login URL makes it says nothing of its own.
  const following = urls.filter(follows).map(({ list }) => listLabel(list));
  return [
    ...(following.length > 0 ? [line("plain")`From the login URL: ${words(following.join(", "))}`] : []),
    ...urls.filter((list) => !follows(list)).flatMap((list) => listLines(list, exposures)),
  ];
}

function listLines({ list, added, removed, first, derived }: UrlListChange, exposures: readonly Exposure[]): Line[] {
  const label = words(`${listLabel(list)}${derived.new ? " (from the login URL)" : ""}: `);
  return [
    ...added.map((url) => line("added")`${label}${strong("added")} ${value(url, "added")}${beside(url, exposures)}`),
    ...removed.map((url) => line("removed")`${label}${strong("removed")} ${value(url, "removed")}`),
    ...(first ? [line("plain")`${label}${strong("default target")} ${side(first.old)} → ${side(first.new)}`] : []),
  ];
}

function side(url: string | undefined): Span {
  return url === undefined ? words("none") : value(url);
}

/** What the host of a URL looks like. */
function beside(url: string, exposures: readonly Exposure[]): Span[] {
  const origin = whoOf(url).value;
  const found = exposures.filter((exposure) => exposure.rule === "look-alike" && exposure.origin === origin);
  return found.length === 0
    ? []
    : [
        words(" – "),
        ...joined(
          found.map(({ reason }) => [sentence(reason)]),
          "; ",
        ),
      ];
}

/** Counts what is folded away. */
export function existingText(count: number): string {
  return `${count} ${plural(count, "finding that was", "findings that were")} there before this change`;
}
