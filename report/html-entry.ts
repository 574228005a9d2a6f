import { type Change, exposes, isLoss, locksOut, newAdvice } from "../change/change.ts";
import { visible } from "../kinds/visible-text.ts";
import { type Entry, existingText } from "./entry.ts";
import { html, type Markup } from "./html-template.ts";
import { type Line, plainText, type Span } from "./line.ts";
import { KIND_LABELS, ruleUrl } from "./wording.ts";

/** What a reader can filter by. */
export const RISKS = {
  destructive: "Users locked out",
  exposure: "Exposure",
  hosts: "New hosts",
  refused: "Refused by a rule",
  advice: "With advice",
  drift: "Changed at CARTO",
} as const;

type Risk = keyof typeof RISKS;

/** One change, of one or more clients, as an article with data attributes for the filters. */
export function entryArticle(entry: Entry, rulesUrl: string | undefined): Markup {
  const { changes, action, lines, existing, tone } = entry;
  const [first] = changes;
  const names = [...new Set(changes.map(({ client }) => client))];
  const environments = [...new Set(changes.map(({ environment }) => environment))];
  const ids = changes.flatMap(({ clientId }) => clientId ?? []);
  const terms = [...names, ...ids, ...changes.flatMap(valuesOf), ...[...lines, ...existing].map(plainText)];
  const isGone = changes.some(isLoss);
  return html`
<article class="client tone-${tone}" data-terms="${[...new Set(terms)].join(" ").toLowerCase()}" data-clients="${changes.length}" data-environment="${environments.map((name) => encodeURIComponent(visible(name))).join(" ")}" data-risk="${risksOf(changes).join(" ")}">
<h3>${names.length === 1 ? html`<code>${names[0]}</code>` : html`${names.length} clients`} <span class="tag">${first && KIND_LABELS[first.kind]}</span> <span class="tag ${isGone ? "tag-loss" : ""}">${action}</span> ${environments.map((name) => html`<span class="tag">${name}</span> `)}</h3>
${names.length > 1 ? html`<p>${names.map((name) => html`<code>${name}</code> `)}</p>` : undefined}
${ids.length === 1 ? html`<p>Client ID <code>${ids[0]}</code></p>` : undefined}
${lines.length > 0 ? html`<ul class="lines">${lines.map((line) => item(line, rulesUrl))}</ul>` : undefined}
${existing.length > 0 ? html`<details><summary>${existingText(existing.length)}</summary><ul class="lines">${existing.map((line) => item(line, rulesUrl))}</ul></details>` : undefined}
</article>`;
}

/** Every value of a client, also those that no line shows: the URLs that stay, or that a deleted client had. */
function valuesOf({ name, applicationLoginUrl = {}, urls, values }: Change): string[] {
  return [
    ...[name.old, name.new, applicationLoginUrl.old, applicationLoginUrl.new].filter((text) => text !== undefined),
    ...urls.flatMap(({ added, removed, kept }) => [...added, ...removed, ...kept]),
    ...values.flatMap(({ added, removed }) => [...added, ...removed]),
  ];
}

/** A line as an item of a list. */
export function item(line: Line, rulesUrl: string | undefined): Markup {
  return html`<li class="line-${line.tone}">${lineMarkup(line, rulesUrl)}</li>`;
}

/** A line without anything around it. */
export function lineMarkup({ spans }: Line, rulesUrl: string | undefined): Markup {
  return html`${spans.map((span) => spanMarkup(span, rulesUrl))}`;
}

function spanMarkup(span: Span, rulesUrl: string | undefined): Markup {
  if ("words" in span) return withCode(span.words);
  if ("strong" in span) return html`<b>${span.strong}</b>`;
  if ("sentence" in span) return html`<span class="said">${span.sentence}</span>`;
  if ("place" in span) return html`<span class="place">${span.place.file}:${span.place.line}</span>`;
  if ("rule" in span) {
    const url = ruleUrl(span.rule, rulesUrl);
    const id = html`<code>${span.rule}</code>`;
    return url === undefined ? id : html`<a href="${url}">${id}</a>`;
  }
  const code = html`<code>${span.value}</code>`;
  if (span.change === undefined) return code;
  return span.change === "added" ? html`<ins>${code}</ins>` : html`<del>${code}</del>`;
}

/** Backticks of our own words. */
function withCode(words: string): Markup {
  const parts = words.split("`");
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))}`;
}

function risksOf(changes: readonly Change[]): Risk[] {
  const risks: Record<Risk, boolean> = {
    destructive: changes.some(locksOut),
    exposure: changes.some(exposes),
    hosts: changes.some(({ exposures }) => exposures.some(({ domain }) => domain !== undefined)),
    refused: changes.some(({ failures }) => failures.length > 0),
    advice: changes.some((change) => newAdvice(change).length > 0),
    drift: changes.some(({ drift }) => drift),
  };
  return (Object.keys(risks) as Risk[]).filter((risk) => risks[risk]);
}
