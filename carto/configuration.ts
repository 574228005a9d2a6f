import type { Policy } from "../kinds/policy.ts";
import { baseUrl } from "./base-url.ts";
import { currentProfile } from "./cli-profile.ts";
import { CartoError } from "./errors.ts";
import { entriesOf, TENANT_FROM } from "./settings.ts";
import { parseHosts, type Trust } from "./trusted-host.ts";

/** How the provider proves who it is: an access token, or an M2M OAuth client that is exchanged for one. */
export type Credentials =
  | { accessToken: string; source: string }
  | { clientId: string; clientSecret: string; source: string };

/** The provider's settings, resolved from all sources. */
export interface Configuration {
  credentials: Credentials | undefined;
  /** Base URL of the OAuth authority. */
  authUrl: string;
  /** Base URL of the accounts API, where discovery starts. */
  accountsUrl: string;
  /** Base URL of the credentials API; unset: discovered. */
  credentialsUrl: string | undefined;
  /** Base URL of the API that has the Tokens API; unset: discovered. */
  apiUrl: string | undefined;
  /** Host of the tenant, with port where there is one; unset: discovered. */
  tenantDomain: string | undefined;
  audience: string;
  policy: Policy;
  /** How long one call may wait for a busy API, all its waits together. */
  retryBudgetSeconds: number;
  /** Unset: unlimited. */
  requestsPerSecond: number | undefined;
  /** Hosts that may receive credentials, besides those of carto.com and of the tenant's own domain. */
  trustedHosts: readonly string[];
  /** Who names each URL that credentials are sent to, e.g. `CARTO_AUTH_URL`. */
  namedBy: Record<(typeof URL_SETTINGS)[number], string>;
  /** Whether the API honours `Idempotency-Key`; when not, a create whose answer is lost is never sent again. */
  idempotencyKeys: boolean;
  /** The file of a contract that differs from the assumed one, or its JSON; unset: as assumed. Never from a manifest. */
  contract: string | undefined;
  /** Client IDs whose deletion protection does not count: the way out for clients that wait to be deleted. */
  unprotect: readonly string[];
}

/** A setting's value by its name in the stack configuration, e.g. `accessToken` for `carto:accessToken`. */
export type ConfigSource = (setting: string) => string | undefined;

const ENVIRONMENT: Record<string, string> = {
  accessToken: "CARTO_API_TOKEN",
  clientId: "CARTO_M2M_CLIENT_ID",
  clientSecret: "CARTO_M2M_CLIENT_SECRET",
  authUrl: "CARTO_AUTH_URL",
  accountsUrl: "CARTO_ACCOUNTS_URL",
  credentialsUrl: "CARTO_CREDENTIALS_URL",
  apiUrl: "CARTO_API_URL",
  tenantDomain: "CARTO_TENANT_DOMAIN",
  audience: "CARTO_AUDIENCE",
  contract: "CARTO_CONTRACT",
  trustedHosts: "CARTO_TRUSTED_HOSTS",
};

const URL_SETTINGS = ["authUrl", "accountsUrl", "credentialsUrl", "apiUrl"] as const;

/**
 * Resolves each setting from, in this order: provider arguments or stack configuration, the environment, the CARTO
 * CLI's current profile. Credentials are taken whole from the first source that has any.
 *
 * @param config what the engine passes: the arguments of an explicit provider, or the stack configuration
 * @throws CartoError `invalid_configuration` When a setting cannot be used, naming it and the mend.
 */
export function resolveConfiguration(
  config: ConfigSource,
  environment: NodeJS.ProcessEnv = process.env,
): Configuration {
  // A line break at the end of a secret, as files have it, would make every request invalid.
  const fromConfig: ConfigSource = (setting) => config(setting)?.trim() || undefined;
  const fromEnvironment: ConfigSource = (setting) => environment[ENVIRONMENT[setting] ?? ""]?.trim() || undefined;
  const setting = (name: string) => fromConfig(name) ?? fromEnvironment(name);
  const given =
    credentialsFrom(fromConfig, "the provider's arguments or stack configuration", (name) => `carto:${name}`) ??
    credentialsFrom(fromEnvironment, "the environment", (name) => ENVIRONMENT[name] ?? name);
  const profile = given ? undefined : currentProfile(environment);
  const fromManifest = fromConfig(TENANT_FROM) === "manifest";
  const namedBy = (name: (typeof URL_SETTINGS)[number]) => {
    if (fromConfig(name) !== undefined) return fromManifest ? `tenant.${name} of the manifest` : `carto:${name}`;
    return fromEnvironment(name) === undefined ? "the default" : (ENVIRONMENT[name] ?? name);
  };
  const urls = {
    authUrl: url("authUrl", setting("authUrl") ?? "https://auth.carto.com"),
    accountsUrl: url("accountsUrl", setting("accountsUrl") ?? "https://accounts.app.carto.com"),
    credentialsUrl: optional(setting("credentialsUrl"), (value) => url("credentialsUrl", value)),
    apiUrl: optional(setting("apiUrl"), (value) => url("apiUrl", value)),
  };
  // Who names a URL outside of the manifest trusts its host.
  const named = URL_SETTINGS.filter((name) => setting(name) && !(fromManifest && fromConfig(name)));
  const ownHosts = named.flatMap((name) => urls[name] ?? []).map((text) => new URL(text).host);
  const listed = [fromConfig("trustedHosts"), fromEnvironment("trustedHosts")].flatMap((value) => value ?? []);
  return {
    credentials: given ?? (profile && { accessToken: profile.accessToken, source: "the CARTO CLI's profile" }),
    ...urls,
    namedBy: {
      authUrl: namedBy("authUrl"),
      accountsUrl: namedBy("accountsUrl"),
      credentialsUrl: namedBy("credentialsUrl"),
      apiUrl: namedBy("apiUrl"),
    },
    trustedHosts: [...new Set([...listed.flatMap(trusted), ...ownHosts])],
    tenantDomain: setting("tenantDomain") ?? profile?.tenantDomain,
    audience: setting("audience") ?? "carto-cloud-native-api",
    policy: oneOf("policy", ["standard", "production"], setting("policy") ?? "standard"),
    retryBudgetSeconds: positive("retryBudgetSeconds", setting("retryBudgetSeconds") ?? "120"),
    requestsPerSecond: optional(setting("requestsPerSecond"), (value) => positive("requestsPerSecond", value)),
    idempotencyKeys: oneOf("idempotencyKeys", ["true", "false"], setting("idempotencyKeys") ?? "true") === "true",
    contract: setting("contract"),
    unprotect: entriesOf(setting("unprotect")),
  };
}

