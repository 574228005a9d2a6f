import { expect, test } from "vitest";
import { adviseSpaOAuthClient, checkSpaOAuthClient, reviewOAuthClient } from "../../kinds/oauth-client/check.ts";
import { UNKNOWN } from "../../kinds/unknown.ts";

const client = { name: "Field maps", applicationLoginUrl: "https://app.example.com/login" };
const advise = (inputs: Record<string, unknown>) =>
  adviseSpaOAuthClient({ ...client, ...inputs }).map(({ property, rule }) => `${property}: ${rule}`);

test("a client with defaults from an https login URL gets no advice", () => {
  expect(advise({})).toEqual([]);
});

test("what follows from the login URL is reported once, on the login URL", () => {
  expect(adviseSpaOAuthClient({ ...client, applicationLoginUrl: "http://localhost:5173" })).toEqual([
    {
      property: "applicationLoginUrl",
      rule: "loopback",
      url: "http://localhost:5173",
      reason: '"http://localhost:5173" is each visitor\'s own machine: declare a separate client for development.',
    },
  ]);
});

test.each([
  [
    "https://*.example.com",
    "wildcard",
    '"https://*.example.com" has a wildcard, which CARTO advises against in production: list the hosts.',
  ],
  [
    "https://*.vercel.app",
    "public-suffix-wildcard",
    '"https://*.vercel.app" lets strangers in, because anyone can register a subdomain of "vercel.app": add a prefix or suffix of your own or, better, use a domain of your own.',
  ],
  [
    "http://app.example.com",
    "plain-http",
    '"http://app.example.com" is not encrypted, so anyone on the network path can read the login: use https.',
  ],
])("the origin %s is a finding of rule %s", (url, rule, reason) => {
  expect(adviseSpaOAuthClient({ ...client, allowedOrigins: [url] })).toEqual([
    { property: "allowedOrigins[0]", rule, url, reason },
  ]);
});

test.each([
  "https://localhost",
  "http://app.localhost:3000",
  "http://127.0.0.1",
  "http://127.8.9.1",
  "http://[::1]:80",
  "https://printer.local",
  "http://LOCALHOST.",
])("%s is a loopback host", (url) => {
  expect(advise({ allowedOrigins: [url] })).toEqual(["allowedOrigins[0]: loopback"]);
});

test.each(["https://localhost.example.com", "https://local", "https://128.0.0.1", "https://[::2]"])(
  "%s is not a loopback host",
  (url) => {
    expect(advise({ allowedOrigins: [url] })).toEqual([]);
  },
);

test("a wildcard with a prefix on a hosting provider's domain is a wildcard, and open to strangers only as advice", () => {
  const inputs = { ...client, allowedOrigins: ["https://my-app-*.vercel.app"] };
  expect(advise(inputs)).toEqual(["allowedOrigins[0]: public-suffix-wildcard", "allowedOrigins[0]: wildcard"]);
  const { failures, advice } = reviewOAuthClient("spa", inputs, { policy: "production" });
  expect(failures.map(({ rule }) => rule)).toEqual(["wildcard"]);
  expect(advice.map(({ rule }) => rule)).toEqual(["public-suffix-wildcard"]);
});

test("a wildcard over plain http is two findings", () => {
  expect(advise({ allowedOrigins: ["http://*.example.com"] })).toEqual([
    "allowedOrigins[0]: wildcard",
    "allowedOrigins[0]: plain-http",
  ]);
});

test("callback URLs set apart are asked for the login URL", () => {
  const [finding] = adviseSpaOAuthClient({ ...client, allowedCallbackUrls: ["https://app.example.com/cb"] });
  expect(finding).toEqual({
    property: "allowedCallbackUrls",
    rule: "login-url-not-in-callbacks",
    url: "https://app.example.com/login",
    reason:
      '"https://app.example.com/login", the login URL, is not among the callback URLs: add it if the application returns there after login.',
  });
  expect(advise({ allowedCallbackUrls: ["https://APP.example.com:443/login"] })).toEqual([]);
});

