import { expect, test } from "vitest";

import { checkUrl, type UrlPlace } from "../../kinds/url/check.ts";
import type { UrlRuleId } from "../../kinds/url/rules.ts";
import cases from "./url-cases.json" with { type: "json" };

const ruleOf = (place: UrlPlace, value: string) => {
  const result = checkUrl(place, value);
  return "rule" in result ? result.rule : "ok";
};

test.each(cases.check)("$list $value: $verdict $rule", ({ list, value, verdict, rule }) => {
  expect(ruleOf(list as UrlPlace, value)).toBe(verdict === "ok" ? "ok" : rule);
});

const EDGES: [value: string, rule: UrlRuleId | "ok"][] = [
  // Addresses, ports, letters
  ["http://[::1]:8080/cb", "ok"],
  ["http://[0:0:0:0:0:0:0:1]/cb", "ok"],
  ["http://[::g]/cb", "absolute-url"],
  ["http://[::1/cb", "absolute-url"],
  ["http://[::1]::8080/cb", "absolute-url"],
  ["http://[::1]:8080]/cb", "absolute-url"],
  ["https://bücher.example::8443/cb", "absolute-url"],
  ["https://app.example.com::8443/cb", "absolute-url"],
  ["http://127.0.0.1:3000/cb", "ok"],
  ["http://2130706433/cb", "absolute-url"],
  ["http://0x7f.1/cb", "absolute-url"],
  ["http://127.1/cb", "absolute-url"],
  ["http://256.0.0.1/cb", "absolute-url"],
  ["https://APP.Example.COM/cb", "ok"],
  ["HTTPS://app.example.com/cb", "ok"],
  ["https://app.example.com:443/cb", "ok"],
  ["https://app.example.com:65535/cb", "ok"],
  ["https://app.example.com:65536/cb", "absolute-url"],
  ["https://app.example.com:/cb", "absolute-url"],
  ["https://app.example.com:8o/cb", "absolute-url"],
  ["https://xn--bcher-kva.example/cb", "ok"],
  ["https://bücher.example/cb", "ok"],
  ["https://my_app.example.com/cb", "ok"],
  ["https://app.example.com./cb", "ok"],
  [`https://${"a".repeat(63)}.example.com/cb`, "ok"],
  [`https://${"a".repeat(64)}.example.com/cb`, "absolute-url"],
  ["https://-app.example.com/cb", "absolute-url"],
  ["https://app..example.com/cb", "absolute-url"],
  ["https://app%2eexample.com/cb", "absolute-url"],
  ["https://app.example.com/cb?list[]=1", "ok"],
  ["https://app.example.com/cb?next=%2Fhome", "ok"],
  ["https://app.example.com/cb?next=%2", "absolute-url"],
  ["https://app.example.com/<id>", "absolute-url"],
  // Schemes
  ["localhost:3000/cb", "absolute-url"],
  ["app.example.com:8443", "absolute-url"],
  ["//app.example.com/cb", "absolute-url"],
  ["/cb", "absolute-url"],
  ["*.example.com", "absolute-url"],
  ["https:app.example.com/cb", "absolute-url"],
  ["https:/app.example.com/cb", "absolute-url"],
  ["https:///cb", "absolute-url"],
  ["https:\\\\app.example.com/cb", "absolute-url"],
  ["https://app.example.com\\@evil.example/cb", "absolute-url"],
  ["https://app.exam\tple.com/cb", "absolute-url"],
  ["https://app.example.com/cb\n", "absolute-url"],
  ["https://app.exam\u00adple.com/cb", "absolute-url"],
  ["https://app.example.com/cb?a=1,2", "absolute-url"],
  ["urn:isbn:0451450523", "http-or-https"],
  ["data:text/html,hello", "http-or-https"],
  ["mailto:someone@example.com", "http-or-https"],
  ["*://app.example.com/cb", "http-or-https"],
  ["wss://app.example.com/cb", "http-or-https"],
  // Wildcards
  ["https://*.localhost/cb", "wildcard-in-subdomain"],
  ["https://*.local/cb", "wildcard-in-subdomain"],
  ["https://preview-*.com/cb", "wildcard-in-subdomain"],
  ["https://exam*ple.com/cb", "wildcard-in-subdomain"],
  ["https://example.*/cb", "wildcard-in-subdomain"],
  ["https://sub.*.com/cb", "wildcard-in-subdomain"],
  ["https://*.ck/cb", "wildcard-in-subdomain"],
  ["https://*.example.ck/cb", "wildcard-in-subdomain"],
  ["https://*.www.ck/cb", "ok"],
  ["https://*.個人.hk/cb", "wildcard-in-subdomain"],
  ["https://*.xn--p1ai/cb", "wildcard-in-subdomain"],
  ["https://*.0.0.1/cb", "wildcard-in-subdomain"],
  ["https://127.0.0.*/cb", "wildcard-in-subdomain"],
  ["http://[::*]/cb", "wildcard-in-subdomain"],
  ["https://*.EXAMPLE.com/cb", "ok"],
  ["https://*.bücher.example/cb", "ok"],
  ["https://*.example.com./cb", "ok"],
  ["https://*.vercel.app/cb", "ok"],
  ["https://*.github.io/cb", "ok"],
  ["https://*.a.b.c.example.com/cb", "ok"],
  ["https://a.b.*.example.com/cb", "wildcard-leftmost"],
  ["https://sub.pre-*.example.com/cb", "wildcard-leftmost"],
  ["https://**.example.com/cb", "single-wildcard"],
  ["https://sub.*.*.com/cb", "single-wildcard"],
  ["https://-*.example.com/cb", "wildcard-label"],
  ["https://*-.example.com/cb", "wildcard-label"],
  ["https://a_*.example.com/cb", "wildcard-label"],
  ["https://a%*.example.com/cb", "wildcard-label"],
  ["https://bü-*.example.com/cb", "wildcard-label"],
  ["https://xn--*.example.com/cb", "wildcard-label"],
  ["https://%2a.example.com/cb", "absolute-url"],
  ["https://＊.example.com/cb", "absolute-url"],
  ["https://*.example.com/*", "wildcard-only-in-host"],
  ["https://*.example.com:*/cb", "wildcard-only-in-host"],
  // Several at once: the most telling
  ["https://user@*.example.com/cb#done", "no-credentials"],
  ["https://*@app.example.com/cb", "no-credentials"],
  ["https://*.com/*#*", "wildcard-in-subdomain"],
  ["{APP_URL}/cb", "no-placeholder"],
  ["https://*.{tenant}.example.com/cb", "no-placeholder"],
  ["com.example.app://{tenant}", "http-or-https"],
  [`https://app.example.com/${"a".repeat(2024)}`, "ok"],
  [`https://app.example.com/${"a".repeat(2025)}`, "url-too-long"],
  [`https://app.example.com/${"a".repeat(2025)}#x`, "no-fragment"],
];

