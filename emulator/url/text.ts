/** An http or https URL in parts, its host as browsers compare it. */
export interface UrlParts {
  /** Scheme and port, e.g. `https:` or `http:8080`; a default port is the same as none. */
  access: string;
  /** Lower case, ASCII; may contain `*`. */
  host: string;
  /** As written. */
  path: string;
  /** With its `?`, as written. */
  query: string;
  /** With its `#`, as written. */
  fragment: string;
}

const SHAPE = /^(https?):\/\/([^/?#]+)([^?#]*)(\?[^#]*)?(#.*)?$/i;
const HOST = /^(?!.{255})([a-z0-9_*]([a-z0-9_*-]{0,61}[a-z0-9_*])?(\.|$))+$/;

/** Parses a URL; `undefined` if it is not a URL, or if two parsers could disagree about it. */
export function urlParts(url: string): UrlParts | undefined {
  if (/[\s\\\p{Cc}\p{Cf}\p{Cs}]/u.test(url)) return undefined;
  const [, scheme = "", authority = "", path = "", query = "", fragment = ""] = SHAPE.exec(url) ?? [];
  if (authority === "" || /[@%]|:$/.test(authority)) return undefined;
  const parsed = URL.parse(`${scheme}://${authority}`);
  if (!parsed) return undefined;
  const written = authority.replace(/:\d+$/, "").toLowerCase();
  const host = parsed.hostname;
  if (!written.startsWith("[")) {
    // A number is turned into an address, and letters of other scripts into stars: not what was written.
    if (/^[!-~]*$/.test(written) && written !== host) return undefined;
    if (written.split("*").length !== host.split("*").length || !HOST.test(host)) return undefined;
  }
  return { access: `${parsed.protocol}${parsed.port}`, host, path, query, fragment };
}
