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
import { losesLogins, lostReachSentence, reachSentence } from "../change/reach.ts";
import { html, type Markup } from "./html-template.ts";
import { actionText, KIND_LABELS, LIST_LABELS, lossText, ruleUrl, SETTING_LABELS } from "./wording.ts";

/** What a reader can filter by. */
export const RISKS = {
  destructive: "Users locked out",
  refused: "Refused by a rule",
  advice: "With advice",
  drift: "Changed at CARTO",
} as const;

type Risk = keyof typeof RISKS;

/** One changed client as an article, to be filtered by its data attributes. */
export function clientArticle(change: Change, rulesUrl: string | undefined): Markup {
  const { client, environment, kind, clientId } = change;
  const terms = [client, change.name.old, change.name.new, clientId].filter((term) => term !== undefined).join(" ");
  const loss = lossText(change, clientId);
  const lines = [...valueLines(change), ...urlLines(change)];
  return html`
<article class="client ${locksOut(change) ? "loss" : ""}" data-terms="${terms.toLowerCase()}" data-environment="${environment}" data-risk="${risksOf(change).join(" ")}">
<h3><code>${client}</code> <span class="tag">${KIND_LABELS[kind]}</span> <span class="tag ${isLoss(change) ? "tag-loss" : ""}">${actionText(change)}</span> <span class="tag">${environment}</span></h3>
${clientId === undefined ? undefined : html`<p>Client ID <code>${clientId}</code></p>`}
${loss === undefined ? undefined : html`<p class="warning">${loss}</p>`}
${isLoss(change) && change.protected && !change.drift ? html`<p>Deletion protection is on: <code>up</code> refuses this.</p>` : undefined}
${change.newClientId === undefined ? undefined : html`<p>New client ID <code>${change.newClientId}</code></p>`}
${lines.length > 0 ? html`<ul class="lines">${lines}</ul>` : undefined}
${change.reach.length > 0 ? html`<h4>Newly reachable</h4><ul>${change.reach.map((reach) => html`<li>${reachSentence(reach)}</li>`)}</ul>` : undefined}
${change.lostReach.length > 0 ? html`<h4>No longer reachable</h4><ul>${change.lostReach.map((reach) => html`<li class="${losesLogins(reach) ? "warning" : ""}">${lostReachSentence(reach)}</li>`)}</ul>` : undefined}
${ruleList(change, rulesUrl)}
</article>`;
}

/** Failures and findings of a client, each with its rule. */
function ruleList({ failures, findings }: Change, rulesUrl: string | undefined): Markup | undefined {
  if (failures.length + findings.length === 0) return undefined;
  const items = [
    ...failures.map((failure) => failureItem(failure, rulesUrl)),
    ...findings.map((finding) => findingItem(finding, rulesUrl)),
  ];
  return html`<h4>Rules</h4><ul class="rules">${items}</ul>`;
}

export function failureItem(failure: LocatedFailure, rulesUrl: string | undefined): Markup {
  return html`<li class="failure"><b>Failure</b> ${ruleText(failure, rulesUrl)}</li>`;
}

function findingItem(finding: LocatedFinding, rulesUrl: string | undefined): Markup {
  if (finding.excuse === undefined) return html`<li class="advice"><b>Advice</b> ${ruleText(finding, rulesUrl)}</li>`;
  return html`<li><b>Excused</b> ${ruleText(finding, rulesUrl)} <em>Because: ${finding.excuse}</em></li>`;
}

function ruleText({ rule, property, reason, location }: LocatedFailure, rulesUrl: string | undefined): Markup {
  const place = location ? html` <span class="place">${location.file}:${location.line}</span>` : undefined;
  const url = ruleUrl(rule, rulesUrl);
  const id = html`<code>${rule}</code>`;
  return html`${url === undefined ? id : html`<a href="${url}">${id}</a>`} <code>${property}</code>${place}: ${reason}`;
}

function risksOf(change: Change): Risk[] {
  const risks: Record<Risk, boolean> = {
    destructive: locksOut(change),
    refused: change.failures.length > 0,
    advice: change.findings.some(({ excuse }) => excuse === undefined),
    drift: change.drift,
  };
  return (Object.keys(risks) as Risk[]).filter((risk) => risks[risk]);
}

function valueLines(change: Change): Markup[] {
  const values: [string, Versions<string>][] = [
    ["Name", change.name],
    ["Application Login URL", change.applicationLoginUrl ?? {}],
    ...(change.action === "delete"
      ? []
      : change.settings.map((setting): [string, Versions<string>] => [SETTING_LABELS[setting.property], setting])),
  ];
  return values
    .filter(([, versions]) => moved(versions))
    .map(([label, versions]) => versionsLine(label, versions, change.action));
}

function versionsLine(label: string, { old, new: next }: Versions<string>, action: Change["action"]): Markup {
  const value = (text: string | undefined) => (text === undefined ? html`none` : html`<code>${text}</code>`);
  if (action === "create" || action === "delete") return html`<li>${label}: ${value(next ?? old)}</li>`;
  return html`<li>${label}: <del>${value(old)}</del> <span aria-hidden="true">→</span> <ins>${value(next)}</ins></li>`;
}

function urlLines({ action, urls }: Change): Markup[] {
  if (action === "delete") return [];
  const following = urls.filter(follows).map(({ list }) => LIST_LABELS[list]);
  return [
    ...(following.length > 0 ? [html`<li>From the login URL: ${following.join(", ")}</li>`] : []),
    ...urls.filter((list) => !follows(list)).flatMap(listLines),
  ];
}

function listLines({ list, added, removed, first, derived }: UrlListChange): Markup[] {
  const label = `${LIST_LABELS[list]}${derived.new ? " (from the login URL)" : ""}`;
  return [
    ...added.map((url) => html`<li class="added">${label}: <b>added</b> <ins><code>${url}</code></ins></li>`),
    ...removed.map((url) => html`<li class="removed">${label}: <b>removed</b> <del><code>${url}</code></del></li>`),
    ...(first
      ? [
          html`<li>${label}: <b>default target</b> <del><code>${first.old ?? "none"}</code></del> <span aria-hidden="true">→</span> <ins><code>${first.new ?? "none"}</code></ins></li>`,
        ]
      : []),
  ];
}
