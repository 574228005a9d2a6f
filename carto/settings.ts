import { nearestName } from "../kinds/nearest-name.ts";

/** Every setting: `carto:NAME` in the stack configuration, an argument of `CartoProvider`. */
export const SETTINGS: readonly string[] = [
  ...[
    "accessToken",
    "clientId",
    "clientSecret",
    "authUrl",
    "accountsUrl",
    "credentialsUrl",
    "apiUrl",
    "tenantDomain",
    "audience",
  ],
  ...["trustedHosts", "policy", "retryBudgetSeconds", "requestsPerSecond", "idempotencyKeys", "unprotect"],
];

/** Set by the manifest's own `CartoProvider` to `manifest`: its URLs do not make their hosts trusted. */
export const TENANT_FROM = "tenantFrom";

/**
 * Why a name is not a setting; undefined where it is one. A misspelt setting would be ignored, and with it the policy or the
 * tenant that it stands for.
 *
 * @param prefix `carto:` for stack configuration
 */
export function whyUnknown(name: string, prefix: "" | "carto:"): string | undefined {
  if (SETTINGS.includes(name) || name === TENANT_FROM) return undefined;
  const near = nearestName(name, SETTINGS);
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
