import { registrableDomain } from "../kinds/url/public-suffix.ts";
import { entriesOf } from "./settings.ts";

/*
 * Decides which hosts may receive credentials. Every request that carries one (an access token, or the client secret that is exchanged for
 * one) is held against it before a connection is made: by Http for all that is sent, by the manifest for what it declares.
 */

/** Which hosts may receive credentials, besides those of carto.com. */
export interface Trust {
  /** Named by the operator: environment variables, stack configuration, `CartoProvider` arguments. With or without port. */
  hosts: readonly string[];
  /** Of the calling user, as the operator or CARTO names it: the hosts of its registrable domain are trusted. */
  tenantDomain?: string | undefined;
}

/** Where a credential is about to go. */
export interface Destination {
  url: string;
  /** Who requests it, e.g. `CARTO_AUTH_URL` or `tenant.authUrl of the manifest`. */
  namedBy: string;
  /** A file is checked, and nothing was about to be sent. Unset: something would have been sent. */
  checked?: true;
}

/**
 * Why a credential may not go there; undefined where it may. It travels by https only, or to a loopback host; to hosts of
 * carto.com, of the tenant's own domain, or that the operator named. Neither the manifest under review nor a tenant's
 * config.yaml makes a host trusted, and a loopback host is trusted only if the operator or a loopback tenant names it.
 *
 * @returns follows the subject, e.g. `the host evil.example, …`
 */
export function whyUntrusted({ url, namedBy, checked }: Destination, trust: Trust): string | undefined {
  const { protocol, host, hostname } = new URL(url);
  const loopback = isLoopback(host);
  const unsent = checked ? "" : ", so nothing was sent";
  if (!isTrusted(host, hostname, trust)) {
    return (
      `the host ${host}, which ${namedBy} names, is not trusted with credentials${unsent}. If it is right, trust it outside ` +
      `of the manifest: set CARTO_TRUSTED_HOSTS=${host}, carto:trustedHosts in the stack configuration, or trustedHosts of a CartoProvider.`
    );
  }
  if (protocol === "https:" || loopback) return undefined;
  return `the host ${host}, which ${namedBy} names, would receive credentials without encryption${unsent}. Use https.`;
}

/** @param domain host with optional port */
export function isLoopback(domain: string): boolean {
  const host = domain.replace(/:\d+$/, "").toLowerCase();
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Host names, separated by commas or spaces, each with an optional port; undefined if one is invalid. */
export function parseHosts(text: string): string[] | undefined {
  const hosts = entriesOf(text.toLowerCase());
  const fits = (host: string) => isLoopback(host) || /^([a-z0-9_-]+\.)+[a-z0-9-]+(:\d{1,5})?$/.test(host);
  return hosts.every(fits) ? hosts : undefined;
}

function isTrusted(host: string, hostname: string, { hosts, tenantDomain }: Trust): boolean {
  if (hosts.includes(host) || hosts.includes(hostname)) return true;
  if (isLoopback(host)) return tenantDomain !== undefined && isLoopback(tenantDomain);
  if (isWithin(hostname, "carto.com") || hosts.some((trusted) => isWithin(hostname, trusted))) return true;
  if (tenantDomain === undefined || isLoopback(tenantDomain)) return false;
  const tenant = tenantDomain.toLowerCase().replace(/:\d+$/, "");
  return isWithin(hostname, registrableDomain(tenant));
}

function isWithin(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`);
}
