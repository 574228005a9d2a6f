import { type Change, isLoss, type Location, locksOut } from "../change/change.ts";
import { type Exposure, isAlarming } from "../change/exposure.ts";
import { lostReachSentence } from "../change/reach.ts";
import { joined, type Line, line, place, rule, type Span, sentence, spans, strong, value, words } from "./line.ts";
import type { Report } from "./report.ts";
import { keepsLogins, lossHeadline } from "./wording.ts";

/** What every reader must see: a section at the top, in full and so short that no limit of length hides it. */
export interface Headline {
  heading: string;
  tone: "loss" | "exposure";
  groups: { lead?: Line; lines: Line[] }[];
  /** The same for a format that runs out of room: what, and the values that represent each. */
  brief: { label: string; values: string[] }[];
}

/** One client of one environment, or an environment as a whole. */
interface Subject {
  environment: string;
  client?: string;
  location?: Location | undefined;
}

/** Client names that a line lists; the entries below have all. */
const MOST_NAMES = 12;

/** The users who are locked out, and where. */
export function lockedOut(report: Report): Headline[] {
  const several = report.environments.length > 1;
  const gone = new Map<string, Change[]>();
  const hosts = new Map<string, Change[]>();
  const add = (map: Map<string, Change[]>, key: string, change: Change) =>
    map.set(key, [...(map.get(key) ?? []), change]);
  for (const change of report.changes.filter((one) => locksOut(one) && !isLeaving(one))) {
    if (isLoss(change)) add(gone, lossHeadline(change), change);
    for (const reach of change.lostReach) if (reach.locksOut) add(hosts, lostReachSentence(reach), change);
  }
  if (gone.size + hosts.size === 0) return [];
  const lines = [
    ...[...gone].map(([text, changes]) => line("loss")`${strong(text)}: ${subjects(changes, several, idOf)}`),
    ...[...hosts].map(([text, changes]) => line("loss")`${sentence(text)}: ${subjects(changes, several)}`),
  ];
  const brief = [
    ...[...gone].map(([label, changes]) => ({ label, values: changes.map(({ client }) => client) })),
    {
      label: "Hosts whose logins stop",
      values: hostsOf(report.changes.flatMap(({ lostReach }) => lostReach.filter(({ locksOut }) => locksOut))),
    },
  ];
  return [
    {
      heading: "Users locked out",
      tone: "loss",
      groups: [{ lines }],
      brief: brief.filter(({ values }) => values.length > 0),
    },
  ];
}

/** Applications that people no longer find. */
export function leaving(report: Report): Headline[] {
  const gone = report.changes.filter(isLeaving);
  if (gone.length === 0) return [];
  const who = subjects(gone, report.environments.length > 1, idOf);
  return [
    {
      heading: "Applications that leave the Workspace",
      tone: "loss",
      groups: [{ lines: [line("loss")`${strong("To delete")}: ${who}. Who may log in is not changed.`] }],
      brief: [{ label: "Applications that leave the Workspace", values: gone.map(({ client }) => client) }],
    },
  ];
}

function isLeaving(change: Change): boolean {
  return isLoss(change) && keepsLogins(change.kind);
}

function idOf({ clientId }: Change): Span[] {
  return clientId === undefined ? [] : [words(" "), words("("), value(clientId), words(")")];
}

/** Who gains access, which controls are gone, and where credentials and the state go. */
export function gettingIn(report: Report): Headline[] {
  const several = report.environments.length > 1;
  const found = [
    ...report.exposures.map((exposure): Found => ({ exposure, subject: { environment: exposure.environment } })),
    ...report.changes.flatMap(({ environment, client, exposures }) =>
      exposures.map((exposure): Found => ({ exposure, subject: { environment, client } })),
    ),
  ].map(({ exposure, subject }) => ({ exposure, subject: { ...subject, location: exposure.location } }));
  if (found.length === 0) return [];
  const alarming = found.filter(({ exposure }) => isAlarming(exposure));
  const others = alarming.filter(({ exposure }) => exposure.domain === undefined);
  const domains = gathered(
    alarming.filter(({ exposure }) => exposure.domain !== undefined),
    ({ exposure }) => exposure.domain ?? "",
  );
  // Look-alikes first, then unknown domains.
  const rank = (entries: readonly Found[]) =>
    entries.some(({ exposure }) => exposure.rule === "look-alike") ? 0 : entries[0]?.exposure.newDomain ? 1 : 2;
  const ranked = [...domains].sort(([, a], [, b]) => rank(a) - rank(b));
  const trusted = found.filter(({ exposure }) => !isAlarming(exposure));
  return [
    {
      heading: "Who gains access",
      tone: "exposure",
      groups: [
        ...(others.length > 0 ? [{ lines: exposureLines(others, several) }] : []),
        ...ranked.map(([domain, entries]) => ({
          lead: domainLine(domain, entries),
          lines: exposureLines(entries, several),
        })),
        ...(trusted.length > 0
          ? [
              {
                lead: line("quiet")`Under domains that the older version trusts:`,
                lines: exposureLines(trusted, several),
              },
            ]
          : []),
      ],
      brief: briefOf(alarming),
    },
  ];
}

