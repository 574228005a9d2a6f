import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { callbackMatches, logoutMatches, originMatches } from "../../emulator/url/match.ts";
import { urlProblem } from "../../emulator/url/rules.ts";

interface Cases {
  check: { list: keyof typeof MEMBERS; value: string; verdict: "ok" | "failure"; rule?: string }[];
  match: { list: keyof typeof MATCHERS; allowed: string; url: string; matches: boolean }[];
}
const MEMBERS = {
  applicationLoginUrl: "login_uri",
  allowedCallbackUrls: "callbacks",
  allowedLogoutUrls: "logout_urls",
  allowedWebOrigins: "web_origins",
  allowedOrigins: "allowed_origins",
} as const;
const MATCHERS = {
  allowedCallbackUrls: callbackMatches,
  allowedLogoutUrls: logoutMatches,
  allowedWebOrigins: originMatches,
  allowedOrigins: originMatches,
};
const cases = JSON.parse(readFileSync("test/kinds/url-cases.json", "utf8")) as Cases;

test.each(cases.check)("the emulator's verdict on $value in $list is $verdict", ({ list, value, verdict }) => {
  expect(urlProblem(MEMBERS[list], value) === undefined ? "ok" : "failure").toBe(verdict);
});

test.each(cases.match)("$allowed in $list matches $url: $matches", ({ list, allowed, url, matches }) => {
  expect(MATCHERS[list](allowed, url)).toBe(matches);
});
