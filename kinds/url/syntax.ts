/** A URL taken apart, nothing decoded, nothing checked. Undefined: the part and its delimiter are absent. */
export interface UrlText {
  scheme: string | undefined;
  /** Before the `@` of the authority. */
  userinfo: string | undefined;
  /** Undefined without `//`; may be empty. */
  host: string | undefined;
  /** After the `:`; may be empty. */
  port: string | undefined;
  path: string;
  query: string | undefined;
  fragment: string | undefined;
}

/** An http or https URL that a browser could send, its host canonical, the rest as written. */
export interface ParsedUrl {
  scheme: "http" | "https";
  /** Lower case, ASCII; an IPv6 address compressed and in brackets. May contain `*`. */
  host: string;
  /** The default port of the scheme where none is written. */
  port: number;
  path: string;
  query: string | undefined;
  fragment: string | undefined;
}

/** Without the backslash: nearly every URL, and fast to check. */
const VISIBLE_ASCII = /^[!-[\]-~]*$/;

const DEFAULT_PORTS = { http: 80, https: 443 };

/** Splits a URL as RFC 3986, appendix B, does. */
export function splitUrl(url: string): UrlText {
  const [beforeFragment, fragment] = cut(url, "#");
  const [beforeQuery, query] = cut(beforeFragment, "?");
  const colon = /^[^:/]+:/.exec(beforeQuery)?.[0];
  const scheme = colon?.slice(0, -1);
  const rest = beforeQuery.slice(colon?.length ?? 0);
  if (!rest.startsWith("//")) {
    return { scheme, userinfo: undefined, host: undefined, port: undefined, path: rest, query, fragment };
  }
  const slash = rest.indexOf("/", 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  const at = authority.lastIndexOf("@");
  const hostAndPort = authority.slice(at + 1);
  const port = /:[^:\]]*$/.exec(hostAndPort);
  return {
    scheme,
    userinfo: at < 0 ? undefined : authority.slice(0, at),
    host: port ? hostAndPort.slice(0, port.index) : hostAndPort,
    port: port?.[0].slice(1),
    path: slash < 0 ? "" : rest.slice(slash),
    query,
    fragment,
  };
}

function cut(text: string, delimiter: string): [string, string | undefined] {
  const at = text.indexOf(delimiter);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * Reads a URL strictly: what browsers would silently repair or decode (tabs, backslashes, an encoded host, `http:host`,
 * numbers as addresses) is refused, since two readers could see two different hosts in it.
 *
 * @returns undefined if it is not an absolute http or https URL without userinfo
 */
export function parseUrl(url: string): ParsedUrl | undefined {
  return hasStrayCharacter(url) ? undefined : parseText(splitUrl(url));
}

/** As `parseUrl`, for a URL without stray characters that is taken apart already. */
export function parseText({ scheme, userinfo, host, port, path, query, fragment }: UrlText): ParsedUrl | undefined {
  const protocol = scheme?.toLowerCase();
  if ((protocol !== "http" && protocol !== "https") || userinfo !== undefined) return undefined;
  const name = canonicalHost(host ?? "");
  const number = port === undefined ? DEFAULT_PORTS[protocol] : parsePort(port);
  if (name === undefined || number === undefined) return undefined;
  return { scheme: protocol, host: name, port: number, path, query, fragment };
}

/** Scheme, host and port as a browser writes them in an Origin header: no default port. */
export function originOf({ scheme, host, port }: ParsedUrl): string {
  return `${scheme}://${host}${port === DEFAULT_PORTS[scheme] ? "" : `:${port}`}`;
}

/** Characters that no URL holds and that browsers drop or rewrite: spaces, control and format characters, backslashes. */
export function hasStrayCharacter(url: string): boolean {
  return !VISIBLE_ASCII.test(url) && /[\s\p{Cc}\p{Cf}\p{Cs}\\]/u.test(url);
}

/** 0-65535; undefined if it is not a port. */
export function parsePort(port: string): number | undefined {
  const number = /^\d{1,5}$/.test(port) ? Number(port) : undefined;
  return number !== undefined && number < 65_536 ? number : undefined;
}

/** Labels of 1-63 letters, digits, underscores and inner hyphens; a final dot is the root. */
const HOST_NAME = /^[a-z\d_*]([a-z\d_*-]{0,61}[a-z\d_*])?(\.[a-z\d_*]([a-z\d_*-]{0,61}[a-z\d_*])?)*\.?$/;
const LONGEST_HOST = 254;

/** The host as browsers compare it; undefined when it is neither a host name nor an address. A `*` counts as a letter. */
export function canonicalHost(host: string): string | undefined {
  if (/^\[.*\]$/.test(host)) return URL.parse(`http://${host}/`)?.hostname;
  const ascii = asciiHost(host);
  if (ascii === undefined || ascii.length > LONGEST_HOST || !HOST_NAME.test(ascii)) return undefined;
  return /(^|\.)(\d+|0x[\da-f]*)\.?$/.test(ascii) && !isIpv4(ascii) ? undefined : ascii;
}

/** Labels from left to right, without the empty one that a final dot leaves. */
export function hostLabels(host: string): string[] {
  const labels = host.split(".");
  if (labels.length > 1 && labels.at(-1) === "") labels.pop();
  return labels;
}

function asciiHost(host: string): string | undefined {
  if (/^[\x21-\x7e]*$/.test(host)) return host.toLowerCase();
  if (/[%:]/.test(host)) return undefined;
  const ascii = URL.parse(`http://${host}/`)?.hostname;
  // Full-width letters, dots and stars become plain ones here: a star that was not written is not a wildcard.
  return ascii?.split("*").length === host.split("*").length ? ascii : undefined;
}

function isIpv4(host: string): boolean {
  const bytes = host.split(".");
  return bytes.length === 4 && bytes.every((byte) => /^(0|[1-9]\d{0,2})$/.test(byte) && Number(byte) < 256);
}
