import type { Rule } from "../rule.ts";

const grant = (source: string, connectionName = "carto_dw") => ({ connectionName, source });
const grants = (...sources: string[]) => ({ grants: sources.map((source) => grant(source)) });
const referers = (...list: string[]) => ({ referers: list });

/**
 * The rules of API Access Tokens: laid over a token that reads one table through SQL and Maps from one website until 2027-06-30, on
 * 2026-12-01, `example` breaks this rule and no other that refuses, `instead` does not.
 */
export const TOKEN_RULES = [
  {
    id: "at-least-one",
    level: "failure",
    why: "A token that grants nothing, or may call no API, is refused by CARTO.",
    fix: "Name at least one grant and one API.",
    example: { allowedApis: [] },
    instead: { allowedApis: ["sql"] },
  },
  {
    id: "unknown-api",
    level: "failure",
    why: "CARTO's APIs for tokens are `sql`, `maps`, `imports` and `lds`.",
    fix: "Write the name that the reason suggests.",
    example: { allowedApis: ["sql", "map"] },
    instead: { allowedApis: ["sql", "maps"] },
  },
  {
    id: "imports-alone",
    level: "failure",
    why: "`imports` writes, and its grants mean something else, so CARTO does not combine it with other APIs.",
    fix: "Declare a token of its own for imports.",
    example: { allowedApis: ["imports", "sql"], referers: [] },
    instead: { allowedApis: ["sql"], referers: [] },
  },
  {
    id: "source-required",
    level: "failure",
    why: "CARTO takes a grant without source for every table that the connection reaches.",
    fix: 'Name the source; if you do want everything, write "*".',
    example: { grants: [{ connectionName: "carto_dw" }] },
    instead: grants("carto.demo.points"),
  },
  {
    id: "source",
    level: "failure",
    why: "A source is a fully qualified table or tileset, a SQL query, a pattern, or `*`; anything else grants nothing.",
    fix: "Qualify the table with its project (or database) and dataset (or schema).",
    example: grants("points"),
    instead: grants("carto.demo.points"),
  },
  {
    id: "pattern-segments",
    level: "failure",
    why: "A pattern has at least two dot-separated segments before its star.",
    fix: "Write one pattern for each dataset.",
    example: grants("carto.*"),
    instead: grants("carto.demo.POINTS_*"),
  },
  {
    id: "single-statement",
    level: "failure",
    why: "A grant covers one query. Several statements are none.",
    fix: "Write one grant for each query.",
    example: grants("SELECT 1; SELECT 2"),
    instead: grants("SELECT 1", "SELECT 2"),
  },
  {
    id: "read-only-sql",
    level: "failure",
    why: "A grant is for reading. A statement that writes, or that runs others, is refused or does harm.",
    fix: "Write a SELECT.",
    example: grants("DELETE FROM carto.demo.points"),
    instead: grants("SELECT * FROM carto.demo.points"),
  },
  {
    id: "duplicate-grant",
    level: "failure",
    why: "Two grants of one connection have the same source: one of them was meant to be another.",
    fix: "Remove one.",
    example: grants("carto.demo.points", "carto.demo.points"),
    instead: grants("carto.demo.points", "carto.demo.lines"),
  },
  {
    id: "referer",
    level: "failure",
    why: "A referer is the origin of a website: scheme, host and port.",
    fix: "Write the origin as the browser's address bar shows it.",
    example: referers("app.example.com"),
    instead: referers("https://app.example.com"),
  },
  {
    id: "referer-origin-only",
    level: "failure",
    why: "A browser sends the origin alone. With a trailing slash or a path the entry never matches: each map tile is a silent 403.",
    fix: "Drop the path, even a trailing slash.",
    example: referers("https://app.example.com/"),
    instead: referers("https://app.example.com"),
  },
  {
    id: "referer-wildcard",
    level: "failure",
    why: "CARTO documents no wildcard for referers.",
    fix: "List every origin.",
    example: referers("https://*.example.com"),
    instead: referers("https://a.example.com", "https://b.example.com"),
  },
  {
    id: "expiration-date",
    level: "failure",
    why: "An expiration is a date and time with offset (RFC 3339).",
    fix: "Write date, time and offset.",
    example: { expirationDate: "2027-06-30" },
    instead: { expirationDate: "2027-06-30T00:00:00Z" },
  },
  {
    id: "expired",
    level: "failure",
    why: "CARTO refuses a token that has expired.",
    fix: "Write a later date. It replaces the token, since CARTO sets the date at creation only.",
    example: { expirationDate: "2026-06-30T00:00:00Z" },
    instead: { expirationDate: "2027-06-30T00:00:00Z" },
  },
  {
    id: "every-table",
    level: "advice",
    dangerous: true,
    why: "`*` is everything that the connection reaches, now and later. CARTO: avoid it in public applications.",
    fix: "List the tables, or exempt it with a reason.",
    example: grants("*"),
    instead: grants("carto.demo.points"),
  },
  {
    id: "every-table-of-dataset",
    level: "advice",
    dangerous: true,
    why: "A pattern that is a star alone after its dataset grants every table there, now and later.",
    fix: "List the tables, or give the pattern a prefix.",
    example: grants("carto.demo.*"),
    instead: grants("carto.demo.POINTS_*"),
  },
  {
    id: "any-website",
    level: "advice",
    dangerous: true,
    why: "Without referers any website may use the token once it is known, and a browser shows it to everyone.",
    fix: "List the origins of the pages that use it.",
    example: referers(),
    instead: referers("https://app.example.com"),
  },
  {
    id: "localhost-referer",
    level: "advice",
    dangerous: true,
    why: "It is each visitor's own machine: any page there may use the token.",
    fix: "Declare a token of its own for development.",
    example: referers("http://localhost:5173"),
    instead: referers("https://app.example.com"),
  },
  {
    id: "referer-as-sent",
    level: "advice",
    why: "A browser sends an origin in lower case and without a default port. Whether CARTO compares anything but the text is not documented.",
    fix: "Write it as a browser sends it.",
    example: referers("https://App.example.com:443"),
    instead: referers("https://app.example.com"),
  },
  {
    id: "no-expiration",
    level: "advice",
    dangerous: true,
    why: "The token never expires, so one that leaks works until somebody deletes it.",
    fix: "Write a date within a year.",
    example: { expirationDate: undefined },
    instead: { expirationDate: "2027-06-30T00:00:00Z" },
  },
  {
    id: "expires-soon",
    level: "advice",
    why: "The token expires within 30 days, and whoever uses it is refused from then on. `check --exit-code` and `doctor --exit-code` exit with 4.",
    fix: "Write a later date. It replaces the token: dependents take the new one, then the old one is deleted.",
    example: { expirationDate: "2026-12-24T00:00:00Z" },
    instead: { expirationDate: "2027-06-30T00:00:00Z" },
  },
  {
    id: "long-lived",
    level: "advice",
    dangerous: true,
    why: "A token that leaks works for more than a year.",
    fix: "Write a date within a year.",
    example: { expirationDate: "2030-01-01T00:00:00Z" },
    instead: { expirationDate: "2027-06-30T00:00:00Z" },
  },
  {
    id: "api-in-page",
    level: "advice",
    dangerous: true,
    why: "A token with referers is in a page, so everyone can read it. CARTO: never `imports` or `lds` in a public page.",
    fix: "Have a server use a token of its own for that API.",
    example: { allowedApis: ["sql", "lds"] },
    instead: { allowedApis: ["sql", "maps"] },
  },
] as const satisfies readonly Rule[];

/** Rules that only tokens have, and those that all kinds share. */
export type TokenRuleId =
  | (typeof TOKEN_RULES)[number]["id"]
  | "required"
  | "type"
  | "unknown-property"
  | "name"
  | "excuse"
  | "unused-excuse";
