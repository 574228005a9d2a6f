import { expect, test } from "vitest";
import { reviewApiAccessToken } from "../../kinds/api-access-token/check.ts";
import { TOKEN_RULES } from "../../kinds/api-access-token/rules.ts";
import { UNKNOWN } from "../../kinds/unknown.ts";

const NOW = Date.parse("2026-12-01T00:00:00Z");
const TOKEN = {
  name: "Store map",
  grants: [{ connectionName: "carto_dw", source: "carto.demo.points" }],
  allowedApis: ["sql", "maps"],
  referers: ["https://app.example.com"],
  expirationDate: "2027-06-30T00:00:00Z",
};
type Inputs = Readonly<Record<string, unknown>>;

const review = (inputs: Inputs, policy: "standard" | "production" = "standard") =>
  reviewApiAccessToken({ ...TOKEN, ...inputs }, { policy, now: NOW });
const rulesOf = (inputs: Inputs, policy?: "production") => {
  const { failures, advice } = review(inputs, policy);
  return { failures: failures.map(({ rule }) => rule), advice: advice.map(({ rule }) => rule) };
};
const grant = (source: unknown) => ({ grants: [{ connectionName: "carto_dw", source }] });
const referer = (...referers: string[]) => ({ referers });

test("the example of all rules breaks none", () => {
  expect(review({})).toEqual({ failures: [], advice: [], exempted: [] });
});

test("every rule has an id of its own", () => {
  expect(new Set(TOKEN_RULES.map(({ id }) => id)).size).toBe(TOKEN_RULES.length);
});

const failing = TOKEN_RULES.filter(({ level }) => level === "failure");
const advising = TOKEN_RULES.filter(({ level }) => level === "advice");

test.each(failing)("$id: its example fails by this rule alone, and what to write instead passes", (rule) => {
  expect(rulesOf(rule.example).failures).toEqual([rule.id]);
  expect(rulesOf(rule.instead).failures).toEqual([]);
});

test.each(advising)("$id: its example is advised against, and what to write instead is not", (rule) => {
  expect(rulesOf(rule.example)).toEqual({ failures: [], advice: expect.arrayContaining([rule.id]) });
  expect(rulesOf(rule.instead).advice).not.toContain(rule.id);
});

test.each(advising)("$id: the production policy refuses its example if the table calls it dangerous", (rule) => {
  const { failures } = rulesOf(rule.example, "production");
  if ("dangerous" in rule) expect(failures).toContain(rule.id);
  else expect(failures).toEqual([]);
});

const GOOD_SOURCES = [
  "my-project.dataset.table",
  "dataset.table",
  "`my-project.dataset.table`",
  '"DB"."My schema"."Table"',
  "db.schema.tabelle_größe",
  "proj.dataset.events_2026$20260101",
  " carto.demo.points\n",
  "carto.shared.CARTO_*",
  "project.dataset.*",
  "*",
  "SELECT * FROM carto.demo.points",
  "select ';' as x from a.b.c",
  "SELECT 1;",
  "SELECT 'it''s; ok' FROM a.b.c",
  "SELECT 'it\\'s; ok' FROM a.b.c",
  'SELECT "a;b" FROM a.b.c',
  "SELECT `a;b` FROM `p-1.d.t`",
  "-- one; two\nSELECT 1",
  "# one; two\nSELECT 1",
  "/* ; drop table x; */ SELECT 1",
  "WITH x AS (SELECT 1) SELECT * FROM x",
  "(SELECT 1) UNION ALL (SELECT 2)",
  "FROM a.b.c |> WHERE x > 1",
  "SELECT replace(x, 'a', 'b'), updated FROM a.b.c",
  "SELECT r'\\' FROM a.b.c -- ;",
];
test.each(GOOD_SOURCES)("the source %j is good", (source) => {
  expect(review(grant(source)).failures).toEqual([]);
});

