import { hasUnknown, UNKNOWN } from "../unknown.ts";
import { URL_LISTS } from "../url/lists.ts";
import { respelled, sameUrl, sameUrls } from "../url/same.ts";
import {
  type ClientKind,
  defaultUrls,
  type Excuse,
  type OAuthClient,
  type Policy,
  type SpaUrls,
} from "./oauth-client.ts";

/** Inputs as they come from the engine: anything, until checked. */
export type RawInputs = Record<string, unknown>;

/** What a client's inputs look like once checked: every list spelled out, nothing left to defaults. */
export interface CheckedInputs extends Partial<SpaUrls>, LocalSettings {
  name: string;
  /** Idempotency key of the client's create. The engine shows no reviewer what begins with `__`. */
  __key?: string;
}

/** What is the provider's own and never reaches CARTO. Only what is set is stored. */
export interface LocalSettings {
  deletionProtection?: boolean;
  rotationTrigger?: string;
  policy?: Policy;
  allow?: Excuse[];
}

const LOCAL_SETTINGS = ["deletionProtection", "rotationTrigger", "policy", "allow"] as const;

/**
 * Spells out what the inputs leave to defaults, so that the diff a reviewer sees names every URL: an omitted list
 * becomes its default from the login URL, `[]` stays empty, exact duplicates are dropped, order is kept.
 */
export function canonicalInputs(kind: ClientKind, news: RawInputs, policy: Policy): RawInputs {
  const inputs: RawInputs = { ...news };
  if ((news.policy ?? policy) === "production") inputs.deletionProtection ??= true;
  if (kind === "m2m") return inputs;
  const defaults = defaultsFrom(news.applicationLoginUrl);
  for (const list of URL_LISTS) {
    const value = inputs[list] ?? defaults?.[list];
    if (value !== undefined) inputs[list] = Array.isArray(value) ? [...new Set(value)] : value;
  }
  return inputs;
}

/** Nothing where the login URL is wrong: the rules say so, and a default of it would only repeat that. */
function defaultsFrom(loginUrl: unknown): RawInputs | undefined {
  if (loginUrl === UNKNOWN) return Object.fromEntries(URL_LISTS.map((list) => [list, UNKNOWN]));
  return typeof loginUrl === "string" && URL.canParse(loginUrl) ? defaultUrls(loginUrl) : undefined;
}

/** What of the declaration lives at CARTO and differs from what is there. */
export interface Difference {
  name?: string;
  urls?: Partial<SpaUrls>;
}

/**
 * What an update has to send: the members that differ. Lists differ as sets, the first logout URL apart. Unknown
 * values differ.
 */
export function differenceAtCarto(current: Partial<CheckedInputs>, declared: CheckedInputs): Difference {
  const urls: Partial<SpaUrls> = {};
  const { applicationLoginUrl } = declared;
  if (applicationLoginUrl !== undefined && !sameUrl(applicationLoginUrl, current.applicationLoginUrl)) {
    urls.applicationLoginUrl = applicationLoginUrl;
  }
  for (const list of URL_LISTS) {
    const urlsDeclared = declared[list];
    if (urlsDeclared === undefined) continue;
    if (hasUnknown(urlsDeclared) || !sameUrls(list, current[list] ?? [], urlsDeclared)) urls[list] = urlsDeclared;
  }
  return {
    ...(declared.name !== current.name && { name: declared.name }),
    ...(Object.keys(urls).length > 0 && { urls }),
  };
}

/** Whether the provider's own settings differ. */
export function localSettingsDiffer(current: LocalSettings, declared: LocalSettings): boolean {
  return LOCAL_SETTINGS.some((setting) => JSON.stringify(current[setting]) !== JSON.stringify(declared[setting]));
}

/** The provider's own settings, those that are set. */
export function localSettings(inputs: LocalSettings): LocalSettings {
  return Object.fromEntries(
    LOCAL_SETTINGS.filter((setting) => inputs[setting] !== undefined).map((setting) => [setting, inputs[setting]]),
  );
}

/**
 * The inputs that a client at CARTO amounts to. What means the same as before keeps its spelling and its order: CARTO is
 * free to write hosts in lower case and to sort lists.
 */
export function inputsOf(client: OAuthClient, before: Partial<CheckedInputs>): CheckedInputs {
  const urls = client.urls && { ...client.urls };
  if (urls && sameUrl(urls.applicationLoginUrl, before.applicationLoginUrl)) {
    urls.applicationLoginUrl = before.applicationLoginUrl ?? urls.applicationLoginUrl;
  }
  for (const list of urls ? URL_LISTS : []) {
    const known = before[list];
    if (urls && known) urls[list] = sameUrls(list, known, urls[list]) ? known : respelled(urls[list], known);
  }
  return { name: client.name, ...urls, ...localSettings(before) };
}
