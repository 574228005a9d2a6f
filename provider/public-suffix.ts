import { getDomain, getPublicSuffix } from "tldts";

/** Hosts arrive lower-case and checked: tldts need not extract or validate them again. */
const KNOWN_HOST = { extractHostname: false, validateHostname: false, detectIp: false };

/** Whether someone owns `host` or a domain above it: false for `com`, `co.uk`, `localhost`, true for `vercel.app`. */
export function hasOwner(host: string): boolean {
  return getDomain(host, KNOWN_HOST) !== null;
}

/** Whether a hosting provider hands out the subdomains of `host`, such as `vercel.app`: strangers own them. */
export function isShared(host: string): boolean {
  const subdomain = `x.${host}`;
  const suffix = getPublicSuffix(subdomain, { ...KNOWN_HOST, allowPrivateDomains: true });
  return suffix === host || suffix === subdomain;
}
