/*
 * The hosts that the engine logs in to for the URL of a backend or a secrets provider. Storage and key services have hosts of their own,
 * which the engine knows; parameters of the URL can name others.
 */

/** What a backend or secrets provider makes the engine do with credentials. */
export interface LoginUrls {
  /** URLs whose hosts receive credentials, besides those of the service itself. */
  urls: string[];
  /** Why the URL cannot be checked, or must not be in a manifest. Follows the setting's name. */
  problem?: string;
}

const AWS =
  "(region|profile|role|awssdk|fips|dualstack|anonymous|hostname_immutable|rate_limiter_capacity|request_checksum_calculation|response_checksum_validation)=.*";
/** Parameters, as `name=value`, that send nothing elsewhere and everything encrypted. All others are refused: new ones may do anything. */
const HARMLESS: Readonly<Record<string, RegExp>> = {
  s3: new RegExp(`^((prefix|accelerate|s3ForcePathStyle|use_path_style|ssetype|kmskeyid)=.*|${AWS})$`, "s"),
  gs: /^(prefix|access_id|anonymous)=/,
  azblob: /^((prefix|storage_account)=.*|protocol=https|localemu=false|cdn=false)$/s,
  postgres: /^((table|application_name|connect_timeout)=.*|sslmode=(require|verify-ca|verify-full))$/s,
  file: /^/,
  mem: /^/,
  http: /^/,
  https: /^/,
  awskms: new RegExp(`^(context_[^=]*=.*|${AWS})$`, "s"),
  gcpkms: /^additional_authenticated_data=/,
  azurekeyvault: /^algorithm=/,
  hashivault: /^engine=/,
};
/** Parameters that name a host, by scheme. */
const HOST_PARAMETERS: Readonly<Record<string, string>> = {
  s3: "endpoint",
  gs: "universe_domain",
  azblob: "domain",
  awskms: "endpoint",
};
/** The hosts of Azure's key vaults: whoever owns one of them, Azure itself receives the credential. */
const AZURE_VAULT = /\.(vault\.azure\.net|vault\.azure\.cn|vault\.usgovcloudapi\.net|managedhsm\.azure\.net)$/i;
const LONGEST_SHOWN = 40;

/** @param text as the engine gets it, variables filled in */
export function loginUrls(text: string): LoginUrls {
  const scheme = /^([a-z][a-z0-9+-]{0,30}):/i.exec(text)?.[1]?.toLowerCase();
  const harmless = HARMLESS[scheme ?? ""];
  if (scheme === undefined || harmless === undefined) {
    return { urls: [], problem: `does not begin with one of ${Object.keys(HARMLESS).join("://, ")}://` };
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return { urls: [], problem: "is not a URL that can be read" };
  const hostParameter = HOST_PARAMETERS[scheme];
  const urls = ownHosts(scheme, url);
  for (const [name, value] of url.searchParams) {
    if (name === hostParameter) {
      const named = scheme === "azblob" || scheme === "gs" ? `https://${value}` : value;
      if (!/^https?:\/\//i.test(named) || !URL.canParse(named)) {
        return { urls: [], problem: `names no host in its parameter "${name}"` };
      }
      urls.push(named);
    } else if (!harmless.test(`${name}=${value}`)) {
      const shown = name.slice(0, LONGEST_SHOWN);
      return { urls: [], problem: `sets "${shown}" to what may send credentials elsewhere, or without encryption` };
    }
  }
  return { urls };
}

function ownHosts(scheme: string, { host, href }: URL): string[] {
  if (scheme === "http" || scheme === "https") return [href];
  // Without a host, PostgreSQL's is the one that its own variables name.
  if (scheme === "postgres") return host === "" ? [] : host.split(",").map((one) => `https://${one}`);
  return scheme === "azurekeyvault" && !AZURE_VAULT.test(host) ? [`https://${host}`] : [];
}
