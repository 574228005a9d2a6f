import fc from "fast-check";
import { expect, test } from "vitest";
import { callbackMatches, logoutMatches, originMatches } from "../../emulator/url/match.ts";
import { urlProblem } from "../../emulator/url/rules.ts";
import { checkUrl, type UrlPlace } from "../../kinds/url/check.ts";
import { matchesUrl } from "../../kinds/url/match.ts";

/** Set FUZZ_SEED to the seed in a failed test's title to run its cases again. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

const PLACES = {
  applicationLoginUrl: { member: "login_uri", matches: callbackMatches },
  allowedCallbackUrls: { member: "callbacks", matches: callbackMatches },
  allowedLogoutUrls: { member: "logout_urls", matches: logoutMatches },
  allowedWebOrigins: { member: "web_origins", matches: originMatches },
  allowedOrigins: { member: "allowed_origins", matches: originMatches },
} as const;
const place = fc.constantFrom(...(Object.keys(PLACES) as UrlPlace[]));

const chance = (...values: string[]) => fc.constantFrom(...values);
const label = chance(
  "a",
  "B",
  "app",
  "*",
  "*",
  "pre-*",
  "*-suf",
  "p*s",
  "pre-1",
  "1-suf",
  "p1s",
  "x_y",
  "-a",
  "xn--bcher-kva",
  "bücher",
  "",
);
const domain = chance(
  "example.com",
  "example.com",
  "EXAMPLE.com",
  "b.example.com",
  "co.uk",
  "example.co.uk",
  "vercel.app",
  "com",
  "localhost",
  "app.localhost",
  "127.0.0.1",
  "[::1]",
  "1.2",
  "com.",
);
const host = fc.tuple(fc.array(label, { maxLength: 2 }), domain).map(([labels, rest]) => [...labels, rest].join("."));
const url = fc
  .tuple(
    chance("https", "https", "http", "HTTPS", "ftp", "com.example.app"),
    chance("://", "://", "://", "://", ":", ":///", "://user@", ":\\\\"),
    host,
    chance("", "", "", ":443", ":80", ":8443", ":", ":*", ":99999"),
    chance("", "/", "/cb", "/cb", "/cb/", "/*", "/{org}", "/a,b", "/%zz", "/<b>"),
    chance("", "", "", "?", "?a=1", "?*"),
    chance("", "", "", "", "#", "#x"),
  )
  .map(([scheme, ...rest]) => scheme + rest.join(""));
const plainHost = fc
  .tuple(
    fc.subarray(["*", "pre-*", "*-suf", "p*s", "app", "PRE-1", "bücher"], { maxLength: 1 }),
    chance("example.com", "app.localhost", "b.example.com"),
  )
  .map((labels) => labels.flat().join("."));
const plainUrl = fc
  .tuple(
    chance("https://", "http://"),
    plainHost,
    chance("", "", ":443", ":80", ":8443"),
    chance("", "/", "/cb"),
    chance("", "", "?", "?a=1"),
  )
  .map((parts) => parts.join(""));
/** Mostly the allowed URL with its star filled in, since two random URLs hardly ever match. */
const pair = fc
  .tuple(
    plainUrl,
    url,
    chance("1", "a", "1-suf-1", "A", "", "a.b", "*", "-"),
    chance("none", "path", "case", "port", "hash", "other"),
  )
  .map(([allowed, other, filling, change]) => {
    const filled = allowed.replace("*", filling);
    if (change === "path") return [allowed, `${filled}/`] as const;
    if (change === "case") return [allowed, filled.toUpperCase()] as const;
    if (change === "port") return [allowed, filled.replace(/(:\d+)?(\/|\?|$)/, ":443$2")] as const;
    if (change === "hash") return [allowed, `${filled}#top`] as const;
    return [allowed, change === "other" ? other : filled] as const;
  });

test(`both rooms accept and refuse the same of 100,000 URLs (seed ${SEED})`, { timeout: 60_000 }, () => {
  const seen = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(place, url, (list, value) => {
      const accepted = urlProblem(PLACES[list].member, value) === undefined;
      seen[accepted ? "accepted" : "refused"]++;
      expect({ list, value, accepted }).toEqual({ list, value, accepted: !("rule" in checkUrl(list, value)) });
    }),
    { numRuns: 100_000, seed: SEED },
  );
  expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(1_000);
});

test(`both rooms match 100,000 pairs alike (seed ${SEED})`, { timeout: 60_000 }, () => {
  const seen = { true: 0, false: 0 };
  fc.assert(
    fc.property(place, pair, (list, [allowed, sent]) => {
      const valid = urlProblem(PLACES[list].member, allowed) === undefined;
      const matches = valid && PLACES[list].matches(allowed, sent);
      seen[`${matches}`]++;
      expect({ list, allowed, sent, matches }).toEqual({
        list,
        allowed,
        sent,
        matches: matchesUrl(list, allowed, sent),
      });
    }),
    { numRuns: 100_000, seed: SEED },
  );
  expect(Math.min(seen.true, seen.false)).toBeGreaterThan(1_000);
});
