import { expect, test } from "vitest";
import type { UrlList } from "../../provider/oauth-client.ts";
import { checkUrl } from "../../provider/url-check.ts";
import { matchesUrl } from "../../provider/url-match.ts";
import cases from "./url-cases.json" with { type: "json" };

test.each(cases.check)("$list $value: $verdict $rule", ({ list, value, verdict, rule }) => {
  const result = checkUrl(list as UrlList, value);
  expect("rule" in result ? { verdict: "failure", rule: result.rule } : { verdict: "ok", rule: undefined }).toEqual({
    verdict,
    rule,
  });
});

test.each(cases.match)("$list $allowed and $url: $matches", ({ list, allowed, url, matches }) => {
  expect(matchesUrl(list as UrlList, allowed, url)).toBe(matches);
});
