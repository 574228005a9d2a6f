import fc from "fast-check";
import { expect, test } from "vitest";
import type { UrlPlace } from "../../kinds/url/check.ts";
import { URL_LISTS } from "../../kinds/url/lists.ts";
import { matchesUrl } from "../../kinds/url/match.ts";
import cases from "./url-cases.json" with { type: "json" };

/** Set FUZZ_SEED to the seed in a failed test's title to run its cases again. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

test.each(cases.match)("$list $allowed, $url: $matches", ({ list, allowed, url, matches }) => {
  expect(matchesUrl(list as UrlPlace, allowed, url)).toBe(matches);
});

const CALLBACK: [allowed: string, url: string, matches: boolean][] = [
  ["https://app.example.com/cb", "https://app.example.com:443/cb", true],
  ["http://app.example.com:80/cb", "http://app.example.com/cb", true],
  ["https://app.example.com/cb", "http://app.example.com/cb", false],
  ["https://app.example.com/cb", "http://app.example.com:443/cb", false],
  ["https://app.example.com/cb", "HTTPS://app.example.com/cb", true],
  ["https://app.example.com/cb", "https://app.example.com/CB", false],
  ["https://app.example.com", "https://app.example.com/", false],
  ["https://app.example.com/cb", "https://app.example.com/cb?", false],
  ["https://app.example.com/cb", "https://app.example.com/cb#", false],
  ["https://app.example.com/cb", "https://app.example.com/x/../cb", false],
  ["https://app.example.com/cb", "https://app.example.com/%63b", false],
  ["https://app.example.com/cb?a=1", "https://app.example.com/cb?a=1", true],
  ["https://app.example.com/cb?a=1&b=2", "https://app.example.com/cb?b=2&a=1", false],
  ["https://app.example.com/cb", "https://app.example.com@evil.example/cb", false],
  ["https://app.example.com/cb", "https://user@app.example.com/cb", false],
  ["https://app.example.com/cb", "https://evil.example\\@app.example.com/cb", false],
  ["https://app.example.com/cb", "https://evil.example\\.app.example.com/cb", false],
  ["https://app.example.com/cb", "https://app.example.com.evil.example/cb", false],
  ["https://app.example.com/cb", "https://evilapp.example.com/cb", false],
  ["https://app.example.com/cb", "https://app.example.com./cb", false],
  ["https://app.example.com/cb", "https://app%2eexample.com/cb", false],
  ["https://app.example.com/cb", "https://app.exam\tple.com/cb", false],
  ["https://app.example.com/cb", "https://app.example.com/cb\n", false],
  ["https://app.example.com/cb", " https://app.example.com/cb", false],
  ["https://app.example.com/cb", "https:app.example.com/cb", false],
  ["https://app.example.com/cb", "//app.example.com/cb", false],
  ["https://app.example.com/cb", "https:///app.example.com/cb", false],
  ["http://127.0.0.1/cb", "http://2130706433/cb", false],
  ["http://127.0.0.1/cb", "http://127.1/cb", false],
  ["http://[::1]/cb", "http://[0:0:0:0:0:0:0:1]/cb", true],
  ["https://bücher.example/cb", "https://xn--bcher-kva.example/cb", true],
  ["https://apple.example/cb", "https://аpple.example/cb", false],
  ["https://*.example.com/cb", "https://.example.com/cb", false],
  ["https://*.example.com/cb", "https://evil.example/.example.com/cb", false],
  ["https://*.example.com/cb", "https://evil.example#.example.com/cb", false],
  ["https://*.example.com/cb", "https://evil.example?.example.com/cb", false],
  ["https://*.example.com/cb", "https://evil.example%2f.example.com/cb", false],
  ["https://*.example.com/cb", "https://a%2eb.example.com/cb", false],
  ["https://*.example.com/cb", "https://a。b.example.com/cb", false],
  ["https://*.example.com/cb", "https://a:b@c.example.com/cb", false],
  ["https://*.example.com/cb", "https://*.example.com/cb", false],
  ["https://*.example.com/cb", "https://＊.example.com/cb", false],
  ["https://*.example.com/cb", "https://aexample.com/cb", false],
  ["https://*.example.com:8443/cb", "https://a.example.com/cb", false],
  ["https://pre-*.example.com/cb", "https://PRE-1.example.com/cb", true],
  ["https://pre-*.example.com/cb", "https://pre-.example.com/cb", false],
  ["https://pre-*.example.com/cb", "https://pre-1.x.example.com/cb", false],
  ["https://pre-*-pre.example.com/cb", "https://pre-pre.example.com/cb", false],
  ["https://aa*aa.example.com/cb", "https://aaa.example.com/cb", false],
  ["https://*.com/cb", "https://evil.com/cb", false],
  ["https://app.example.com/*", "https://app.example.com/*", false],
];

test.each(CALLBACK)("callback URL %s, %s: %s", (allowed, url, matches) => {
  expect(matchesUrl("allowedCallbackUrls", allowed, url)).toBe(matches);
});

const LISTS: [list: UrlPlace, allowed: string, url: string, matches: boolean][] = [
  ["allowedLogoutUrls", "https://app.example.com/bye", "https://app.example.com/bye#top", true],
  ["allowedLogoutUrls", "https://app.example.com/bye?x=1", "https://app.example.com/bye?x=2#top", true],
  ["allowedLogoutUrls", "https://app.example.com/bye", "https://app.example.com/bye/", false],
  ["allowedLogoutUrls", "https://*.example.com/bye", "https://evil.example/bye?.example.com/bye", false],
  ["allowedOrigins", "https://app.example.com", "https://app.example.com:443", true],
  ["allowedOrigins", "https://app.example.com", "https://app.example.com/page?x=1#top", true],
  ["allowedOrigins", "https://app.example.com/", "https://app.example.com", false],
  ["allowedWebOrigins", "https://*.example.com", "https://evil.example", false],
  ["allowedWebOrigins", "https://app.example.com", "null", false],
  ["applicationLoginUrl", "https://app.example.com/login", "https://app.example.com/login", true],
  ["applicationLoginUrl", "https://app.example.com/login", "https://app.example.com/login?x=1", false],
];

test.each(LISTS)("%s %s, %s: %s", (list, allowed, url, matches) => {
  expect(matchesUrl(list, allowed, url)).toBe(matches);
});

// The oracle never parses: it is given both URLs in parts, and compares the parts.

interface Parts {
  scheme: "http" | "https";
  labels: string[];
  port: number | undefined;
  path: string;
  query: string | undefined;
  fragment: string | undefined;
}

const write = ({ scheme, labels, port, path, query, fragment }: Parts) =>
  `${scheme}://${labels.join(".")}${port === undefined ? "" : `:${port}`}${path}${query === undefined ? "" : `?${query}`}${fragment === undefined ? "" : `#${fragment}`}`;

/** Character by character: a star takes one letter, and then either the next one too or none. */
function covers(pattern: string, label: string): boolean {
  if (pattern === "" || label === "") return pattern === label;
  const [first = "", rest] = [pattern[0], pattern.slice(1)];
  if (first === "*") return covers(rest, label.slice(1)) || covers(pattern, label.slice(1));
  return first.toLowerCase() === label[0]?.toLowerCase() && covers(rest, label.slice(1));
}

