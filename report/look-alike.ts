import { createRequire } from "node:module";
import { domainToUnicode } from "node:url";

/** Unicode's table of confusables (UTS 39) takes a while to load: only a new domain needs it. */
let table: Unhomoglyph | undefined;

type Unhomoglyph = typeof import("unhomoglyph").default;

function withoutConfusables(text: string): string {
  const loaded: Unhomoglyph = table ?? createRequire(import.meta.url)("unhomoglyph");
  table = loaded;
  return loaded(text);
}

/** Shorter names are one edit away from too many others. */
const SHORTEST_NAME = 4;

/** What a new host is compared with, prepared once. */
export interface KnownDomains {
  domains: ReadonlySet<string>;
  names: readonly { domain: string; name: string; skeleton: string }[];
}

/** @param domains registrable ones, lower case, ASCII */
export function prepareKnown(domains: Iterable<string>): KnownDomains {
  const known = new Set(domains);
  const names = [...known].sort().map((domain) => {
    const name = shownLabel(domain.split(".")[0] ?? "");
    return { domain, name, skeleton: skeleton(name) };
  });
  return { domains: known, names };
}

/**
 * Why a host of a new domain looks like one of the known domains, or like other letters; undefined if it does not. Completes a sentence
 * that begins with the host.
 *
 * @param host lower case, ASCII, perhaps with a wildcard
 * @param domain its registrable domain
 */
export function lookAlike(host: string, domain: string, { domains, names }: KnownDomains): string | undefined {
  if (domains.has(domain)) return undefined;
  const name = host.replace(/\.$/, "");
  for (const known of domains) {
    if (name.includes(known)) return `has ${known} in its name, and is not a part of it`;
    if (name.includes("-") && name.replaceAll("-", ".").includes(known)) {
      return `has ${known} in its name, written with hyphens`;
    }
  }
  const labels = name.split(".");
  const own = domain.split(".")[0] ?? "";
  for (const label of labels.slice(0, -1)) {
    const how = confusion(label, label === own, names);
    if (how !== undefined) return how;
  }
  return strangeLetters(labels);
}

/** How one label of a host looks like the name of a known domain. */
function confusion(label: string, registered: boolean, names: KnownDomains["names"]): string | undefined {
  const shown = shownLabel(label);
  const outline = skeleton(shown);
  for (const known of names) {
    if (shown === known.name) {
      if (registered) return `has the name of ${known.domain} under another suffix`;
    } else if (outline === known.skeleton) {
      return `looks like ${known.domain}, with "${shown}" in place of "${known.name}"`;
    } else if (Math.min(known.name.length, shown.length) >= SHORTEST_NAME && isOneEdit(shown, known.name)) {
      return `is one letter away from ${known.domain}, with "${shown}" in place of "${known.name}"`;
    }
  }
  return undefined;
}

function strangeLetters(labels: readonly string[]): string | undefined {
  const strange = labels.find((label) => label.startsWith("xn--"));
  if (strange === undefined) return undefined;
  const shown = shownLabel(strange);
  const latin = withoutConfusables(shown);
  if (/^[\x20-\x7e]*$/.test(latin)) return `is shown as "${shown}", which looks like "${latin}" and is not`;
  return `is shown as "${shown}"${mixesScripts(shown) ? ", which mixes scripts" : ""}`;
}

function shownLabel(label: string): string {
  return label.startsWith("xn--") ? domainToUnicode(label) || label : label;
}

/** One letter inserted, dropped, replaced or swapped with its neighbour. */
function isOneEdit(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (left.length === 2 && right.length === 2) return left[0] === right[1] && left[1] === right[0];
  return Math.max(left.length, right.length) === 1;
}

/** Two texts that look alike have the same. @see UTS 39, section 4 */
function skeleton(text: string): string {
  return withoutConfusables(text.normalize("NFD")).normalize("NFD").toLowerCase();
}

const SCRIPTS = ["Latin", "Cyrillic", "Greek", "Armenian", "Hebrew", "Arabic", "Cherokee", "Georgian", "Thai"].map(
  (script) => new RegExp(`\\p{Script=${script}}`, "u"),
);

function mixesScripts(text: string): boolean {
  return SCRIPTS.filter((script) => script.test(text)).length > 1;
}
