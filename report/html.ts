import { createHash } from "node:crypto";
import { visible } from "../kinds/visible-text.ts";
import type { Headline } from "./headlines.ts";
import { entryArticle, item, lineMarkup, RISKS } from "./html-entry.ts";
import { matrix } from "./html-matrix.ts";
import { SCRIPT } from "./html-script.ts";
import { STYLE } from "./html-style.ts";
import { html, type Markup } from "./html-template.ts";
import { type Outline, outlineOf, type Section } from "./outline.ts";
import type { Report } from "./report.ts";

/** What an HTML report takes besides the report. */
export interface HtmlOptions {
  /** Page with the rules, e.g. a copy of docs/rules.md: each rule links to its id there. Unset: no links. */
  rulesUrl?: string;
}

/**
 * The report as a single file that loads nothing: its policy allows the inline style and script by their hashes and no request at all.
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
  const outline = outlineOf(report);
  const { title, findings } = outline;
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
<p class="verdict verdict-${outline.verdict}">${outline.verdictText}${findings && ` ${findings}.`}</p>
${outline.notes.map((note) => html`<p class="line-${note.tone}">${lineMarkup(note, rulesUrl)}</p>`)}
${environmentTable(outline)}
${outline.headlines.map((headline) => headlineSection(headline, rulesUrl))}
</header>
${filters(report)}
<main id="main" tabindex="-1">
${failures(outline, rulesUrl)}
${outline.sections.map((one) => section(one, rulesUrl))}
${matrix(report)}
</main>
${outline.foot.length > 0 ? html`<footer>${outline.foot.map((line) => html`<p>${lineMarkup(line, rulesUrl)}</p>`)}</footer>` : undefined}
<script>${{ markup: SCRIPT }}</script>
</body>
</html>
`;
  return page.markup;
}

function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function environmentTable({ environments }: Outline): Markup | undefined {
  if (environments.length === 0) return undefined;
  const rows = environments.map(
    ({ name, clients, rules }) => html`<tr><th scope="row">${name}</th><td>${clients}</td><td>${rules}</td></tr>`,
  );
  return html`<div class="wide" tabindex="0" role="region" aria-label="Environments"><table class="environments"><thead><tr><th scope="col">Environment</th><th scope="col">Clients</th><th scope="col">Rules</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function headlineSection({ heading, tone, groups }: Headline, rulesUrl: string | undefined): Markup {
  const id = idOf(heading);
  return html`
<section class="headline tone-${tone}" aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>
${groups.map(
  ({ lead, lines }) =>
    html`${lead && html`<p class="line-${lead.tone}">${lineMarkup(lead, rulesUrl)}</p>`}<ul class="lines">${lines.map((line) => item(line, rulesUrl))}</ul>`,
)}
</section>`;
}

function filters({ environments }: Report): Markup {
  return html`
<form hidden role="search" aria-label="Filter the changes">
<label>Search<input type="search" name="text" autocomplete="off" placeholder="client, ID, URL, rule"></label>
<label>Environment<select name="environment"><option value="">all</option>${environments.map((name) => html`<option value="${encodeURIComponent(visible(name))}">${name}</option>`)}</select></label>
<label>Risk<select name="risk"><option value="">all</option>${Object.entries(RISKS).map(([risk, label]) => html`<option value="${risk}">${label}</option>`)}</select></label>
<output aria-live="polite"></output>
</form>`;
}

function section({ heading, entries }: Section, rulesUrl: string | undefined): Markup {
  const id = idOf(heading);
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>${entries.map((entry) => entryArticle(entry, rulesUrl))}</section>`;
}

function failures({ failures }: Outline, rulesUrl: string | undefined): Markup | undefined {
  if (failures.length === 0) return undefined;
  return html`<section aria-labelledby="manifest"><h2 id="manifest">The manifest is refused</h2><ul class="lines">${failures.map((line) => item(line, rulesUrl))}</ul></section>`;
}

function idOf(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^a-z]+/g, "-");
}