function expected(list: UrlPlace, allowed: Parts, url: Parts): boolean {
  const standard = { http: 80, https: 443 };
  const origin =
    allowed.scheme === url.scheme &&
    (allowed.port ?? standard[allowed.scheme]) === (url.port ?? standard[url.scheme]) &&
    allowed.labels.length === url.labels.length &&
    allowed.labels.every((label, i) => covers(label, url.labels[i] ?? ""));
  if (list === "allowedOrigins" || list === "allowedWebOrigins") return origin;
  if (!origin || allowed.path !== url.path) return false;
  return list === "allowedLogoutUrls" || (allowed.query === url.query && url.fragment === undefined);
}

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const subdomain = oneOf(
  "a",
  "b",
  "pre",
  "pre-a",
  "pre-a-suf",
  "pre-suf",
  "presuf",
  "PRE-b",
  "a-suf",
  "x--y",
  "xn--bcher-kva",
);
const parts = (labels: fc.Arbitrary<string[]>): fc.Arbitrary<Parts> =>
  fc.record({
    scheme: oneOf("http", "https"),
    labels,
    port: oneOf(undefined, undefined, 80, 443, 8443),
    path: oneOf("", "/", "/cb", "/cb/", "/CB", "/cb/x"),
    query: oneOf(undefined, undefined, "", "a=1", "a=2", "u=https://a.example.com/cb"),
    fragment: oneOf(undefined, undefined, undefined, "", "top", "@a.example.com/cb"),
  });

