import { createRequire } from "node:module";

type Tldts = typeof import("tldts");

/** Loaded by the first wildcard: most clients have none, and the list takes longer to load than all the rules. */
let list: Tldts | undefined;

function suffixes(): Tldts {
  const loaded: Tldts = list ?? createRequire(import.meta.url)("tldts");
  list = loaded;
  return loaded;
}

/** Hosts arrive lower-case and checked: they need not be extracted or validated again. */
const KNOWN_HOST = { extractHostname: false, validateHostname: false, detectIp: false };

/** Whether `host` or a domain above it has an owner: false for `com`, `co.uk`, `localhost`, true for `vercel.app`. */
export function hasOwner(host: string): boolean {
  return suffixes().getDomain(host, KNOWN_HOST) !== null;
}

/** Whether a hosting provider hands out the subdomains of `host`, such as `vercel.app`: strangers own them. */
export function isShared(host: string): boolean {
  const subdomain = `x.${host}`;
  const suffix = suffixes().getPublicSuffix(subdomain, { ...KNOWN_HOST, allowPrivateDomains: true });
  return suffix === host || suffix === subdomain;
}

/** The part of a host that someone registers, e.g. `example.co.uk`, `name.vercel.app`; the host itself where there is none. */
export function registrableDomain(host: string): string {
  const name = host.replace(/^[^.]*\*[^.]*\./, "").replace(/\.$/, "");
  const options = { ...KNOWN_HOST, detectIp: true, allowPrivateDomains: true };
  return suffixes().getDomain(name, options) ?? name;
}
