import {
  type Change,
  follows,
  isLoss,
  type LocatedFailure,
  type LocatedFinding,
  locksOut,
  moved,
  type UrlListChange,
  type Versions,
} from "../change/change.ts";
import { lostReachSentence, reachSentence } from "../change/reach.ts";
import { visible } from "../kinds/visible-text.ts";
import { code, prose } from "./markdown-text.ts";
import { type ManifestFailure, type Report, tallyOf, type UnknownEnvironment } from "./report.ts";
import {
  actionText,
  environmentText,
  findingsText,
  isRefusedWhole,
  KIND_LABELS,
  LIST_LABELS,
  lossText,
  plural,
  REFUSED_CLIENTS,
  ruleUrl,
  SETTING_LABELS,
  titleText,
  VERDICTS,
} from "./wording.ts";

export interface MarkdownOptions {
  /** Where the whole report is, for readers of a cut one, e.g. `report.html`. Unset: how to make one. */
  fullReport?: string;
  /** Page with the rules, e.g. a copy of docs/rules.md: each rule links to its id there. Unset: no links. */
  rulesUrl?: string;
  /** Default 60,000, a little under what a pull request comment on GitHub holds. */
  maxCharacters?: number;
}

/** How the first line begins: a pipeline looks for it to edit its comment instead of adding another. */
export const MARKER = "<!-- pulumi-carto:report";

const REFUSED = "The manifest is refused";

/** What can be left out of a report that grows too long: a client, or a failure of the manifest. */
interface Block {
  section: string;
  full: string;
  /** Stands for a block that would take too much of the room. */
  brief: string;
}

/**
 * A comment for a pull request, at most `maxCharacters` long: cut by whole clients from the end, where what matters least stands.
 * No name, URL or reason of the report can add a link, a mention, an image or HTML to it.
 */
export function renderMarkdown(report: Report, options: MarkdownOptions = {}): string {
  const { maxCharacters = 60_000 } = options;
  const blocks = blocksOf(report, options);
  const head = headOf(report, maxCharacters);
  const foot = footOf(report);
  const pointer = (left: number) => pointerText(left, options.fullReport);
  let room = maxCharacters - head.length - foot.length - pointer(blocks.length).length;
  let body = "";
  let section = "";
  let shown = 0;
  for (const block of blocks) {
    const heading = block.section === section ? "" : `\n### ${block.section}\n${block.section === REFUSED ? "\n" : ""}`;
    const text = heading + (block.full.length > maxCharacters / 4 ? block.brief : block.full);
    if (text.length > room) break;
    room -= text.length;
    body += text;
    section = block.section;
    shown += 1;
  }
  return head + body + (shown < blocks.length ? pointer(blocks.length - shown) : "") + foot;
}

function headOf(report: Report, maxCharacters: number): string {
  const environments = report.environments.map((name) => encodeURIComponent(visible(name))).join(",");
  const findings = findingsText(report.tally);
  const head =
    `${MARKER} ${environments.length > 500 ? "" : environments} -->\n` +
    `## ${titleText(report)}\n\n**${VERDICTS[report.verdict]}**${findings && ` ${findings}.`}\n` +
    report.unknown.map(unknownLine).join("");
  const rows = report.environments.map((environment) => {
    const tally = tallyOf(report.changes.filter((change) => change.environment === environment));
    return `| ${code(environment, { table: true })} | ${environmentText(report, environment, tally)} | ${findingsText(tally)} |\n`;
  });
  const table = `\n| Environment | Clients | Rules |\n| --- | --- | --- |\n${rows.join("")}`;
  return rows.length > 1 && !isRefusedWhole(report) && head.length + table.length < maxCharacters / 4
    ? head + table
    : head;
}

function unknownLine({ environment, reason }: UnknownEnvironment): string {
  return `\n**Not known: what changes in ${code(environment)}.** ${prose(reason)}\n`;
}

function footOf({ tally: { unchanged }, notes }: Report): string {
  const noted = notes.map((note) => `\n${prose(note)}\n`).join("");
  if (unchanged === 0) return noted;
  return `${noted}\n${unchanged} ${plural(unchanged, "client stays as it is", "clients stay as they are")}.\n`;
}

function pointerText(left: number, fullReport: string | undefined): string {
  const where =
    fullReport === undefined
      ? "`pulumi-carto report --format html` shows them all"
      : `the whole report is ${code(fullReport)}`;
  return `\n**${left} more ${plural(left, "entry is", "entries are")} left out here for length**: ${where}.\n`;
}