const BAD: [inputs: Inputs, property: string, rule: string, reason: string][] = [
  [{ name: undefined }, "name", "required", 'name is required, for example "Store map".'],
  [{ name: "a<b" }, "name", "name", '"a<b" contains "<" or ">": remove them.'],
  [{ name: "" }, "name", "name", '"" is 0 characters long: write 1 to 230.'],
  [{ grants: undefined }, "grants", "required", "grants is required: write a list of { connectionName, source }."],
  [{ grants: [] }, "grants", "at-least-one", "grants is empty: name at least one, for example carto_dw and a table."],
  [{ grants: "carto_dw" }, "grants", "type", 'grants is "carto_dw": write a list of { connectionName, source }.'],
  [{ grants: ["*"] }, "grants[0]", "type", 'grants[0] is "*": write { connectionName, source }.'],
  [
    { grants: [{ source: "a.b.c" }] },
    "grants[0].connectionName",
    "required",
    'grants[0].connectionName is required, for example "carto_dw".',
  ],
  [
    { grants: [{ connectionName: "carto_dw", source: "a.b.c", connection: "x" }] },
    "grants[0].connection",
    "unknown-property",
    '"connection" is not a property of a grant: write "connectionName".',
  ],
  [
    { grants: [{ connectionName: "carto_dw" }] },
    "grants[0].source",
    "source-required",
    'grants[0].source is required, because a grant without a source covers every table: name a table, or write "*" to grant everything.',
  ],
  [
    grant("points"),
    "grants[0].source",
    "source",
    '"points" is not a fully qualified table or tileset, SQL query, pattern or "*": write, for example, "my-project.dataset.points".',
  ],
  [
    grant("a..b"),
    "grants[0].source",
    "source",
    '"a..b" is not a fully qualified table or tileset, SQL query, pattern or "*": write, for example, "my-project.dataset.table".',
  ],
  [
    grant("my table.a.b"),
    "grants[0].source",
    "source",
    '"my table.a.b" is not a fully qualified table or tileset, SQL query, pattern or "*": write, for example, "my-project.dataset.table".',
  ],
  [
    grant("SELECT"),
    "grants[0].source",
    "source",
    '"SELECT" is not a fully qualified table or tileset, SQL query, pattern or "*": write, for example, "my-project.dataset.SELECT".',
  ],
  [
    grant("a.b.**"),
    "grants[0].source",
    "source",
    '"a.b.**" is not a fully qualified table or tileset, SQL query, pattern or "*": write, for example, "my-project.dataset.table".',
  ],
  [
    grant("carto.*"),
    "grants[0].source",
    "pattern-segments",
    '"carto.*" has fewer than two segments before its star: write, for example, "my-project.dataset.*".',
  ],
  [
    grant("carto.demo_*"),
    "grants[0].source",
    "pattern-segments",
    '"carto.demo_*" has fewer than two segments before its star: write, for example, "my-project.dataset.*".',
  ],
  [
    grant("points_*"),
    "grants[0].source",
    "pattern-segments",
    '"points_*" has fewer than two segments before its star: write, for example, "my-project.dataset.*".',
  ],
  [
    grant("SELECT 1; DROP TABLE x"),
    "grants[0].source",
    "single-statement",
    '"SELECT 1; DROP TABLE x" contains 2 statements: write a separate grant for each.',
  ],
  ...(
    [
      ["DROP TABLE a.b.c", "DROP"],
      ["insert into a.b.c select 1", "INSERT"],
      ["WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", "INSERT"],
      ["MERGE INTO x USING y ON true WHEN MATCHED THEN DELETE", "MERGE"],
      ["CREATE TEMP TABLE x AS SELECT 1", "CREATE"],
      ["TRUNCATE TABLE x", "TRUNCATE"],
      ["CALL f()", "CALL"],
      ["GRANT ALL ON x TO y", "GRANT"],
      ["EXPORT DATA OPTIONS() AS SELECT 1", "EXPORT"],
      ["EXECUTE IMMEDIATE 'drop table x'", "EXECUTE"],
      ["LOAD DATA INTO x", "LOAD"],
      ["/* hello */ UPDATE x SET a = 1", "UPDATE"],
      ["-- hello\nDELETE FROM x", "DELETE"],
    ] as const
  ).map(([sql, verb]): [Inputs, string, string, string] => [
    grant(sql),
    "grants[0].source",
    "read-only-sql",
    `${JSON.stringify(sql).replace("\\n", "\\n")} runs ${verb}, but a grant is only for reading: write a SELECT.`,
  ]),
  [
    { grants: [grant("a.b.c").grants[0], grant(" a.b.c ").grants[0]] },
    "grants[1]",
    "duplicate-grant",
    "grants[1] repeats grants[0]: remove one of them.",
  ],
  [
    { allowedApis: undefined },
    "allowedApis",
    "required",
    'allowedApis is required: write a list, for example ["sql", "maps"].',
  ],
  [{ allowedApis: [] }, "allowedApis", "at-least-one", 'allowedApis is empty: name at least one, for example "sql".'],
  [{ allowedApis: ["map"] }, "allowedApis[0]", "unknown-api", '"map" is not a CARTO API for tokens: write "maps".'],
  [{ allowedApis: ["SQL"] }, "allowedApis[0]", "unknown-api", '"SQL" is not a CARTO API for tokens: write "sql".'],
  [
    { allowedApis: ["geocoding"] },
    "allowedApis[0]",
    "unknown-api",
    '"geocoding" is not a CARTO API for tokens: write one of sql, maps, imports, lds.',
  ],
  [
    { allowedApis: ["imports", "maps"], referers: [] },
    "allowedApis",
    "imports-alone",
    'allowedApis combines "imports" with other APIs, which CARTO refuses: declare a separate token for it.',
  ],
  [
    referer("https://app.example.com/"),
    "referers[0]",
    "referer-origin-only",
    '"https://app.example.com/" has a trailing slash, which never matches what a browser sends, so every map tile silently fails with a 403: write "https://app.example.com".',
  ],
  [
    referer("https://app.example.com/map?x#y"),
    "referers[0]",
    "referer-origin-only",
    '"https://app.example.com/map?x#y" has more than an origin, which never matches what a browser sends, so every map tile silently fails with a 403: write "https://app.example.com".',
  ],
  [
    referer("app.example.com"),
    "referers[0]",
    "referer",
    '"app.example.com" is not an http or https origin: write the scheme, host and port, for example "https://app.example.com".',
  ],
  [
    referer("ftp://app.example.com"),
    "referers[0]",
    "referer",
    '"ftp://app.example.com" is not an http or https origin: write the scheme, host and port, for example "https://app.example.com".',
  ],
  [
    referer("null"),
    "referers[0]",
    "referer",
    '"null" is not an http or https origin: write the scheme, host and port, for example "https://null".',
  ],
  [
    referer("https://u:p@app.example.com"),
    "referers[0]",
    "referer",
    '"https://(credentials)@app.example.com" contains a user name or password: remove everything up to the "@".',
  ],
  [
    referer("https://*.example.com"),
    "referers[0]",
    "referer-wildcard",
    '"https://*.example.com" contains a "*", but CARTO documents no wildcard for referers: list every origin.',
  ],
  [
    referer("*"),
    "referers[0]",
    "referer-wildcard",
    '"*" contains a "*", but CARTO documents no wildcard for referers: list every origin.',
  ],
  [
    { referers: "https://a.example.com" },
    "referers",
    "type",
    'referers is "https://a.example.com": write a list, for example ["https://app.example.com"].',
  ],
  ...["2027-06-30T00:00:00", "2027-02-30T00:00:00Z", "2027-06-30T24:00:00Z", "tomorrow", "1893456000"].map(
    (expirationDate): [Inputs, string, string, string] => [
      { expirationDate },
      "expirationDate",
      "expiration-date",
      `"${expirationDate}" is not a date and time with offset (RFC 3339): write, for example, "2027-06-30T00:00:00Z".`,
    ],
  ),
  [
    { expirationDate: "2028-06-30" },
    "expirationDate",
    "expiration-date",
    '"2028-06-30" is not a date and time with offset (RFC 3339): write, for example, "2028-06-30T00:00:00Z".',
  ],
  [
    { expirationDate: "2026-12-01T01:00:00+01:00" },
    "expirationDate",
    "expired",
    '"2026-12-01T01:00:00+01:00" is in the past: write a later date, which replaces the token.',
  ],
  [
    { expiration_date: "x" },
    "expiration_date",
    "unknown-property",
    '"expiration_date" is not a property: write "expirationDate".',
  ],
  [{ token: "x" }, "token", "unknown-property", '"token" is an output, which CARTO sets: remove it.'],
  [
    { allow: [{ rule: "every-tabel", reason: "x" }] },
    "allow[0].rule",
    "exemption",
    '"every-tabel" is not a rule that can be exempted: write "every-table".',
  ],
  [
    { allow: [{ rule: "no-expiration" }] },
    "allow[0].reason",
    "exemption",
    "allow[0].reason is required: write why the finding is acceptable here.",
  ],
];
test.each(BAD)("%j is refused at %s by rule %s", (inputs, property, rule, reason) => {
  expect(review(inputs).failures).toEqual([{ property, rule, reason }]);
});

