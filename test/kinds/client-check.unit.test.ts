import fc from "fast-check";
import { expect, test } from "vitest";
import { RULES } from "../../kinds/index.ts";
import { adviseM2mOAuthClient, checkM2mOAuthClient, checkSpaOAuthClient } from "../../kinds/oauth-client/check.ts";
import { defaultUrls } from "../../kinds/oauth-client/oauth-client.ts";
import { UNKNOWN } from "../../kinds/unknown.ts";

/** Set FUZZ_SEED to the seed in a failed test's title to run its cases again. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

const client = { name: "Field maps", applicationLoginUrl: "https://app.example.com/login" };
const reasons = (inputs: Record<string, unknown>) =>
  checkSpaOAuthClient({ ...client, ...inputs }).map((failure) => failure.reason);

const REASONS: [inputs: Record<string, unknown>, reason: string][] = [
  [{ name: undefined }, 'name is required, for example "Field maps".'],
  [{ name: 7 }, 'name is 7: write a string, for example "Field maps".'],
  [{ name: "" }, '"" is 0 characters long: write 1 to 255.'],
  [{ name: "<b>" }, '"<b>" contains "<" or ">": remove them.'],
  [
    { name: "é".repeat(256) },
    `"${"é".repeat(60)}…${"é".repeat(30)}" (256 characters) is 256 characters long: write 1 to 255.`,
  ],
  [{ applicationLoginUrl: null }, 'applicationLoginUrl is required, for example "https://app.example.com/login".'],
  [
    { applicationLoginUrl: ["https://app.example.com"] },
    'applicationLoginUrl is a list: write a string, for example "https://app.example.com/login".',
  ],
  [{ allowedOrigins: null }, "allowedOrigins is null: write a list of URLs, or omit it to use the default."],
  [
    { allowedCallbackUrls: "https://a.example.com/cb, https://b.example.com/cb,https://c.example.com/cb" },
    'allowedCallbackUrls is "https://a.example.com/cb, https://b.example.com/cb,https://c.example.com/cb": write a list, ["https://a.example.com/cb", "https://b.example.com/cb", …].',
  ],
  [
    { allowedCallbackUrls: "https://a.example.com/cb" },
    'allowedCallbackUrls is "https://a.example.com/cb": write a list, ["https://a.example.com/cb"].',
  ],
  [{ allowedCallbackUrls: [{}] }, "allowedCallbackUrls[0] is an object: write a URL."],
  [{ deletionProtection: "yes" }, 'deletionProtection is "yes": write true or false.'],
  [{ rotationTrigger: 2027 }, 'rotationTrigger is 2027: write a string, for example "2027-01".'],
  [{ policy: "prod" }, 'policy is "prod": write "standard" or "production".'],
  [{ allow: {} }, "allow is an object: write a list of { rule, url, reason }."],
  [{ callbacks: [] }, '"callbacks" is not a property: write "allowedCallbackUrls".'],
  [{ nmae: "" }, '"nmae" is not a property: write "name".'],
  [{ clientSecret: "" }, '"clientSecret" is an output, which CARTO sets: remove it.'],
  [{ allowedCallbackUrls: [""] }, '"" is not a URL: write "https://app.example.com/callback", or remove the element.'],
  [
    { allowedCallbackUrls: ["app.example.com/callback"] },
    '"app.example.com/callback" has no scheme: write "https://app.example.com/callback".',
  ],
  [
    { allowedCallbackUrls: ["localhost:3000/cb"] },
    '"localhost:3000/cb" has no scheme: write "http://localhost:3000/cb".',
  ],
  [
    { allowedCallbackUrls: ["/cb"] },
    '"/cb" is only a path: include the scheme and host, for example "https://app.example.com/callback".',
  ],
  [
    { allowedCallbackUrls: [" https://a.example.com/cb"] },
    '" https://a.example.com/cb" contains a space, a backslash or an invisible character, which is not valid in a URL: write "https://a.example.com/cb".',
  ],
  [
    { allowedCallbackUrls: ["https://a\u200b.example.com/cb"] },
    '"https://a\\u{200b}.example.com/cb" contains a space, a backslash or an invisible character, which is not valid in a URL: write "https://app.example.com/callback".',
  ],
  [
    { allowedCallbackUrls: ["https://a.example.com/cb,https://b.example.com/cb"] },
    '"https://a.example.com/cb,https://b.example.com/cb" contains several URLs in one string: make each one an element of the list.',
  ],
  [
    { allowedCallbackUrls: ["https://a.example.com/cb?ids=1,2"] },
    '"https://a.example.com/cb?ids=1,2" contains a comma, which CARTO uses to separate URLs: write %2C instead.',
  ],
  [
    { allowedCallbackUrls: ["com.example.app://callback"] },
    '"com.example.app://callback" has the scheme "com.example.app", but CARTO\'s wildcard rule 1 allows only http and https: write "https://app.example.com/callback".',
  ],
  [
    { allowedOrigins: ["https://*.co.uk"] },
    '"https://*.co.uk" has its "*" outside a subdomain, but CARTO\'s wildcard rule 2 requires one: put it under a domain you own, such as "https://*.example.co.uk".',
  ],
  [
    { allowedOrigins: ["https://sub.*.example.com"] },
    '"https://sub.*.example.com" has its "*" in label 2 of the host, but CARTO\'s wildcard rule 3 allows it only in the first: write the host "*.sub.example.com", or list the hosts one by one.',
  ],
  [
    { allowedOrigins: ["https://*.*.example.com"] },
    '"https://*.*.example.com" has more than one "*", but CARTO\'s wildcard rule 4 allows only one: keep the first and write out the others.',
  ],
  [
    { allowedOrigins: ["https://-*.example.com"] },
    '"https://-*.example.com" has "-*" as its wildcard label, but CARTO\'s wildcard rule 5 allows only letters, digits and inner hyphens around the "*": write a label such as "preview-*".',
  ],
  [
    { allowedCallbackUrls: ["https://app.example.com/*"] },
    '"https://app.example.com/*" has a "*" in its path, where CARTO takes it literally: list each path as a separate URL.',
  ],
  [
    { allowedOrigins: ["https://app.example.com:*"] },
    '"https://app.example.com:*" has a "*" in its port, where CARTO takes it literally: write scheme, host and port only.',
  ],
  [
    { applicationLoginUrl: "https://*.example.com/login" },
    '"https://*.example.com/login" contains a "*", but the login URL must be a single address: write one host, without a wildcard.',
  ],
  [
    { allowedCallbackUrls: ["https://user:hunter2@example.com/cb"] },
    '"https://(credentials)@example.com/cb" contains a user name or password, which no browser sends back: remove everything up to the "@".',
  ],
  [
    { allowedCallbackUrls: ["https://example.com/cb#done"] },
    '"https://example.com/cb#done" has a fragment, which never reaches CARTO: remove the "#" and everything after it.',
  ],
  [
    { allowedOrigins: ["https://Example.com:443/app"] },
    '"https://Example.com:443/app" is more than an origin: write "https://example.com".',
  ],
  [
    { allowedCallbackUrls: ["https://{tenant}.example.com/cb"] },
    '"https://{tenant}.example.com/cb" contains a placeholder, which CARTO would take literally: write the actual value, or use a wildcard subdomain.',
  ],
  [
    { allowedCallbackUrls: [`https://example.com/${"a".repeat(2100)}`] },
    `"https://example.com/${"a".repeat(40)}…${"a".repeat(30)}" (2,120 characters) is longer than 2,048 characters: shorten it.`,
  ],
  [
    { allowedCallbackUrls: ["https://a..b/cb"] },
    '"https://a..b/cb" has the host "a..b", which is neither a host name nor an IP address: write "https://app.example.com/callback".',
  ],
  [
    { allowedCallbackUrls: ["https://example.com:99999/cb"] },
    '"https://example.com:99999/cb" has the port "99999", which is not valid: write a number up to 65535, or remove the colon.',
  ],
  [{ allowedCallbackUrls: ["https://"] }, '"https://" has no host: write "https://app.example.com/callback".'],
  [
    { allowedCallbackUrls: ["https:example.com"] },
    '"https:example.com" is missing the two slashes after "https:": write "https://app.example.com/callback".',
  ],
  [
    { allowedCallbackUrls: ["https://example.com/<id>"] },
    '"https://example.com/<id>" contains "<", which is not valid in a URL: write %3C instead.',
  ],
  [
    { allowedLogoutUrls: Array(101).fill("https://example.com/bye") },
    "allowedLogoutUrls has 101 URLs, but CARTO allows 100 per list: remove some, or split the client.",
  ],
];

test.each(REASONS)("%j: %s", (inputs, reason) => {
  expect(reasons(inputs)).toEqual([reason]);
});

test.each([
  "https://user:hunter2@x.example.com/cb",
  "https:\\\\user:hunter2@x.example.com/cb",
  "ftp://hunter2@x.example.com",
])("a password is not repeated: %s", (url) => {
  const [reason] = reasons({ allowedCallbackUrls: [url] });
  expect(reason).toContain("(credentials)@x.example.com");
  expect(reason).not.toContain("hunter2");
});

test("good inputs have no failures, and Pulumi's own keys next to them are ignored", () => {
  const own = { __provider: "exports.handler = 1", __defaults: [], __key: "k", callbacks: undefined };
  expect(checkSpaOAuthClient({ ...client, allowedCallbackUrls: [], deletionProtection: false, ...own })).toEqual([]);
  expect(checkM2mOAuthClient({ name: "Tiles", rotationTrigger: "2027", policy: "production", ...own })).toEqual([]);
});

test("twelve mistakes on three clients are all found, each with its path", () => {
  const paths = [
    checkSpaOAuthClient({
      name: "<web>",
      applicationLoginUrl: "https://*.example.com",
      allowedCallbackUrls: ["https://ok.example.com/cb", "https://*.com/cb", "com.example.app://cb"],
      allowedWebOrigins: ["https://example.com/"],
      webOrigin: [],
    }),
    checkSpaOAuthClient({
      applicationLoginUrl: "example.com",
      allowedLogoutUrls: ["https://sub.*.example.com", "https://example.com/*", "https://example.com#x"],
    }),
    checkM2mOAuthClient({ name: "Tiles", applicationLoginUrl: "https://example.com" }),
  ].map((failures) => failures.map(({ property, rule }) => `${property}: ${rule}`));
  expect(paths).toEqual([
    [
      "name: name",
      "applicationLoginUrl: no-wildcard-in-login-url",
      "allowedCallbackUrls[1]: wildcard-in-subdomain",
      "allowedCallbackUrls[2]: http-or-https",
      "allowedWebOrigins[0]: origin-only",
      "webOrigin: unknown-property",
    ],
    [
      "name: required",
      "applicationLoginUrl: absolute-url",
      "allowedLogoutUrls[0]: wildcard-leftmost",
      "allowedLogoutUrls[1]: wildcard-only-in-host",
      "allowedLogoutUrls[2]: no-fragment",
    ],
    ["applicationLoginUrl: unknown-property"],
  ]);
});

test("a property of SPA clients on an M2M client is named as such", () => {
  expect(checkM2mOAuthClient({ name: "Tiles", allowedOrigins: [] })[0]?.reason).toBe(
    '"allowedOrigins" is a property of SPA OAuth clients, but this is an M2M OAuth client: remove it.',
  );
});

test.each([
  ["title", "name"],
  ["loginUri", "applicationLoginUrl"],
  ["initiate_login_uri", "applicationLoginUrl"],
  ["callback", "allowedCallbackUrls"],
  ["redirect_uris", "allowedCallbackUrls"],
  ["allowedCallbackURLs", "allowedCallbackUrls"],
  ["allowedCalbackUrls", "allowedCallbackUrls"],
  ["logout_urls", "allowedLogoutUrls"],
  ["allowedWebOrigin", "allowedWebOrigins"],
  ["web_origins", "allowedWebOrigins"],
  ["cors", "allowedOrigins"],
  ["allowed_origins", "allowedOrigins"],
  ["protect", "deletionProtection"],
])('for "%s", "%s" is suggested', (written, meant) => {
  expect(reasons({ [written]: [] })).toEqual([`"${written}" is not a property: write "${meant}".`]);
});

test("a name like no other gets the list of all properties", () => {
  expect(reasons({ constructor: 1 })).toEqual([
    '"constructor" is not a property: the properties are name, applicationLoginUrl, allowedCallbackUrls, allowedLogoutUrls, allowedWebOrigins, allowedOrigins, deletionProtection, rotationTrigger, policy, allow.',
  ]);
});

test("unknown values are skipped at any depth, and known values next to them are checked", () => {
  const inputs = {
    name: UNKNOWN,
    applicationLoginUrl: UNKNOWN,
    allowedCallbackUrls: UNKNOWN,
    allowedLogoutUrls: [UNKNOWN, "https://*.com", UNKNOWN],
    allowedOrigins: ["https://example.com/"],
    deletionProtection: UNKNOWN,
    policy: UNKNOWN,
    allow: [UNKNOWN, { rule: UNKNOWN, url: UNKNOWN, reason: UNKNOWN }, { rule: "wildcard", url: UNKNOWN, reason: "" }],
  };
  expect(checkSpaOAuthClient(inputs).map(({ property }) => property)).toEqual([
    "allowedLogoutUrls[1]",
    "allowedOrigins[0]",
    "allow[2].reason",
  ]);
  expect(checkSpaOAuthClient(UNKNOWN)).toEqual([]);
});

test("a caller says what unknown means to it", () => {
  const unknown = Symbol("unknown");
  const isUnknown = (value: unknown) => value === unknown;
  expect(checkSpaOAuthClient({ ...client, allowedOrigins: [unknown] }, { isUnknown })).toEqual([]);
  expect(checkSpaOAuthClient({ ...client, allowedOrigins: [unknown] })[0]?.reason).toBe(
    "allowedOrigins[0] is a symbol: write a URL.",
  );
});

test.each([
  [{ url: "https://x", reason: "y" }, "allow[0].rule", "allow[0].rule is required: write the rule of the finding."],
  [
    { rule: "wildcard", reason: "y" },
    "allow[0].url",
    "allow[0].url is required: write the URL of the finding, exactly as declared.",
  ],
  [
    { rule: "wildcard", url: "https://x" },
    "allow[0].reason",
    "allow[0].reason is required: write why the finding is acceptable here.",
  ],
  [
    { rule: "wildcard", url: "https://x", reason: " " },
    "allow[0].reason",
    'allow[0].reason is " ": write why the finding is acceptable here.',
  ],
  [
    { rule: "wildcards", url: "https://x", reason: "y" },
    "allow[0].rule",
    '"wildcards" is not a rule that can be exempted: write "wildcard".',
  ],
  [
    { rule: "origin-only", url: "https://x", reason: "y" },
    "allow[0].rule",
    '"origin-only" is not a rule that can be exempted: write one of wildcard, public-suffix-wildcard, plain-http, loopback, callback-origin-not-in-web-origins, login-url-not-in-callbacks, trailing-slash-twin.',
  ],
  [
    { rule: "wildcard", url: "https://x", reason: "y", until: "2027" },
    "allow[0].until",
    '"until" is not part of an exemption: write { rule, url, reason }.',
  ],
])("the exemption %j fails at %s", (exemption, property, reason) => {
  expect(checkSpaOAuthClient({ ...client, allow: [exemption] })).toEqual([{ property, reason, rule: "exemption" }]);
});

test("an exemption for an M2M client exempts nothing", () => {
  const allow = [{ rule: "wildcard", url: "https://*.example.com", reason: "One host per customer" }];
  expect(adviseM2mOAuthClient({ name: "Tiles", allow }).map(({ rule }) => rule)).toEqual(["unused-exemption"]);
});

test.each([
  [undefined, "nothing"],
  [null, "null"],
  ["client", '"client"'],
  [["a"], "a list"],
  [() => 1, "a function"],
])("inputs that are %j fail as a whole", (inputs, shown) => {
  const failure = { property: "", reason: `The inputs are ${shown}: write an object with a name.`, rule: "type" };
  expect(checkSpaOAuthClient(inputs)).toEqual([failure]);
  expect(checkM2mOAuthClient(inputs)).toEqual([failure]);
});

const junk = fc.anything({
  withBigInt: true,
  withNullPrototype: true,
  withSparseArray: true,
  withDate: true,
  maxDepth: 2,
});
const urlish = fc
  .array(
    fc.constantFrom(
      "https:",
      "//",
      "*",
      ".",
      "example",
      "com",
      ":",
      "8443",
      "/",
      "@",
      "#",
      "?",
      "[",
      "]",
      "{",
      "ü",
      " ",
      "xn--",
      ",",
    ),
    {
      maxLength: 9,
    },
  )
  .map((pieces) => pieces.join(""));
const value = fc.oneof(junk, urlish, fc.array(fc.oneof(junk, urlish), { maxLength: 3 }));
const property = fc.constantFrom(
  "name",
  "applicationLoginUrl",
  "allowedCallbackUrls",
  "allowedOrigins",
  "policy",
  "allow",
  "callbacks",
);

test(`junk of any shape is answered with failures of known rules, never with an exception (seed ${SEED})`, {
  timeout: 60_000,
}, () => {
  const known = new Set<string>(RULES.map(({ id }) => id));
  fc.assert(
    fc.property(fc.oneof(junk, fc.dictionary(fc.oneof(property, fc.string()), value)), (inputs) =>
      [checkSpaOAuthClient, checkM2mOAuthClient]
        .flatMap((check) => check(inputs, { policy: "production" }))
        .every(({ rule, reason }) => known.has(rule) && /^[^\p{Cc}]+\.$/u.test(reason)),
    ),
    { numRuns: 10_000, seed: SEED },
  );
});

test(`a login URL that passes is one that browsers parse to the same place (seed ${SEED})`, { timeout: 60_000 }, () => {
  let passed = 0;
  const login = urlish.map((text) => `https://${text}`);
  fc.assert(
    fc.property(login, (applicationLoginUrl) => {
      if (checkSpaOAuthClient({ ...client, applicationLoginUrl }).length > 0) return true;
      passed++;
      const derived = defaultUrls(applicationLoginUrl);
      return (
        checkSpaOAuthClient({ ...client, ...derived }).length === 0 && new URL(applicationLoginUrl).username === ""
      );
    }),
    { numRuns: 20_000, seed: SEED },
  );
  expect(passed).toBeGreaterThan(200);
});