test.each(EDGES)("as a callback URL, %s: %s", (value, rule) => {
  expect(ruleOf("allowedCallbackUrls", value)).toBe(rule);
});

const PLACES: [place: UrlPlace, value: string, rule: UrlRuleId | "ok"][] = [
  ["allowedWebOrigins", "https://app.example.com:8443", "ok"],
  ["allowedWebOrigins", "http://[::1]:5173", "ok"],
  ["allowedWebOrigins", "https://app.example.com?", "origin-only"],
  ["allowedWebOrigins", "https://app.example.com#", "no-fragment"],
  ["allowedOrigins", "https://*.example.com/", "origin-only"],
  ["allowedOrigins", "https://app.example.com/*", "wildcard-only-in-host"],
  ["allowedOrigins", `https://app.example.com/${"a".repeat(2048)}`, "origin-only"],
  ["applicationLoginUrl", "https://app.example.com/*", "no-wildcard-in-login-url"],
  ["applicationLoginUrl", "https://*.com", "no-wildcard-in-login-url"],
  ["applicationLoginUrl", "https://app.example.com/#/login", "no-fragment"],
  ["applicationLoginUrl", "", "absolute-url"],
];

test.each(PLACES)("as %s, %s: %s", (place, value, rule) => {
  expect(ruleOf(place, value)).toBe(rule);
});
