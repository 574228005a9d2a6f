import { type Trust, whyUntrusted } from "../carto/trusted-host.ts";
import type { Path } from "./failure.ts";
import { loginUrls } from "./login-urls.ts";
import { soundsSecret } from "./variables.ts";

/*
 * The hosts that an environment sends credentials to: the file under review names hosts, and makes none of them trusted.
 */

/** A destination that is refused. */
export interface DestinationFailure {
  path: Path;
  reason: string;
  rule: "trusted-host" | "no-secret";
  /** Says nothing about the clients. */
  unset?: boolean;
}

const TENANT_URLS = ["accountsUrl", "authUrl", "credentialsUrl"] as const;
const PULUMI_CLOUD = "api.pulumi.com";

/** Hosts of `tenant`, `backend` and `secretsProvider` that would receive credentials and that nothing outside the manifest trusts. */
export function untrustedHosts(
  settings: { tenant: unknown; backend: string | undefined; secretsProvider: string | undefined },
  path: Path,
  trust: Trust,
): DestinationFailure[] {
  const { tenant } = settings;
  const inTenant = TENANT_URLS.flatMap((key) => {
    const url = typeof tenant === "object" && tenant !== null ? Reflect.get(tenant, key) : undefined;
    return typeof url === "string" ? untrusted(`tenant.${key}`, [...path, "tenant", key], url, trust) : [];
  });
  // The access token of Pulumi Cloud goes to a backend of its kind.
  const backendTrust = { ...trust, hosts: [...trust.hosts, PULUMI_CLOUD] };
  return [
    ...inTenant,
    ...untrustedLogins("backend", settings.backend, path, backendTrust),
    ...(NO_URL.test(settings.secretsProvider ?? "")
      ? []
      : untrustedLogins("secretsProvider", settings.secretsProvider, path, trust)),
  ];
}

/** Secrets providers that ask nobody else. */
const NO_URL = /^(default|passphrase|)$/;
const OUTSIDE = {
  backend: "set the whole URL in PULUMI_BACKEND_URL",
  secretsProvider: "set it with `pulumi stack change-secrets-provider`",
};

function untrustedLogins(
  key: "backend" | "secretsProvider",
  text: string | undefined,
  path: Path,
  trust: Trust,
): DestinationFailure[] {
  if (text === undefined || text === "") return [];
  const at = [...path, key];
  const { urls, problem } = loginUrls(text);
  if (problem !== undefined) {
    const reason = `${problem}. If it is right, ${OUTSIDE[key]} instead`;
    return [{ path: at, reason, rule: "trusted-host", unset: true }];
  }
  return urls.flatMap((url) => untrusted(key, at, url, trust));
}

function untrusted(key: string, path: Path, url: string, trust: Trust): DestinationFailure[] {
  if (!URL.canParse(url)) return [];
  const reason = whyUntrusted({ url, namedBy: `${key} of the manifest`, checked: true }, trust);
  return reason === undefined ? [] : [{ path, reason, rule: "trusted-host", unset: true }];
}

/** What CARTO, Pulumi and the pipeline's platform log in with: no backend takes it in its URL. */
const NEVER_IN_A_URL = /^(ACTIONS|AWS|AZURE|CARTO|GH|GITHUB|GITLAB|GOOGLE|PULUMI)_/i;

/**
 * Variables named like secrets, outside of the one place of a backend's URL that takes a credential: the user name and password
 * of a database, such as `postgres://user:${PGPASSWORD}@host/db`.
 *
 * @param backend as written
 */
export function misplacedSecrets(backend: unknown, path: Path): DestinationFailure[] {
  if (typeof backend !== "string") return [];
  const [, scheme = "", userInfo = ""] = /^([a-z][a-z0-9+.-]{0,30}):\/\/([^/?#@]{0,1000})@/i.exec(backend) ?? [];
  const takesCredential = !/^(https?|file)$/i.test(scheme);
  const end = takesCredential && scheme !== "" ? `${scheme}://${userInfo}`.length : 0;
  return [...backend.matchAll(/\$?\$\{([A-Za-z0-9_]{1,200})\}/g)].flatMap(({ 0: reference, 1: name = "", index }) => {
    if (reference.startsWith("$$") || !soundsSecret(name)) return [];
    if (index < end && !NEVER_IN_A_URL.test(name)) return [];
    const reason =
      `${reference} is named like a secret, and here it would be sent to whatever host the URL names or appear in its logs: ` +
      `a secret variable may only be the user name or password of a database, e.g. postgres://user:\${PGPASSWORD}@host/db`;
    return [{ path, reason, rule: "no-secret" }];
  });
}