const domain = oneOf(["example", "com"], ["Example", "COM"], ["b", "example", "com"], ["example", "co", "uk"]);
const host = (first: fc.Arbitrary<string>) =>
  fc.tuple(fc.array(first, { maxLength: 1 }), domain).map(([labels, base]) => [...labels, ...base]);

const pattern = fc.oneof(
  { weight: 1, arbitrary: subdomain },
  { weight: 3, arbitrary: oneOf("*", "pre-*", "*-suf", "pre-*-suf", "pre*suf", "PRE-*", "x*") },
);

/** Mostly the allowed URL with a part or two of another, since two random URLs hardly ever match. */
const pair = fc
  .tuple(
    parts(host(pattern)),
    parts(host(subdomain)),
    subdomain,
    fc.subarray(["labels", "port", "path", "query", "scheme"]),
  )
  .map(([allowed, other, first, changed]) => {
    const labels = allowed.labels.map((label) => (label.includes("*") ? first : label));
    const url: Parts = { ...allowed, labels, fragment: other.fragment };
    return { allowed, url: changed.length > 2 ? url : { ...url, ...pick(other, changed) } };
  });

function pick(from: Parts, keys: string[]): Partial<Parts> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key)));
}

test(`matchesUrl agrees with an oracle that compares parts, in 100,000 cases (seed ${SEED})`, {
  timeout: 60_000,
}, () => {
  const seen = { true: 0, false: 0 };
  fc.assert(
    fc.property(oneOf(...URL_LISTS), pair, (list, { allowed, url }) => {
      const origins = list === "allowedOrigins" || list === "allowedWebOrigins";
      const entry: Parts = origins
        ? { ...allowed, path: "", query: undefined, fragment: undefined }
        : { ...allowed, fragment: undefined };
      const matches = expected(list, entry, url);
      seen[`${matches}`]++;
      return matchesUrl(list, write(entry), write(url)) === matches;
    }),
    { numRuns: 100_000, seed: SEED },
  );
  expect(Math.min(seen.true, seen.false)).toBeGreaterThan(10_000);
});

const PIECES = [
  "https:",
  "http:",
  "//",
  "/",
  "\\",
  "@",
  ":",
  ":443",
  ":80",
  "#",
  "?",
  ".",
  "%2e",
  "%2f",
  "%00",
  "。",
  "．",
  "＊",
  "*",
  "-",
  "\t",
  "\n",
  " ",
  "\u00ad",
  "\u200b",
  "a",
  "A",
  "ａ",
  "ü",
  "xn--",
  "pre-",
  "-suf",
  "evil.example",
  "example.com",
  "EXAMPLE.com",
  "app.example.com",
  "app",
  "/cb",
  "cb",
  "[::1]",
  "127.0.0.1",
  "0x7f.1",
] as const;

const forged = fc
  .tuple(
    oneOf("https://", "https://", "https://", "https:", ""),
    fc.array(oneOf(...PIECES), { maxLength: 4 }),
    oneOf(".example.com/cb", ".example.com/cb", "/cb", ""),
  )
  .map(([start, middle, end]) => start + middle.join("") + end);

test(`what matchesUrl accepts, a browser's own parser sends to an allowed host, in 100,000 forged URLs (seed ${SEED})`, {
  timeout: 60_000,
}, () => {
  let accepted = 0;
  const allowed = ["https://*.example.com/cb", "https://pre-*-suf.example.com/cb", "https://app.example.com/cb"];
  fc.assert(
    fc.property(oneOf(...allowed), forged, (entry, url) => {
      if (!matchesUrl("allowedCallbackUrls", entry, url)) return;
      accepted++;
      const sent = new URL(url);
      const labels = entry.slice("https://".length, -"/cb".length).split(".");
      const reached = sent.hostname.split(".");
      expect([sent.protocol, sent.port, sent.username, sent.password, sent.pathname, sent.search, sent.hash]).toEqual([
        "https:",
        "",
        "",
        "",
        "/cb",
        "",
        "",
      ]);
      expect(reached.length).toBe(labels.length);
      expect(labels.every((label, i) => covers(label, reached[i] ?? ""))).toBe(true);
    }),
    { numRuns: 100_000, seed: SEED },
  );
  expect(accepted).toBeGreaterThan(200);
});