const ADVISED: [inputs: Inputs, findings: object[]][] = [
  [
    grant("*"),
    [
      {
        property: "grants[0].source",
        rule: "every-table",
        url: "*",
        reason:
          '"*": anyone who opens a page of https://app.example.com can read every table of carto_dw. List the tables.',
      },
    ],
  ],
  [
    { ...grant("carto.demo.*"), ...referer("https://a.example.com", "https://b.example.com") },
    [
      {
        property: "grants[0].source",
        rule: "every-table-of-dataset",
        url: "carto.demo.*",
        reason:
          '"carto.demo.*": anyone who opens a page of https://a.example.com or 1 more can read every table of carto.demo in carto_dw. List the tables.',
      },
    ],
  ],
  [
    { ...grant("*"), allowedApis: ["imports"], referers: [] },
    [
      {
        property: "grants[0].source",
        rule: "every-table",
        url: "*",
        reason: '"*": anyone who has the token can import into everything that "*" reaches. List the tables.',
      },
      {
        property: "referers",
        rule: "any-website",
        reason: "Without referers, any website can use the token: list the origins of your pages.",
      },
    ],
  ],
  [
    { referers: undefined },
    [
      {
        property: "referers",
        rule: "any-website",
        reason: "Without referers, any website can read carto.demo.points of carto_dw: list the origins of your pages.",
      },
    ],
  ],
  [
    referer("http://localhost:5173"),
    [
      {
        property: "referers[0]",
        rule: "localhost-referer",
        url: "http://localhost:5173",
        reason: '"http://localhost:5173" is each visitor\'s own machine: declare a separate token for development.',
      },
    ],
  ],
  [
    referer("https://App.example.com:443"),
    [
      {
        property: "referers[0]",
        rule: "referer-as-sent",
        url: "https://App.example.com:443",
        reason:
          '"https://App.example.com:443" is not what a browser sends, and may never match: write "https://app.example.com".',
      },
    ],
  ],
  [
    { expirationDate: undefined },
    [
      {
        property: "expirationDate",
        rule: "no-expiration",
        reason: "The token never expires: write an expirationDate within a year.",
      },
    ],
  ],
  [
    { expirationDate: "2027-12-03T00:00:00Z" },
    [
      {
        property: "expirationDate",
        rule: "long-lived",
        reason: "The token works for more than a year: write an earlier expirationDate.",
      },
    ],
  ],
  ...(
    [
      ["2026-12-30T23:59:59Z", "in 29 days"],
      ["2026-12-02T12:00:00Z", "in 1 day"],
      ["2026-12-01T00:00:01Z", "within a day"],
    ] as const
  ).map(([expirationDate, when]): [Inputs, object[]] => [
    { expirationDate },
    [
      {
        property: "expirationDate",
        rule: "expires-soon",
        reason: `The token expires ${when}: write a later expirationDate, which replaces the token.`,
      },
    ],
  ]),
  [{ expirationDate: "2026-12-31T00:00:00Z" }, []],
  [
    { allowedApis: ["sql", "lds"] },
    [
      {
        property: "allowedApis[1]",
        rule: "api-in-page",
        url: "lds",
        reason:
          '"lds" is allowed for pages, so anyone who opens a page of https://app.example.com can use LDS, at your expense: have a server do that with a separate token.',
      },
    ],
  ],
  [grant("SELECT * FROM carto.demo.points"), []],
  [grant("carto.shared.CARTO_*"), []],
];
test.each(ADVISED)("the advice on %j says what happens", (inputs, findings) => {
  expect(review(inputs)).toEqual({ failures: [], advice: findings, exempted: [] });
});

