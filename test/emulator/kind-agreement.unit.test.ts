import fc from "fast-check";
import { expect, test } from "vitest";
import { checkNewApplication } from "../../emulator/api/application-validation.ts";
import { checkNewToken } from "../../emulator/api/token-validation.ts";
import { checkApiAccessToken } from "../../kinds/api-access-token/check.ts";
import { checkApplication } from "../../kinds/application/check.ts";

/** Set FUZZ_SEED to the seed in a failed test's title to run its cases again. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const NOW = Date.parse("2027-01-01T00:00:00Z");
const GROUPS = ["Analysts", "Field team"];

/** What the rules refuse although CARTO, as far as anybody knows, takes it. */
const TOKEN_RULES_OF_OURS = new Set([
  ...["name", "duplicate-grant", "source", "source-required", "single-statement", "read-only-sql"],
  ...["referer", "referer-origin-only", "referer-wildcard"],
]);
const APPLICATION_RULES_OF_OURS = new Set(["thumbnail-image", "thumbnail-data"]);

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom("", " ", "a<b", "x".repeat(230), "x".repeat(231), "🗺️".repeat(90), "*", "Map"),
);
const mostly = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 8, arbitrary: good as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: bad });
const source = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("a.b.c", " a.b.c ", "*", "a.b.*", "SELECT * FROM a.b.c", "a.b.c_*") },
  { weight: 1, arbitrary: fc.constantFrom("a.*", "*.b.c", "a..*", "table", "DROP TABLE a.b.c", "SELECT 1; SELECT 2") },
  { weight: 1, arbitrary: text },
);
const tokens = fc.record(
  {
    name: mostly(fc.constantFrom("Map", "Store map"), fc.oneof(text, fc.jsonValue())),
    grants: mostly(
      fc.array(mostly(fc.record({ connectionName: fc.constantFrom("carto_dw", "pg"), source }), fc.jsonValue()), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.oneof(fc.constant([]), fc.jsonValue()),
    ),
    allowedApis: mostly(
      fc.subarray(["sql", "maps", "lds", "imports"], { minLength: 1 }),
      fc.oneof(fc.constantFrom([], ["sql", "sql"], ["SQL"], ["imports", "sql"]), fc.jsonValue()),
    ),
    referers: mostly(
      fc.array(fc.constantFrom("https://a.example.com", "https://b.example.com:8443", "http://localhost:5173")),
      fc.oneof(
        fc.array(fc.constantFrom("https://a.example.com/", "a.example.com", "https://*.a.com", "")),
        fc.jsonValue(),
      ),
    ),
    expirationDate: mostly(
      fc.constantFrom("2027-06-30T00:00:00Z", "2027-12-31t23:59:59.123+02:00"),
      fc.oneof(
        fc.constantFrom("2026-01-01T00:00:00Z", "2027-02-30T00:00:00Z", "2027-06-30", "2027-06-30T24:00:00Z"),
        text,
      ),
    ),
  },
  // CARTO makes up a name for a token that has none.
  { requiredKeys: ["name"] },
);

/** As the provider sends it. */
function tokenBody({ name, grants, allowedApis, referers = [], expirationDate }: Record<string, unknown>): string {
  const wire = Array.isArray(grants)
    ? grants.map((grant) => {
        if (typeof grant !== "object" || grant === null || !("connectionName" in grant)) return grant;
        const { connectionName, source, ...others } = grant as Record<string, unknown>;
        const trimmed = typeof source === "string" ? source.trim() : source;
        return { connection_name: connectionName, source: trimmed, ...others };
      })
    : grants;
  const apis = Array.isArray(allowedApis) ? [...new Set(allowedApis)] : allowedApis;
  return JSON.stringify({ name, grants: wire, allowed_apis: apis, referers, expiration_date: expirationDate });
}

test(`whatever the rules of tokens let pass, the emulator takes; what only the rules refuse, they refuse by a rule of ours (seed ${SEED})`, () => {
  const met = { both: 0, neither: 0 };
  fc.assert(
    fc.property(tokens, (inputs) => {
      const failures = checkApiAccessToken(inputs, { now: NOW });
      const taken = !("issues" in checkNewToken(tokenBody(inputs), NOW));
      if (failures.length === 0) {
        met.both += 1;
        expect(taken, JSON.stringify(inputs)).toBe(true);
      } else if (taken) {
        const others = failures.filter(({ rule }) => !TOKEN_RULES_OF_OURS.has(rule));
        expect(others, JSON.stringify(inputs)).toEqual([]);
      } else met.neither += 1;
    }),
    { numRuns: 3_000, seed: SEED },
  );
  expect(met.both).toBeGreaterThan(50);
  expect(met.neither).toBeGreaterThan(50);
});

const url = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom("https://a.example.com/", "http://localhost:5173", "https://a.example.com/x.png"),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[
        "https://*.example.com/",
        "ftp://a.example.com",
        "a.example.com",
        "https://a,b.example.com/",
        "http://a.com/a.png",
      ],
      ...[
        "https://a.example.com/a.html",
        "data:image/png;base64,AAAA",
        "https://a.example.com/#x",
        "https://a.example.com/a.svg",
      ],
    ),
  },
  { weight: 1, arbitrary: text },
);
const applications = fc.record(
  {
    name: mostly(
      fc.constantFrom("Field maps", "x".repeat(255)),
      fc.oneof(text, fc.constant("x".repeat(256)), fc.jsonValue()),
    ),
    description: mostly(
      fc.constantFrom("", "Short", "x".repeat(500)),
      fc.oneof(fc.constant("x".repeat(501)), fc.jsonValue()),
    ),
    appUrl: mostly(url, fc.jsonValue()),
    thumbnailUrl: mostly(fc.oneof(url, fc.constant("")), fc.jsonValue()),
    sharing: mostly(
      fc.oneof(
        fc.constantFrom<unknown>("private", "organization"),
        fc.subarray(GROUPS, { minLength: 1 }).map((groups) => ({ groups })),
      ),
      fc.oneof(
        fc.constantFrom<unknown>(
          "groups",
          { groups: [] },
          { groups: ["Analysts", "Analysts"] },
          { groups: ["Analysts"], scope: 1 },
        ),
        fc.jsonValue(),
      ),
    ),
    pinnedToHome: mostly(fc.boolean(), fc.jsonValue()),
  },
  { requiredKeys: [] },
);

