import type { Access } from "./access.ts";
import type { Failure } from "./failure.ts";
import { EXPOSURES } from "./index.ts";
import { hasOwner, isShared } from "./url/public-suffix.ts";
import { quote } from "./url/quote.ts";
import { canonicalHost } from "./url/syntax.ts";

/** Why a text is not a domain that can be trusted; undefined: it is one. Completes a sentence that begins with the text. */
export function whyNotTrusted(domain: string): string | undefined {
  const host = canonicalHost(domain);
  if (host === undefined || host.includes("*") || host.endsWith(".") || !host.includes(".")) {
    return "is not a domain: write one such as example.com, without scheme, port, path or wildcard";
  }
  if (/^\[|^\d+(\.\d+){3}$/.test(host)) return "is an IP address: write a domain, such as example.com";
  if (!hasOwner(host) || isShared(host)) {
    return "is a public suffix, under which anyone can register a name: write a domain of your own, such as example.com";
  }
  return undefined;
}

/** Whether a host, perhaps with a wildcard, is one of the domains or below one. */
export function isUnder(host: string, domains: readonly string[]): boolean {
  const name = host.replace(/\.$/, "");
  return domains.some((domain) => {
    const trusted = canonicalHost(domain) ?? domain;
    return name === trusted || name.endsWith(`.${trusted}`);
  });
}

/**
 * Hosts outside the trusted domains, one failure for each input that has one.
 *
 * @param whose how the sentence names the domains, e.g. `the trusted domains`
 */
export function untrustedHosts(access: readonly Access[], domains: readonly string[], whose: string): Failure[] {
  const outside = access.filter(
    ({ rule, origin, anyone }) =>
      EXPOSURES[rule]?.host !== "none" && !anyone && !(origin && isUnder(origin.host, domains)),
  );
  return [...new Map(outside.map((one) => [one.property, one])).values()].map(({ property, origin, value }) => ({
    property,
    rule: "untrusted-domain",
    reason: `${origin ? quote(value) : "The host"} is outside ${whose}, and the production policy refuses it: add its domain to trustedDomains in a separate change, or remove the host.`,
  }));
}
