import type { Change } from "../change/change.ts";
import { URL_LISTS, type UrlList } from "../kinds/url/lists.ts";
import { html, type Markup } from "./html-template.ts";
import type { Report } from "./report.ts";
import { KIND_LABELS, listLabel } from "./wording.ts";

/** How a cell says what becomes of a URL: the sign for the eye, the word for everyone. */
const CELLS = {
  kept: html`<td class="kept"><span aria-hidden="true">= </span>stays</td>`,
  added: html`<td class="added"><span aria-hidden="true">+ </span>added</td>`,
  removed: html`<td class="removed"><span aria-hidden="true">− </span>removed</td>`,
} as const;

const NOWHERE = html`<td class="nowhere"><span aria-hidden="true">–</span><span class="unseen">not there</span></td>`;

/** Which SPA client has which URL in which environment, including unchanged ones; empty if there is only one environment. */
export function matrix(report: Report): Markup | undefined {
  if (report.environments.length < 2) return undefined;
  const clients = new Map<string, Change[]>();
  for (const change of report.changes.filter(({ kind, drift }) => kind === "spa" && !drift)) {
    clients.set(change.client, [...(clients.get(change.client) ?? []), change]);
  }
  if (clients.size === 0) return undefined;
  const names = [...clients.keys()].sort();
  return html`
<section aria-labelledby="matrix"><h2 id="matrix">Which client has which URL where</h2>
${names.map((name) => clientTable(name, clients.get(name) ?? [], report.environments))}
</section>`;
}

function clientTable(client: string, changes: readonly Change[], environments: readonly string[]): Markup {
  const byEnvironment = environments.map((environment) => changes.find((change) => change.environment === environment));
  const urls = changes.flatMap((change) =>
    change.urls.flatMap(({ kept, added, removed }) => [...kept, ...added, ...removed]),
  );
  const terms = [client, ...new Set(urls)].join(" ").toLowerCase();
  const heads = environments.map((environment) => html`<th scope="col">${environment}</th>`);
  return html`
<div class="wide" tabindex="0" role="region" aria-label="URLs of ${client} by environment" data-terms="${terms}">
<table><caption><code>${client}</code> <span class="tag">${KIND_LABELS.spa}</span></caption>
<thead><tr><th scope="col">URL</th>${heads}</tr></thead>
${URL_LISTS.flatMap((list) => listRows(list, byEnvironment))}
</table></div>`;
}

function listRows(list: UrlList, changes: readonly (Change | undefined)[]): Markup[] {
  const lists = changes.map((change) => change?.urls.find((urls) => urls.list === list));
  const urls = [
    ...new Set(lists.flatMap((urls) => [...(urls?.kept ?? []), ...(urls?.added ?? []), ...(urls?.removed ?? [])])),
  ];
  if (urls.length === 0) return [];
  const rows = urls.map((url) => {
    const cells = lists.map((of) => {
      const state = (["kept", "added", "removed"] as const).find((state) => of?.[state].includes(url));
      return state ? CELLS[state] : NOWHERE;
    });
    return html`<tr><th scope="row"><code>${url}</code></th>${cells}</tr>`;
  });
  return [
    html`<tbody><tr><th scope="rowgroup" colspan="${changes.length + 1}" class="group">${listLabel(list)}</th></tr>${rows}</tbody>`,
  ];
}
