import { createHash } from "node:crypto";
import { type Change, locksOut } from "../change/change.ts";
import { clientArticle, failureItem, RISKS } from "./html-client.ts";
import { matrix } from "./html-matrix.ts";
import { SCRIPT } from "./html-script.ts";
import { STYLE } from "./html-style.ts";
import { html, type Markup } from "./html-template.ts";
import { type Report, tallyOf } from "./report.ts";
import {
  environmentText,
  findingsText,
  isRefusedWhole,
  plural,
  REFUSED_CLIENTS,
  titleText,
  VERDICTS,
} from "./wording.ts";

export interface HtmlOptions {
  /** Page with the rules, e.g. a copy of docs/rules.md: each rule links to its id there. Unset: no links. */
  rulesUrl?: string;
}

/**
 * The report as one file that loads nothing: its policy allows the inline style and script by their hashes and no request at all.
 * Everything can be read and printed without the script, which only filters.
 */
export function renderHtml(report: Report, { rulesUrl }: HtmlOptions = {}): string {
  const policy = [
    "default-src 'none'",
    `style-src ${hashSource(STYLE)}`,
    `script-src ${hashSource(SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const title = titleText(report);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the changes</a>
<header>
<h1>${title}</h1>
<p class="verdict verdict-${report.verdict}">${VERDICTS[report.verdict]}${findingsText(report.tally) && ` ${findingsText(report.tally)}.`}</p>
${report.unknown.map(({ environment, reason }) => html`<p class="warning">Not known: what changes in ${environment}. ${reason}</p>`)}
${report.notes.map((note) => html`<p>${note}</p>`)}
${environmentTable(report)}
</header>
${filters(report)}
<main id="main" tabindex="-1">
${failures(report, rulesUrl)}
${sections(report).map(([heading, changes]) => section(heading, changes, rulesUrl))}
${matrix(report)}
</main>
${unchanged(report)}
<script>${{ markup: SCRIPT }}</script>
</body>
</html>
`;
  return page.markup;
}

function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function environmentTable(report: Report): Markup | undefined {
  if (report.environments.length < 2 || isRefusedWhole(report)) return undefined;
  const rows = report.environments.map((environment) => {
    const tally = tallyOf(report.changes.filter((change) => change.environment === environment));
    return html`<tr><th scope="row">${environment}</th><td>${environmentText(report, environment, tally)}</td><td>${findingsText(tally)}</td></tr>`;
  });
  return html`<div class="wide" tabindex="0" role="region" aria-label="Environments"><table><thead><tr><th scope="col">Environment</th><th scope="col">Clients</th><th scope="col">Rules</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function filters({ environments }: Report): Markup {
  return html`
<form hidden role="search" aria-label="Filter the changes">
<label>Client<input type="search" name="text" autocomplete="off" placeholder="name or client ID"></label>
<label>Environment<select name="environment"><option value="">all</option>${environments.map((name) => html`<option value="${name}">${name}</option>`)}</select></label>
<label>Risk<select name="risk"><option value="">all</option>${Object.entries(RISKS).map(([risk, label]) => html`<option value="${risk}">${label}</option>`)}</select></label>
<output aria-live="polite"></output>
</form>`;
}

/** The changed clients by what a reviewer looks at first. */
function sections({ changes }: Report): [string, Change[]][] {
  const intended = changes.filter(({ drift }) => !drift);
  const others = intended.filter((change) => !locksOut(change));
  const all: [string, Change[]][] = [
    ["Users locked out", intended.filter(locksOut)],
    [REFUSED_CLIENTS, others.filter(({ failures }) => failures.length > 0)],
    ["Changes", others.filter(({ action, failures }) => action !== "same" && failures.length === 0)],
    ["Drift: changed at CARTO, not in the declaration", changes.filter(({ drift }) => drift)],
  ];
  return all.filter(([, own]) => own.length > 0);
}

function section(heading: string, changes: readonly Change[], rulesUrl: string | undefined): Markup {
  const id = heading.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>${changes.map((change) => clientArticle(change, rulesUrl))}</section>`;
}

function failures({ failures }: Report, rulesUrl: string | undefined): Markup | undefined {
  if (failures.length === 0) return undefined;
  const items = failures.map((failure) => failureItem(failure, rulesUrl));
  return html`<section aria-labelledby="manifest"><h2 id="manifest">The manifest is refused</h2><ul class="rules">${items}</ul></section>`;
}

function unchanged({ tally }: Report): Markup | undefined {
  if (tally.unchanged === 0) return undefined;
  return html`<footer>${tally.unchanged} ${plural(tally.unchanged, "client stays as it is", "clients stay as they are")}.</footer>`;
}
