import { URL_LISTS } from "../url/lists.ts";
import type { ClientKind } from "./oauth-client.ts";

const COMMON = ["name", "deletionProtection", "rotationTrigger", "policy", "allow"];

/** The inputs of each kind, in the order of CARTO's form. */
export const PROPERTY_NAMES: Record<ClientKind, readonly string[]> = {
  spa: ["name", "applicationLoginUrl", ...URL_LISTS, ...COMMON.slice(1)],
  m2m: COMMON,
};

const OUTPUTS = ["clientId", "clientSecret", "ownerId", "createdAt", "updatedAt"];

/** What CARTO's CLI, its contract, Auth0 and OAuth's client metadata call the same thing, squeezed as `squeeze` does. */
const FOREIGN_NAMES: Record<string, readonly string[]> = {
  name: ["title", "clientname", "displayname", "label", "appname"],
  applicationLoginUrl: [
    "loginuri",
    "loginurl",
    "initiateloginuri",
    "applicationloginuri",
    "apploginurl",
    "login",
    "url",
  ],
  allowedCallbackUrls: [
    "callback",
    "callbacks",
    "callbackurl",
    "callbackurls",
    "redirecturi",
    "redirecturis",
    "redirecturls",
  ],
  allowedLogoutUrls: ["logout", "logouturl", "logouturls", "logouturis", "postlogoutredirecturis", "returnto"],
  allowedWebOrigins: ["weborigin", "weborigins"],
  allowedOrigins: [
    "origin",
    "origins",
    "allowedorigin",
    "cors",
    "corsorigins",
    "allowedcorsorigins",
    "allowedoriginscors",
  ],
  deletionProtection: ["protect", "protected", "deleteprotection", "preventdestroy"],
  rotationTrigger: ["rotate", "rotation", "trigger", "triggers", "keepers"],
  policy: ["cartopolicy"],
  allow: ["excuse", "excuses", "allowed", "exceptions", "ignore"],
};

/** What to say about a property that a kind does not have: completes a sentence that begins with its quoted name. */
export function explainUnknown(kind: ClientKind, name: string): string {
  const known = PROPERTY_NAMES[kind];
  if (OUTPUTS.includes(name)) return "is an output, which CARTO sets: drop it.";
  const near = nearestName(name, PROPERTY_NAMES.spa);
  if (near !== undefined && !known.includes(near)) {
    return "is a property of SPA OAuth clients, and this is an M2M OAuth client: drop it.";
  }
  return near === undefined ? `is no property: known are ${known.join(", ")}.` : `is no property: write "${near}".`;
}

/** The known name that was probably meant: a foreign name for it, or at most a third of its letters away. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const squeezed = squeeze(name.slice(0, 64));
  const foreign = known.find((candidate) => FOREIGN_NAMES[candidate]?.includes(squeezed));
  if (foreign !== undefined) return foreign;
  const [best] = known
    .map((candidate) => ({ candidate, edits: distance(squeezed, squeeze(candidate)) }))
    .sort((a, b) => a.edits - b.edits);
  return best && best.edits <= Math.max(squeezed.length, best.candidate.length) / 3 ? best.candidate : undefined;
}

function squeeze(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, "");
}

/** Letters to insert, drop, replace or swap with their neighbour, to make `b` of `a`. */
function distance(a: string, b: string): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const choices = [row[j - 1], row[j], next[j - 1], swapped ? before[j - 2] : undefined];
      const [replace = 0, drop = 0, insert = 0, swap = Number.POSITIVE_INFINITY] = choices;
      next.push(Math.min(replace + (a[i - 1] === b[j - 1] ? 0 : 1), drop + 1, insert + 1, swap + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
