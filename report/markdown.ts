import { visible } from "../kinds/visible-text.ts";
import { type Entry, existingText } from "./entry.ts";
import type { Headline } from "./headlines.ts";
import type { Line, Span } from "./line.ts";
import { code, prose } from "./markdown-text.ts";
import { type Outline, outlineOf } from "./outline.ts";
import type { Report } from "./report.ts";
import { KIND_LABELS, plural, ruleUrl } from "./wording.ts";

/** What a Markdown report takes besides the report. */
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

/** What can be left out of a report that grows too long: a client, or a failure of the manifest. */
interface Block {
  heading: string;
  full: string;
  /** Stands for a block that would take too much of the room. */
  brief: string;
}

/**
 * The report as a comment for a pull request, at most `maxCharacters` long. The headlines come first and are never cut for the details:
 * where they take too much room, they list hosts and clients without the sentences. Details are cut by whole clients from the end, where
 * what matters least stands. No name, URL or reason of the report can add a link, a mention, an image or HTML to it.
 */
export function renderMarkdown(report: Report, options: MarkdownOptions = {}): string {
  const { maxCharacters = 60_000 } = options;
  const outline = outlineOf(report);
  const several = report.environments.length > 1;
  const blocks = blocksOf(outline, several, options);
  const head = headOf(report, outline, maxCharacters);
  // Half for who gets in, a quarter for who is locked out; the rest is for the details.
  const headlines = outline.headlines
    .map((headline) => headlineText(headline, maxCharacters / (headline.tone === "exposure" ? 2 : 5), options))
    .join("");
  const foot = outline.foot.map((one) => `\n${lineText(one, options)}\n`).join("");
  const pointer = (left: number) => pointerText(left, options.fullReport);
  let room = maxCharacters - head.length - headlines.length - foot.length - pointer(blocks.length).length;
  let body = "";
  let section = "";
  let shown = 0;
  for (const block of blocks) {
    const heading = block.heading === section ? "" : `\n### ${block.heading}\n${block.heading === REFUSED ? "\n" : ""}`;
    const text = heading + (block.full.length > maxCharacters / 4 ? block.brief : block.full);
    if (text.length > room) break;
    room -= text.length;
    body += text;
    section = block.heading;
    shown += 1;
  }
  return head + headlines + body + (shown < blocks.length ? pointer(blocks.length - shown) : "") + foot;
}

const REFUSED = "The manifest is refused";

function headOf(report: Report, outline: Outline, maxCharacters: number): string {
  const environments = report.environments.map((name) => encodeURIComponent(visible(name))).join(",");
  const { title, verdictText, findings } = outline;
  const head =
    `${MARKER} ${environments.length > 500 ? "" : environments} -->\n` +
    `## ${title}\n\n**${verdictText}**${findings && ` ${findings}.`}\n`;
  let notes = "";
  let left = outline.notes.length;
  for (const note of outline.notes) {
    const text = `\n${lineText(note, {})}\n`;
    if (head.length + notes.length + text.length > maxCharacters / 8) break;
    notes += text;
    left -= 1;
  }
  if (left > 0) notes += `\n${left} more ${plural(left, "note is", "notes are")} left out here for length.\n`;
  const rows = outline.environments.map(
    ({ name, clients, rules }) => `| ${code(name, { table: true })} | ${clients} | ${rules} |\n`,
  );
  const table = `\n| Environment | Clients | Rules |\n| --- | --- | --- |\n${rows.join("")}`;
  return head + notes + (rows.length > 1 && table.length < maxCharacters / 8 ? table : "");
}

function headlineText({ heading, groups, brief }: Headline, room: number, options: MarkdownOptions): string {
  const title = `\n### ${heading}\n`;
  const full = groups
    .map(({ lead, lines }) => {
      const items = lines.map((one) => `- ${lineText(one, options)}\n`).join("");
      return `\n${lead ? `${lineText(lead, options)}\n\n` : ""}${items}`;
    })
    .join("");
  if (title.length + full.length <= room) return title + full;
  let text = `${title}\n`;
  for (const [index, { label, values }] of brief.entries()) {
    // A fair share for each, and what one leaves over for the next.
    text += briefLine(label, values, (room - text.length) / (brief.length - index), options.fullReport);
  }
  return text;
}