/** As the provider sends it. */
function applicationBody(inputs: Record<string, unknown>): string {
  const { name, description, appUrl, thumbnailUrl, sharing = "organization", pinnedToHome } = inputs;
  const isGroups = typeof sharing === "object" && sharing !== null && "groups" in sharing;
  const wire = isGroups ? { scope: "groups", ...sharing } : { scope: sharing };
  return JSON.stringify({
    ...{ name, app_url: appUrl, sharing: wire, pinned: pinnedToHome },
    ...(description !== "" && { description }),
    ...(thumbnailUrl !== "" && { thumbnail_url: thumbnailUrl }),
  });
}

test(`whatever the rules of applications let pass, the emulator takes; what only the rules refuse, they refuse by a rule of ours (seed ${SEED})`, () => {
  const met = { both: 0, neither: 0 };
  fc.assert(
    fc.property(applications, (inputs) => {
      const failures = checkApplication(inputs);
      const answer = checkNewApplication(applicationBody(inputs), GROUPS);
      if (failures.length === 0) {
        met.both += 1;
        expect(answer, JSON.stringify(inputs)).toHaveProperty("value");
      } else if ("value" in answer) {
        const others = failures.filter(({ rule }) => !APPLICATION_RULES_OF_OURS.has(rule));
        expect(others, JSON.stringify(inputs)).toEqual([]);
      } else met.neither += 1;
    }),
    { numRuns: 3_000, seed: SEED },
  );
  expect(met.both).toBeGreaterThan(50);
  expect(met.neither).toBeGreaterThan(50);
});

test(`no input, of whatever shape, makes the checks throw (seed ${SEED})`, () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), tokens, applications), (inputs) => {
      for (const check of [checkApiAccessToken, checkApplication]) {
        for (const { property, reason, rule } of check(inputs))
          expect([typeof property, reason !== "", rule !== ""]).toEqual(["string", true, true]);
      }
    }),
    { numRuns: 2_000, seed: SEED },
  );
});