test("an exemption names the rule, the value where the finding has one, and a reason", () => {
  const allow = [
    { rule: "every-table", value: "*", reason: "A connection of its own, public data only" },
    { rule: "no-expiration", reason: "Printed on a poster" },
  ];
  const { failures, advice, exempted } = review({ ...grant("*"), expirationDate: undefined, allow }, "production");
  expect(failures).toEqual([]);
  expect(advice).toEqual([]);
  expect(exempted.map(({ rule, exemption }) => [rule, exemption])).toEqual([
    ["every-table", "A connection of its own, public data only"],
    ["no-expiration", "Printed on a poster"],
  ]);
});

test("the production policy says how to exempt what it refuses", () => {
  expect(review(grant("*"), "production").failures).toEqual([
    {
      property: "grants[0].source",
      rule: "every-table",
      reason:
        '"*": anyone who opens a page of https://app.example.com can read every table of carto_dw. List the tables. The production policy refuses this unless "allow" exempts rule "every-table" for "*", with a reason.',
    },
  ]);
});

test("an exemption of nothing is advised against", () => {
  expect(review({ allow: [{ rule: "every-table", value: "*", reason: "x" }] }).advice).toEqual([
    {
      property: "allow[0]",
      rule: "unused-exemption",
      url: "*",
      reason:
        'allow[0] exempts nothing, because rule "every-table" has no finding for "*": remove it, or write the value exactly as declared.',
    },
  ]);
});