/** Every host and every reason once, unknown domains first. */
function briefOf(found: readonly Found[]): Headline["brief"] {
  const exposures = found.map(({ exposure }) => exposure);
  const hosts = exposures.filter(({ domain }) => domain !== undefined);
  const alike = hosts.filter(({ rule }) => rule === "look-alike");
  const known = (isNew: boolean) => hosts.filter(({ newDomain, rule }) => newDomain === isNew && rule !== "look-alike");
  const others = gathered(
    exposures.filter(({ domain }) => domain === undefined),
    ({ rule }) => rule,
  );
  const lines = [
    { label: "Hosts that look like others", values: hostsOf(alike) },
    { label: "Hosts of domains that are new to the manifest", values: hostsOf(known(true)) },
    ...[...others].map(([label, own]) => ({ label, values: [...new Set(own.map(({ reason }) => reason))] })),
    { label: "Hosts of domains that the manifest knows", values: hostsOf(known(false)) },
  ];
  return lines.filter(({ values }) => values.length > 0);
}

interface Found {
  exposure: Exposure;
  subject: Subject;
}

function domainLine(domain: string, entries: readonly Found[]): Line {
  return line("exposure")`${strong("Domain")} ${value(domain)}${words(noveltyText(entries))}`;
}

function noveltyText([first]: readonly Found[]): string {
  if (first?.exposure.newDomain === undefined) return "";
  return first.exposure.newDomain ? ", new to the manifest" : ", known to the manifest";
}

/** Each rule and reason once, with the clients that it holds for. */
function exposureLines(found: readonly Found[], several: boolean): Line[] {
  const groups = gathered(found, ({ exposure: { rule, reason, claim } }) => JSON.stringify([rule, reason, claim]));
  return [...groups.values()].map((entries) => {
    const { rule: id, reason, claim, trusted } = entries[0].exposure;
    const places = [
      ...new Map(
        entries.flatMap(({ subject: { location } }) => (location ? [[JSON.stringify(location), location]] : [])),
      ).values(),
    ];
    const where = places.length === 1 ? place(places[0]) : [];
    const claimed = claim === undefined ? [] : spans`. Its author claims: ${value(claim)}`;
    const subject = entries.map(({ subject }) => subject);
    const who = subject.some(({ client }) => client !== undefined)
      ? subjects(subject, several)
      : joined(
          [...new Set(subject.map(({ environment }) => environment))].map((name) => [value(name)]),
          ", ",
        );
    const said = sentence(reason.replace(/\.$/, ""));
    return line(trusted ? "quiet" : "exposure")`${rule(id)} ${said}: ${who}${where}${claimed}`;
  });
}

/** E.g. `` `a`, `b` in `dev`, `prod` ``. */
function subjects<S extends { environment: string; client?: string }>(
  all: readonly S[],
  several: boolean,
  more: (subject: S) => Span[] = () => [],
): Span[] {
  const byClient = gathered(all, ({ client }) => client ?? "");
  const byEnvironments = gathered([...byClient.values()], (own) =>
    JSON.stringify(own.map(({ environment }) => environment)),
  );
  return joined(
    [...byEnvironments.values()].map((clients) => {
      const shown = clients.slice(0, MOST_NAMES).map((own) => {
        const [first] = own;
        return [value(first.client ?? first.environment), ...more(first)];
      });
      const rest = clients.length - shown.length;
      const names = [...joined(shown, ", "), ...(rest > 0 ? [words(` and ${rest} more`)] : [])];
      const environments = (clients[0] ?? []).map(({ environment }) => [value(environment)]);
      return several ? [...names, words(" in "), ...joined(environments, ", ")] : names;
    }),
    "; ",
  );
}

function hostsOf(all: readonly { origin?: string }[]): string[] {
  return [...new Set(all.flatMap(({ origin }) => origin?.replace(/^https:\/\//, "") ?? []))];
}

function gathered<T>(all: readonly T[], key: (one: T) => string): Map<string, [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const one of all) {
    const group = groups.get(key(one));
    if (group === undefined) groups.set(key(one), [one]);
    else group.push(one);
  }
  return groups;
}
