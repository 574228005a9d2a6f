import { nearestName } from "../kinds/nearest-name.ts";

/** One setting. */
export interface Setting {
  /** One sentence or two, for documentation and the plugin's schema. */
  description: string;
  /** What its text is read as. Unset: text. */
  type?: "number" | "boolean";
  /** A Pulumi secret. */
  secret?: true;
  /** It says who logs in where: with one of these given to a `CartoProvider`, none of them is taken from the stack configuration. */
  identifies?: true;
}

/** Every setting: `carto:NAME` in the stack configuration, an argument of `CartoProvider`, an input of the plugin's provider. */
export const SETTING_TABLE: Readonly<Record<string, Setting>> = {
  accessToken: {
    description: "An OAuth access token with the audience `carto-cloud-native-api`",
    secret: true,
    identifies: true,
  },
  clientId: { description: "Client ID of the M2M OAuth client to log in with", identifies: true },
  clientSecret: { description: "Client secret of the M2M OAuth client to log in with", secret: true, identifies: true },
  authUrl: { description: "Base URL of the OAuth authority (default: `https://auth.carto.com`)", identifies: true },
  accountsUrl: {
    description: "Base URL of the accounts API (default: `https://accounts.app.carto.com`)",
    identifies: true,
  },
  credentialsUrl: { description: "Base URL of the tenant's workspace API (default: discovered)", identifies: true },
  apiUrl: {
    description: "Base URL of the tenant's API, for API Access Tokens (default: discovered)",
    identifies: true,
  },
  tenantDomain: { description: "Host of the tenant (default: discovered)", identifies: true },
  audience: { description: "Audience of access tokens (default: `carto-cloud-native-api`)", identifies: true },
  trustedHosts: {
    description:
      "Hosts that may receive credentials besides those of carto.com and of the tenant's own domain, separated by commas (default: none)",
  },
  policy: { description: "Policy of resources that set none: `standard` or `production` (default: `standard`)" },
  retryBudgetSeconds: { description: "Seconds that one call may wait for a busy API (default: 120)", type: "number" },
  requestsPerSecond: { description: "Requests that all calls together may make (default: unlimited)", type: "number" },
  idempotencyKeys: {
    description: "Whether the API honours `Idempotency-Key` (default: true). Assumed, not documented by CARTO",
    type: "boolean",
  },
  contract: {
    description:
      "A YAML or JSON file that says where a tenant's API differs from the assumed contract, or that JSON itself (default: as assumed)",
  },
  unprotect: {
    description: "Client IDs, separated by commas, that may be deleted although they are protected (default: none)",
  },
};

/** The names of all settings. */
export const SETTINGS: readonly string[] = Object.keys(SETTING_TABLE);

/** `dynamic` or `plugin`: what provides the resources of programs in TypeScript and JavaScript. Nothing that a provider is told. */
export const FACE_SETTING = "provider";

/** Whole commands that deliveries of a manifest may run, as a list. Read by the command `up` only. */
export const DELIVERY_COMMANDS = "deliveryCommands";

/** Settings of a stack that no provider is told. */
export const STACK_SETTINGS: readonly string[] = [FACE_SETTING, DELIVERY_COMMANDS];

/** Set by the manifest's own `CartoProvider` to `manifest`: its URLs do not make their hosts trusted. */
export const TENANT_FROM = "tenantFrom";

/** The entries of a setting that has several: they are separated by commas or spaces. */
export function entriesOf(setting: string | undefined): string[] {
  return (setting ?? "").split(/[\s,]+/).filter(Boolean);
}

/**
 * Why a name is not a setting; undefined where it is one. A misspelt setting would be ignored, and with it the policy or the
 * tenant that it stands for.
 *
 * @param prefix `carto:` for stack configuration
 */
export function whyUnknown(name: string, prefix: "" | "carto:"): string | undefined {
  if (SETTINGS.includes(name) || name === TENANT_FROM) return undefined;
  if (prefix === "carto:" && STACK_SETTINGS.includes(name)) return undefined;
  const near = nearestName(name, prefix === "carto:" ? [...SETTINGS, ...STACK_SETTINGS] : SETTINGS);
  const known = near === undefined ? `Known: ${SETTINGS.join(", ")}.` : `Did you mean ${prefix}${near}?`;
  return `${prefix}${name} is not a setting. ${known}`;
}

/**
 * The stack configuration's settings that do not exist.
 *
 * @param keys of all namespaces, e.g. `carto:policy`
 * @param project a project called `carto` keeps settings of its own in the same namespace: there only a near miss counts
 */
export function unknownSettings(keys: readonly string[], project: string): string[] {
  return keys.flatMap((key) => {
    if (!key.startsWith("carto:")) return [];
    const name = key.slice("carto:".length);
    if (project === "carto" && nearestName(name, SETTINGS) === undefined) return [];
    return whyUnknown(name, "carto:") ?? [];
  });
}