test("what is not known yet is skipped at any depth", () => {
  const unknowns = [
    {
      name: UNKNOWN,
      grants: UNKNOWN,
      allowedApis: UNKNOWN,
      referers: UNKNOWN,
      expirationDate: UNKNOWN,
      allow: UNKNOWN,
    },
    { grants: [UNKNOWN], allowedApis: [UNKNOWN], referers: [UNKNOWN], allow: [UNKNOWN] },
    { grants: [{ connectionName: UNKNOWN, source: UNKNOWN }] },
    {
      grants: [
        { connectionName: UNKNOWN, source: "a.b.c" },
        { connectionName: UNKNOWN, source: "a.b.c" },
      ],
    },
  ];
  for (const inputs of unknowns)
    expect(review(inputs, "production")).toEqual({ failures: [], advice: [], exempted: [] });
  expect(reviewApiAccessToken(UNKNOWN).failures).toEqual([]);
  expect(reviewApiAccessToken(7).failures[0]?.reason).toBe(
    "The inputs are 7: write an object with a name, grants and allowedApis.",
  );
});

test("without a clock nothing is said about time", () => {
  const at = (expirationDate: string) => reviewApiAccessToken({ ...TOKEN, expirationDate }, { now: "any" });
  expect(at("2001-01-01T00:00:00Z")).toEqual({ failures: [], advice: [], exempted: [] });
  expect(at("2999-01-01T00:00:00Z")).toEqual({ failures: [], advice: [], exempted: [] });
});