test("a callback URL's origin is looked for among the web origins, wildcards included, once each", () => {
  const allowedCallbackUrls = [
    client.applicationLoginUrl,
    "https://a.maps.example.com/cb",
    "https://b.example.com/cb",
    "https://b.example.com/cb2",
  ];
  const allowedWebOrigins = ["https://app.example.com", "https://*.maps.example.com"];
  expect(adviseSpaOAuthClient({ ...client, allowedCallbackUrls, allowedWebOrigins }).slice(1)).toEqual([
    {
      property: "allowedCallbackUrls[2]",
      rule: "callback-origin-not-in-web-origins",
      url: "https://b.example.com/cb",
      reason:
        '"https://b.example.com/cb" has an origin that is not among the web origins: add "https://b.example.com" to allowedWebOrigins if its pages also start logins.',
    },
  ]);
});

test("callback URLs that follow from the login URL are compared with web origins set apart", () => {
  expect(advise({ allowedWebOrigins: [] })).toEqual(["applicationLoginUrl: callback-origin-not-in-web-origins"]);
});

test("twins with and without a trailing slash are a finding in URL lists", () => {
  const allowedLogoutUrls = [
    "https://app.example.com/bye",
    "https://APP.example.com:443/bye/",
    "https://app.example.com/bye?x",
  ];
  expect(adviseSpaOAuthClient({ ...client, allowedLogoutUrls })).toEqual([
    {
      property: "allowedLogoutUrls[1]",
      rule: "trailing-slash-twin",
      url: "https://APP.example.com:443/bye/",
      reason:
        '"https://APP.example.com:443/bye/" differs from "https://app.example.com/bye" in allowedLogoutUrls[0] only by a trailing slash: keep the one that the application sends.',
    },
  ]);
});

test.each([
  [89, []],
  [90, ["allowedLogoutUrls: near-limit"]],
  [100, ["allowedLogoutUrls: near-limit"]],
  [101, []],
])("a list of %i URLs is near the limit: %j", (length, found) => {
  const allowedLogoutUrls = Array.from({ length }, (_, i) => `https://app.example.com/bye/${i}`);
  expect(advise({ allowedLogoutUrls })).toEqual(found);
});

test("a URL that breaks a rule gets no advice as well", () => {
  expect(advise({ allowedOrigins: ["http://*.com", "http://localhost/"] })).toEqual([]);
});

test("unknown values are neither advised on nor missed", () => {
  expect(advise({ applicationLoginUrl: UNKNOWN, allowedCallbackUrls: ["https://a.example.com/cb"] })).toEqual([]);
  expect(advise({ allowedCallbackUrls: [UNKNOWN], allowedWebOrigins: UNKNOWN })).toEqual([]);
  expect(advise({ allowedWebOrigins: [UNKNOWN] })).toEqual([]);
  expect(advise({ allowedOrigins: [UNKNOWN, "http://localhost"] })).toEqual(["allowedOrigins[1]: loopback"]);
});

// Policy and exemptions

const wildcard = { ...client, allowedOrigins: ["https://*.example.com"] };
const exemption = { rule: "wildcard", url: "https://*.example.com", reason: "One host per customer" };
const rulesOf = ({ failures, advice, exempted }: ReturnType<typeof reviewOAuthClient>) => ({
  failures: failures.map(({ property, rule }) => `${property}: ${rule}`),
  advice: advice.map(({ property, rule }) => `${property}: ${rule}`),
  exempted: exempted.map(({ property, rule, exemption }) => `${property}: ${rule}: ${exemption}`),
});

test("the production policy turns a dangerous finding into a failure, which is no longer advice", () => {
  expect(checkSpaOAuthClient(wildcard, { policy: "production" })).toEqual([
    {
      property: "allowedOrigins[0]",
      rule: "wildcard",
      reason:
        '"https://*.example.com" has a wildcard, which CARTO advises against in production: list the hosts. The production policy refuses this unless "allow" exempts rule "wildcard" for "https://*.example.com", with a reason.',
    },
  ]);
  expect(adviseSpaOAuthClient(wildcard, { policy: "production" })).toEqual([]);
});