function blocksOf(report: Report, options: MarkdownOptions): Block[] {
  const several = report.environments.length > 1;
  const client = (section: string) => (change: Change) => clientBlock(section, change, several, options);
  const intended = report.changes.filter(({ drift }) => !drift);
  const others = intended.filter((change) => !locksOut(change));
  return [
    ...intended.filter(locksOut).map(client("Users locked out")),
    ...report.failures.map((failure) => failureBlock(failure, options)),
    ...others.filter(({ failures }) => failures.length > 0).map(client(REFUSED_CLIENTS)),
    ...others.filter(({ action, failures }) => action !== "same" && failures.length === 0).map(client("Changes")),
    ...report.changes.filter(({ drift }) => drift).map(client("Drift: changed at CARTO, not in the declaration")),
  ];
}

function failureBlock(failure: ManifestFailure, options: MarkdownOptions): Block {
  const text = `- ${failureText(failure, options)}\n`;
  return { section: REFUSED, full: text, brief: text };
}

function clientBlock(section: string, change: Change, several: boolean, options: MarkdownOptions): Block {
  const id = change.clientId === undefined ? undefined : code(change.clientId);
  const where = several ? ` in ${code(change.environment)}` : "";
  const heading = `\n#### ${code(change.client)} · ${KIND_LABELS[change.kind]} · ${actionText(change)}${where}${id ? ` · ${id}` : ""}\n\n`;
  const lines = linesOf(change, id, options);
  const first = lines.slice(0, 1).filter((line) => line.length < 1_000);
  const omitted = `- ${lines.length - first.length} lines are left out here for length; every other format has them.\n`;
  return { section, full: heading + lines.join(""), brief: heading + first.join("") + omitted };
}

function linesOf(change: Change, id: string | undefined, options: MarkdownOptions): string[] {
  const lines: string[] = [];
  const loss = lossText(change, id);
  if (loss) lines.push(`**${loss}**`);
  if (isLoss(change) && change.protected && !change.drift) lines.push("Deletion protection is on: `up` refuses this.");
  if (change.newClientId !== undefined) lines.push(`New client ID: ${code(change.newClientId)}`);
  lines.push(...versionsLine("Name", change.name, change));
  lines.push(...versionsLine("Application Login URL", change.applicationLoginUrl ?? {}, change));
  if (change.action !== "delete") {
    lines.push(
      ...change.settings.flatMap((setting) => versionsLine(SETTING_LABELS[setting.property], setting, change)),
    );
    lines.push(...followLine(change.urls), ...change.urls.filter((urls) => !follows(urls)).flatMap(urlLines));
  }
  lines.push(...change.reach.map((reach) => `Newly reachable: ${prose(reachSentence(reach))}`));
  lines.push(...change.lostReach.map((reach) => `No longer reachable: ${prose(lostReachSentence(reach))}`));
  lines.push(...change.failures.map((failure) => failureText(failure, options)));
  lines.push(...change.findings.map((finding) => findingText(finding, options)));
  return lines.map((line) => `- ${line}\n`);
}

/** One line where the value changes, or is there for the first or the last time. */
function versionsLine(label: string, versions: Versions<string>, { action }: Change): string[] {
  if (!moved(versions)) return [];
  const [old, next] = [versions.old, versions.new].map((value) => (value === undefined ? "none" : code(value)));
  if (action === "create" || action === "delete") return [`${label}: ${action === "create" ? next : old}`];
  return [`${label}: ${old} → ${next}`];
}

/** A list that was and stays what the login URL makes it says nothing of its own. */
function followLine(urls: readonly UrlListChange[]): string[] {
  const labels = urls.filter(follows).map(({ list }) => LIST_LABELS[list]);
  return labels.length > 0 ? [`From the login URL: ${labels.join(", ")}`] : [];
}

function urlLines({ list, added, removed, first, derived }: UrlListChange): string[] {
  const label = `${LIST_LABELS[list]}${derived.new ? " (from the login URL)" : ""}`;
  return [
    ...added.map((url) => `${label}: **added** ${code(url)}`),
    ...removed.map((url) => `${label}: **removed** ${code(url)}`),
    ...(first
      ? [
          `${label}: **default target** ${first.old ? code(first.old) : "none"} → ${first.new ? code(first.new) : "none"}`,
        ]
      : []),
  ];
}

function failureText(failure: LocatedFailure, options: MarkdownOptions): string {
  return `**Failure** ${rule(failure.rule, options)} ${code(failure.property)}${at(failure)}: ${prose(failure.reason)}`;
}

function findingText(finding: LocatedFinding, options: MarkdownOptions): string {
  const text = `${rule(finding.rule, options)} ${code(finding.property)}${at(finding)}: ${prose(finding.reason)}`;
  return finding.excuse === undefined ? `**Advice** ${text}` : `Excused ${text} Because: ${prose(finding.excuse)}`;
}

function at({ location }: LocatedFailure): string {
  return location ? ` (${code(`${location.file}:${location.line}`)})` : "";
}

function rule(id: string, { rulesUrl }: MarkdownOptions): string {
  const url = ruleUrl(id, rulesUrl);
  return url === undefined ? code(id) : `[${code(id)}](${url})`;
}