/**
 * Which hosts the operator trusts, as far as the settings show without a call. Settings that cannot be used trust nothing: they
 * are reported where they are used.
 *
 * @param config stack configuration, never what a manifest says
 */
export function operatorTrust(config: ConfigSource, environment: NodeJS.ProcessEnv): Trust {
  const all = (name: string) => [config(name), environment[ENVIRONMENT[name] ?? ""]].flatMap((value) => value ?? []);
  const urls = URL_SETTINGS.flatMap(all).filter((text) => URL.canParse(text));
  const [tenantDomain] = all("tenantDomain");
  const hosts = [
    ...all("trustedHosts").flatMap((text) => parseHosts(text) ?? []),
    ...urls.map((text) => new URL(text).host),
  ];
  return { hosts, tenantDomain };
}

/** Which hosts may receive this user's credentials. */
export function trustOf({ trustedHosts, tenantDomain }: Configuration): Trust {
  return { hosts: trustedHosts, tenantDomain };
}

/** The client ID the provider logs in with; undefined if the access token does not say. */
export function ownClientId({ credentials }: Configuration): string | undefined {
  if (!credentials || "clientId" in credentials) return credentials?.clientId;
  try {
    const { azp }: { azp?: unknown } = JSON.parse(
      Buffer.from(credentials.accessToken.split(".")[1] ?? "", "base64url").toString(),
    );
    return typeof azp === "string" ? azp : undefined;
  } catch {
    return undefined; // an opaque token
  }
}

/** The credentials, or the one error that names every way to give them. */
export function requireCredentials(configuration: Configuration): Credentials {
  if (configuration.credentials) return configuration.credentials;
  throw new CartoError(
    "not_configured",
    "CARTO credentials are missing. Give an access token (`pulumi config set --secret carto:accessToken …` or CARTO_API_TOKEN), " +
      "or an M2M OAuth client (`carto:clientId` with the secret `carto:clientSecret`, or CARTO_M2M_CLIENT_ID with " +
      "CARTO_M2M_CLIENT_SECRET), pass either to a CartoProvider, or log in with the CARTO CLI (`carto auth login`).",
  );
}

function credentialsFrom(
  source: ConfigSource,
  name: string,
  spell: (setting: string) => string,
): Credentials | undefined {
  const [accessToken, clientId, clientSecret] = [source("accessToken"), source("clientId"), source("clientSecret")];
  if (accessToken) return { accessToken, source: name };
  if (clientId && clientSecret) return { clientId, clientSecret, source: name };
  if (!clientId && !clientSecret) return undefined;
  const [given, missing] = clientId ? (["clientId", "clientSecret"] as const) : (["clientSecret", "clientId"] as const);
  throw new CartoError(
    "invalid_configuration",
    `CARTO credentials in ${name} are incomplete: ${spell(given)} is set, ${spell(missing)} is not. Set both or neither.`,
  );
}

function optional<T>(value: string | undefined, parse: (value: string) => T): T | undefined {
  return value === undefined ? undefined : parse(value);
}

function url(setting: string, value: string): string {
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  const { protocol, username, password, search, hash } = parsed ?? {};
  if (!/^https?:$/.test(protocol ?? "") || username || password || search || hash) {
    throw invalid(
      setting,
      "an absolute http or https URL without user name, password, query and fragment, such as https://auth.carto.com",
    );
  }
  return baseUrl(value);
}

function trusted(value: string): string[] {
  const hosts = parseHosts(value);
  if (!hosts) throw invalid("trustedHosts", "host names such as carto.example.com, separated by commas");
  return hosts;
}

function positive(setting: string, value: string): number {
  const number = Number(value);
  if (!(number > 0 && Number.isFinite(number))) throw invalid(setting, "a positive number");
  return number;
}

function oneOf<T extends string>(setting: string, allowed: readonly T[], value: string): T {
  const found = allowed.find((candidate) => candidate === value);
  if (!found) throw invalid(setting, allowed.map((candidate) => `"${candidate}"`).join(" or "), value);
  return found;
}

/**
 * @param value to be quoted, if it is a single short word. Unset: it is not quoted, a secret may have been put in the wrong place
 */
function invalid(setting: string, expected: string, value = ""): CartoError {
  const variable = ENVIRONMENT[setting];
  const problem = /^[A-Za-z]{1,12}$/.test(value) ? `is "${value}"` : "cannot be used";
  return new CartoError(
    "invalid_configuration",
    `The setting carto:${setting}${variable ? ` (or ${variable})` : ""} ${problem}: write ${expected}.`,
  );
}