test("a client's own policy counts more than the provider's", () => {
  expect(checkSpaOAuthClient({ ...wildcard, policy: "standard" }, { policy: "production" })).toEqual([]);
  expect(checkSpaOAuthClient({ ...wildcard, policy: "production" }, { policy: "standard" })).toHaveLength(1);
  expect(checkSpaOAuthClient({ ...wildcard, policy: UNKNOWN }, { policy: "production" })).toHaveLength(1);
});

test("a login URL on a loopback host is one failure under the production policy", () => {
  const inputs = { ...client, applicationLoginUrl: "http://localhost:5173/" };
  expect(rulesOf(reviewOAuthClient("spa", inputs, { policy: "production" }))).toEqual({
    failures: ["applicationLoginUrl: loopback"],
    advice: [],
    exempted: [],
  });
});

test("an exemption lets its finding pass and keeps its reason, under either policy", () => {
  for (const policy of ["standard", "production"] as const) {
    expect(rulesOf(reviewOAuthClient("spa", { ...wildcard, allow: [exemption] }, { policy }))).toEqual({
      failures: [],
      advice: [],
      exempted: ["allowedOrigins[0]: wildcard: One host per customer"],
    });
  }
  expect(adviseSpaOAuthClient({ ...wildcard, allow: [exemption] })[0]?.exemption).toBe("One host per customer");
});

test("an exemption counts for its rule and its URL as declared, in every list", () => {
  const inputs = {
    ...client,
    allowedWebOrigins: ["https://*.example.com", "https://*.Example.com"],
    allowedOrigins: ["http://*.example.com", "https://*.example.com"],
    allow: [exemption],
  };
  expect(rulesOf(reviewOAuthClient("spa", inputs, { policy: "production" }))).toEqual({
    failures: ["allowedWebOrigins[1]: wildcard", "allowedOrigins[0]: wildcard", "allowedOrigins[0]: plain-http"],
    advice: [],
    exempted: [
      "allowedWebOrigins[0]: wildcard: One host per customer",
      "allowedOrigins[1]: wildcard: One host per customer",
    ],
  });
});

test("an exemption that exempts nothing is a finding", () => {
  expect(adviseSpaOAuthClient({ ...client, allow: [exemption] })).toEqual([
    {
      property: "allow[0]",
      rule: "unused-exemption",
      url: "https://*.example.com",
      reason:
        'allow[0] exempts nothing, because rule "wildcard" has no finding for "https://*.example.com": remove it, or write the URL exactly as declared.',
    },
  ]);
});

test("an exemption may belong to a URL that is not known yet", () => {
  expect(advise({ allow: [exemption], allowedOrigins: [UNKNOWN] })).toEqual([]);
  expect(advise({ allow: [exemption], applicationLoginUrl: UNKNOWN })).toEqual([]);
});

test("while an exemption is unknown, nobody says that a finding is not exempted", () => {
  for (const allow of [UNKNOWN, [UNKNOWN], [{ ...exemption, url: UNKNOWN }], [{ ...exemption, reason: UNKNOWN }]]) {
    expect(rulesOf(reviewOAuthClient("spa", { ...wildcard, allow }, { policy: "production" }))).toEqual({
      failures: [],
      advice: ["allowedOrigins[0]: wildcard"],
      exempted: [],
    });
  }
});

test("an exemption without a reason fails alone, and hides no other finding", () => {
  const inputs = {
    ...client,
    allowedOrigins: ["https://*.example.com", "http://localhost"],
    allow: [{ ...exemption, reason: "" }],
  };
  expect(rulesOf(reviewOAuthClient("spa", inputs, { policy: "production" }))).toEqual({
    failures: ["allow[0].reason: exemption", "allowedOrigins[1]: loopback"],
    advice: ["allowedOrigins[0]: wildcard"],
    exempted: [],
  });
});
