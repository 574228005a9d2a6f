import { coversUrl } from "./url/match.ts";
import { quote } from "./url/quote.ts";
import { originOf, type ParsedUrl, parseUrl } from "./url/syntax.ts";

/**
 * Something that an input allows someone to do. Each kind says it of its own inputs (`kinds/<kind>/reach.ts`); `change/` compares what was
 * with what will be, so that a report can say who gains access.
 */
export interface Access {
  /** Rule ID of the exposure when it is new: a row of the kind's `exposures`, e.g. `login-host-added`. */
  rule: string;
  /** Accesses are compared with those of the same power only, e.g. `receive logins`. Completes the sentence "WHO can …". */
  power: string;
  /** Who, in words, e.g. `any host one level under example.com`. */
  who: string;
  /** Who, to compare: an origin, perhaps with a wildcard, or any value that stands for itself. Not to be shown without `origin`. */
  value: string;
  /** Where the value is an origin. */
  origin?: ParsedUrl;
  /** Nobody knows who, or the program keeps it secret: it is new wherever something changes. */
  hidden?: true;
  /** Path of the input that lets them, e.g. `allowedCallbackUrls[1]`. */
  property: string;
  /** What a browser has to send exactly, so that another value on the same origin is a loss for clients that send the old one. */
  exact?: string;
  /** Users are locked out if everyone who had this power has lost it. */
  vital?: true;
  /** The possible consequence of losing this power, e.g. `this may break pages`. Unset: nothing is said of a loss. */
  whenLost?: string;
  /** Everybody is meant, every origin among them. */
  anyone?: true;
  /** Broader powers, of which this one is a part, e.g. to read a whole dataset. */
  includedIn?: readonly string[];
  /** Powers that give this one too, e.g. a callback URL allows its origin for CORS. */
  alsoBy?: readonly string[];
}

/** Whether `broader` includes `narrower`. */
export function includesAccess(broader: Access, narrower: Access): boolean {
  if (broader.power !== narrower.power && !narrower.includedIn?.includes(broader.power)) return false;
  return covers(broader, narrower);
}

/** The same without regard to the power. */
export function covers(broader: Access, narrower: Access): boolean {
  if (broader.anyone) return true;
  if (broader.hidden || narrower.hidden) return false;
  if (!broader.origin || !narrower.origin) return broader.value === narrower.value;
  return coversUrl("allowedOrigins", broader.origin, narrower.origin);
}

/** Who a URL stands for: its origin where it can be read, otherwise the text itself, which nothing else covers. */
export function whoOf(url: string): Pick<Access, "who" | "value" | "origin"> {
  const origin = parseUrl(url);
  if (!origin) return { who: quote(url), value: url };
  return { who: inWords(origin), value: originOf(origin), origin };
}

function inWords(url: ParsedUrl): string {
  const { scheme, host } = url;
  const port = /:\d+$/.exec(originOf(url))?.[0].slice(1);
  const how = `${scheme === "http" ? " over plain http" : ""}${port === undefined ? "" : ` on port ${port}`}`;
  const [label = "", ...rest] = host.split(".");
  const star = label.indexOf("*");
  if (star < 0) return `${host}${how}`;
  const [prefix, suffix] = [label.slice(0, star), label.slice(star + 1)];
  const named = [prefix && `starts with ${prefix}`, suffix && `ends with ${suffix}`].filter(Boolean).join(" and ");
  return `any host one level under ${rest.join(".")}${named && ` whose name ${named}`}${how}`;
}
