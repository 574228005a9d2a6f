import type { Policy } from "../kinds/policy.ts";
import { isUnder } from "../kinds/trusted-domains.ts";
import { withoutCredentials } from "../kinds/url/credentials.ts";
import { quote } from "../kinds/url/quote.ts";
import type { Location } from "./change.ts";
import type { EnvironmentExposure, OwnExposureRule } from "./exposure.ts";
import { distinctText } from "./shown-value.ts";

/** Where a setting of an environment is written. */
export type LocateSetting = (setting: string) => Location | undefined;

/** A setting of an environment: what it comes to, and what may be shown of it. */
export interface Setting {
  value: string;
  /** As it is written, without the values of variables: they may be secrets. */
  text: string;
}

/** What of an environment decides where its clients, its state and its credentials go, and what is asked of its clients. */
export interface EnvironmentVersion {
  name: string;
  /** Of the clients that set none. */
  policy?: Policy | undefined;
  trustedDomains?: readonly string[] | undefined;
  /** Lists of exceptions by setting: `carto:trustedHosts`, `carto:unprotect`. */
  exceptions: Readonly<Record<string, readonly string[]>>;
  /** By name, e.g. `project`, `stack`, `backend`, `secretsProvider`. */
  state: Readonly<Record<string, Setting | undefined>>;
  /** Where the credentials are sent, by setting, e.g. `tenant.authUrl`, `carto:authUrl`. */
  tenant: Readonly<Record<string, Setting | undefined>>;
  /** Logical names. */
  clients: readonly string[];
  /** Stack that it takes over and renames. Unset: none. */
  movedFrom?: string | undefined;
  locate: LocateSetting;
}

/**
 * The exposures of an environment as a whole: credentials that go elsewhere, a state that is looked for elsewhere, a looser policy, more
 * trusted domains.
 *
 * @param known every environment of the older version: a new environment that asks a tenant which is known already sends nothing astray
 */
export function environmentExposures(
  older: EnvironmentVersion | undefined,
  newer: EnvironmentVersion,
  known: readonly EnvironmentVersion[],
): EnvironmentExposure[] {
  const found: EnvironmentExposure[] = [];
  const add = (rule: OwnExposureRule, property: string, reason: string) => {
    const location = newer.locate(property);
    found.push({ environment: newer.name, rule, property, reason, ...(location && { location }) });
  };
  for (const setting of new Set([...Object.keys(older?.tenant ?? {}), ...Object.keys(newer.tenant)])) {
    const [old, next] = [older?.tenant[setting], newer.tenant[setting]];
    if (isSame(old, next) || (!older && known.some(({ tenant }) => isSame(tenant[setting], next)))) continue;
    const change = `${setting} changes from ${told(old)} to ${told(next, old)}`;
    add("credentials-redirected", setting, `${change}: anyone who runs \`up\` sends their CARTO credentials there.`);
  }
  const { movedFrom } = newer;
  const isMove = movedFrom !== undefined && movedFrom === older?.state.stack?.value;
  if (movedFrom !== undefined && !isMove && movedFrom !== older?.movedFrom) {
    const taken = `moved takes over the stack ${quote(movedFrom)}, which was not this environment's`;
    add("state-moved", "moved", `${taken}: \`up\` changes and deletes what it manages.`);
  }
  if (!older) return found;
  for (const setting of new Set([...Object.keys(older.state), ...Object.keys(newer.state)])) {
    const [old, next] = [older.state[setting], newer.state[setting]];
    if (isSame(old, next) || (isMove && setting === "stack")) continue;
    const change = `${setting} changes from ${told(old)} to ${told(next, old)}`;
    const consequence = /^(secretsprovider|encrypt)/i.test(setting)
      ? "anyone who has the key can read the secrets in the state."
      : "clients of the old state are left behind at CARTO, unmanaged, unless the state is moved too.";
    add("state-moved", setting, `${change}: ${consequence}`);
  }
  if (older.policy === "production" && newer.policy !== "production") {
    const reason =
      "The policy of the environment is loosened from production: dangerous findings are no longer failures.";
    add("control-weakened", "policy", reason);
  }
  addTrust(older, newer, add);
  for (const [setting, entries] of Object.entries(newer.exceptions)) {
    for (const [index, entry] of entries.entries()) {
      if (older.exceptions[setting]?.includes(entry)) continue;
      const reason = `${quote(entry)} ${EXCEPTIONS[setting] ?? "is an exception from now on."}`;
      add("control-weakened", `${setting}[${index}]`, reason);
    }
  }
  return found;
}

/** What a new entry of a list of exceptions means. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "carto:trustedHosts": "may receive the credentials for CARTO from now on.",
  "carto:deliveryCommands":
    "may run at `up` from now on, and receives the credentials of clients that are delivered by it.",
  "carto:contract":
    "decides what every call to CARTO's APIs asks for and how its answer is read: compare it with the tenant.",
  "carto:unprotect": "is no longer protected from deletion: a later change can delete it.",
};

/** An environment that is no longer in the manifest, and its clients still at CARTO. */
export function environmentLeft(
  older: EnvironmentVersion,
  added: readonly EnvironmentVersion[],
  location: Location | undefined,
): EnvironmentExposure[] {
  const { name, clients, state } = older;
  if (clients.length === 0) return [];
  const heir = added.find((one) => JSON.stringify(one.clients) === JSON.stringify(clients));
  const left = `The environment is no longer in the manifest: ${clients.length === 1 ? "its client stays" : `its ${clients.length} clients stay`} at CARTO, unmanaged.`;
  const way = heir
    ? `${quote(heir.name)} declares the same clients, which are created anew: to rename the environment, give it ${state.stack?.text === name ? `moved: ${quote(name)}, or keep the stack with stack: ${quote(name)}` : `stack: ${quote(state.stack?.text)}`}.`
    : "To delete them, run destroy first.";
  return [
    { environment: name, rule: "state-moved", property: "", reason: `${left} ${way}`, ...(location && { location }) },
  ];
}

function addTrust(
  older: EnvironmentVersion,
  newer: EnvironmentVersion,
  add: (rule: OwnExposureRule, property: string, reason: string) => void,
): void {
  const trusted = older.trustedDomains ?? [];
  for (const [index, domain] of (newer.trustedDomains ?? []).entries()) {
    if (isUnder(domain.toLowerCase(), trusted)) continue;
    const reason = `${quote(domain)} is trusted from now on: hosts under it are listed, and no longer exposures.`;
    add("control-weakened", `trustedDomains[${index}]`, reason);
  }
  if (older.trustedDomains !== undefined && newer.trustedDomains === undefined) {
    const reason = "trustedDomains is taken away: the production policy no longer refuses hosts outside.";
    add("control-weakened", "trustedDomains", reason);
  }
}

/** Another variable is a change, whatever both are worth here. */
function isSame(old: Setting | undefined, next: Setting | undefined): boolean {
  return old?.value === next?.value && old?.text === next?.text;
}

function told(setting: Setting | undefined, old?: Setting): string {
  if (setting === undefined) return "(unset)";
  const text = quote(withoutSecrets(setting.text));
  return old === undefined ? text : distinctText(text, [quote(withoutSecrets(old.text))]);
}

/** A query of a backend URL may hold a secret; its names show what it sets. */
function withoutSecrets(value: string): string {
  const url = withoutCredentials(value);
  return url.replace(/([?&][^=&]*(?:secret|token|password|passphrase|key|sig|sas)[^=&]*=)[^&]+/gi, "$1(hidden)");
}