/** As many values as there is room for. The rest is counted, and the line says where it is named. */
function briefLine(label: string, values: readonly string[], room: number, fullReport: string | undefined): string {
  const rest = (left: number) =>
    ` **and ${left} more that are not named here, of ${values.length}: do not approve before you have read them**, ${wholeReport(fullReport)}\n`;
  let text = `- ${prose(label)}: `;
  let shown = 0;
  for (const value of values) {
    const next = `${shown > 0 ? ", " : ""}${code(value)}`;
    const last = shown + 1 === values.length;
    if (text.length + next.length + (last ? 1 : rest(values.length).length) > room) break;
    text += next;
    shown += 1;
  }
  const left = values.length - shown;
  return left === 0 ? `${text}\n` : text + rest(left);
}

function pointerText(left: number, fullReport: string | undefined): string {
  return `\n**${left} more ${plural(left, "entry is", "entries are")} left out here for length**: ${wholeReport(fullReport)}.\n`;
}

function wholeReport(fullReport: string | undefined): string {
  return fullReport === undefined
    ? "`pulumi-carto report --format html` shows them all"
    : `the whole report is ${code(fullReport)}`;
}

function blocksOf({ failures, sections }: Outline, several: boolean, options: MarkdownOptions): Block[] {
  return [
    ...failures.map((failure): Block => {
      const text = `- ${lineText(failure, options)}\n`;
      return { heading: REFUSED, full: text, brief: text };
    }),
    ...sections.flatMap(({ heading, entries }) =>
      entries.map((entry) => ({ heading, ...entryBlock(entry, several, options) })),
    ),
  ];
}

/** How many lines of an entry are shown if there are too many. */
const BRIEF_LINES = 20;
const MOST_NAMES = 40;

function entryBlock(entry: Entry, several: boolean, options: MarkdownOptions): Omit<Block, "heading"> {
  const { changes, action } = entry;
  const [first] = changes;
  const names = [...new Set(changes.map(({ client }) => client))];
  const environments = [...new Set(changes.map(({ environment }) => environment))].map((name) => code(name));
  const subject = names.length === 1 ? code(names[0] ?? "") : `${names.length} clients`;
  const where = several ? ` in ${environments.join(", ")}` : "";
  const heading = `\n#### ${subject} · ${first ? KIND_LABELS[first.kind] : ""} · ${action}${where}\n\n`;
  const listed = names.slice(0, MOST_NAMES).map((name) => code(name));
  const more = names.length > listed.length ? ` and ${names.length - listed.length} more` : "";
  const lines = [
    ...(names.length > 1 ? [`- Clients: ${listed.join(", ")}${more}\n`] : []),
    ...entry.lines.map((one) => `- ${emphasized(one, lineText(one, options))}\n`),
    ...(entry.existing.length > 0 ? [`- ${existingText(entry.existing.length)}\n`] : []),
  ];
  const short = lines.slice(0, BRIEF_LINES).filter((text) => text.length < 1_000);
  const omitted = `- ${lines.length - short.length} lines are left out here for length; every other format has them.\n`;
  return { full: heading + lines.join(""), brief: heading + short.join("") + omitted };
}

function emphasized({ tone, spans }: Line, text: string): string {
  return tone === "loss" && !spans.some((span) => "strong" in span) ? `**${text}**` : text;
}

function lineText({ spans }: Line, options: MarkdownOptions): string {
  return spans.map((span) => spanText(span, options)).join("");
}

function spanText(span: Span, { rulesUrl }: MarkdownOptions): string {
  if ("words" in span) return span.words;
  if ("strong" in span) return `**${span.strong}**`;
  if ("value" in span) return code(span.value);
  if ("sentence" in span) return prose(span.sentence);
  if ("place" in span) return code(`${span.place.file}:${span.place.line}`);
  const url = ruleUrl(span.rule, rulesUrl);
  return url === undefined ? code(span.rule) : `[${code(span.rule)}](${url})`;
}
