import { expect, test } from "vitest";
import { KINDS } from "../../kinds/index.ts";
import { differenceAtCarto, inputsOf } from "../../kinds/inputs.ts";
import { defaultUrls } from "../../kinds/oauth-client/oauth-client.ts";
import { sameUrl, sameUrls } from "../../kinds/url/same.ts";

test.each([
  { a: "https://Two.Example.COM/Login", b: "https://two.example.com/Login", same: true, why: "host case" },
  { a: "HTTPS://a.example.com/", b: "https://a.example.com/", same: true, why: "scheme case" },
  { a: "https://a.example.com:443/", b: "https://a.example.com/", same: true, why: "the default port, written or not" },
  { a: "http://a.example.com:80", b: "http://a.example.com", same: true, why: "the default port of http" },
  { a: "https://*.A.example.com/", b: "https://*.a.example.com/", same: true, why: "host case beside a wildcard" },
  { a: "https://a.example.com/Login", b: "https://a.example.com/login", same: false, why: "path case" },
  { a: "https://a.example.com/?A=1", b: "https://a.example.com/?a=1", same: false, why: "query case" },
  { a: "https://a.example.com/", b: "https://a.example.com", same: false, why: "a trailing slash" },
  { a: "https://a.example.com/", b: "http://a.example.com/", same: false, why: "another scheme" },
  { a: "https://a.example.com:8443/", b: "https://a.example.com/", same: false, why: "another port" },
  { a: "Not a URL", b: "not a url", same: false, why: "what is not a URL only equals itself" },
])("$a and $b are compared as CARTO matches them: $why", ({ a, b, same }) => {
  expect([sameUrl(a, b), sameUrls("allowedCallbackUrls", [a], [b]), sameUrls("allowedLogoutUrls", [a], [b])]).toEqual([
    same,
    same,
    same,
  ]);
});

test("a client that CARTO answers in lower case keeps the declared spelling and differs in nothing", () => {
  const applicationLoginUrl = "https://Two.Example.COM:443/Login";
  const declared = {
    name: "Two",
    applicationLoginUrl,
    ...defaultUrls(applicationLoginUrl),
    allowedCallbackUrls: ["https://Two.Example.COM/b", "https://Two.Example.COM/a"],
  };
  const answered = {
    kind: "spa" as const,
    id: "id-1",
    name: "Two",
    ...defaultUrls("https://two.example.com/Login"),
    applicationLoginUrl: "https://two.example.com/Login",
    allowedCallbackUrls: ["https://two.example.com/a", "https://two.example.com/b"],
    ownerId: "auth0|1",
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
  };
  expect(inputsOf(KINDS.spa, answered, declared)).toEqual(declared);
  expect(differenceAtCarto(KINDS.spa, inputsOf(KINDS.spa, answered, {}), declared)).toEqual({});
  const added = "https://new.example.com/";
  const drifted = { ...answered, allowedCallbackUrls: [added, "https://two.example.com/b"] };
  expect(inputsOf(KINDS.spa, drifted, declared).allowedCallbackUrls).toEqual([added, "https://Two.Example.COM/b"]);
});
