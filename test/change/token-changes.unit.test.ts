import { expect, test } from "vitest";
import { compareClientVersions } from "../../change/compare.ts";
import { lostReachSentence } from "../../change/reach.ts";

const TOKEN = {
  name: "Map",
  grants: [{ connectionName: "carto_dw", source: "carto.demo.points" }],
  allowedApis: ["sql"],
  referers: ["https://app.example.com"],
};
const compare = (older: object | undefined, newer: object | undefined) => {
  const version = (inputs: object | undefined) =>
    inputs && { logicalName: "map", kind: "api-access-token" as const, inputs: { ...TOKEN, ...inputs } };
  const { action, values, exposures } = compareClientVersions("prod", version(older), version(newer));
  return { action, values, exposures: exposures.map(({ rule, property, reason }) => [rule, property, reason]) };
};
const grants = (...sources: string[]) => ({
  grants: sources.map((source) => ({ connectionName: "carto_dw", source })),
});

test("a new token is exposure, with who can read what", () => {
  expect(compare(undefined, { referers: [], allowedApis: ["sql", "maps"] })).toMatchObject({
    action: "create",
    exposures: [
      [
        "token-reaches-more",
        "grants[0].source",
        "any website can now read carto.demo.points of carto_dw through SQL and Maps",
      ],
    ],
  });
});

test.each([
  ["a grant", grants("carto.demo.points", "carto.demo.lines"), "read carto.demo.lines of carto_dw through SQL"],
  ["everything", grants("*"), "read every table of carto_dw through SQL"],
  ["a dataset", grants("carto.demo.*"), "read every table of carto.demo in carto_dw through SQL"],
  ["an API", { allowedApis: ["sql", "maps"] }, "read carto.demo.points of carto_dw through SQL and Maps"],
  ["an API of its own", { allowedApis: ["sql", "lds"] }, "use LDS"],
])("%s that is added is exposure", (_what, change, power) => {
  const { action, exposures } = compare({}, change);
  expect(action).toBe("update");
  expect(exposures.map(([, , reason]) => reason)).toEqual([
    `anyone who opens a page of app.example.com can now ${power}`,
  ]);
});

test("a referer that is added, and referers that are taken away, are exposure", () => {
  const more = compare({}, { referers: ["https://app.example.com", "https://b.example.com"] });
  expect(more.exposures.map(([, , reason]) => reason)).toEqual([
    "anyone who opens a page of b.example.com can now read carto.demo.points of carto_dw through SQL",
  ]);
  expect(more.values).toEqual([{ label: "Referers", added: ["https://b.example.com"], removed: [] }]);
  expect(compare({}, { referers: [] }).exposures.map(([, , reason]) => reason)).toEqual([
    "any website can now read carto.demo.points of carto_dw through SQL",
  ]);
});

test.each([
  ["a narrower source", grants("*"), {}],
  ["a table of a granted dataset", grants("carto.demo.*"), {}],
  ["fewer APIs", { allowedApis: ["sql", "maps"] }, {}],
  ["a first referer", { referers: [] }, {}],
  ["a grant that goes", grants("carto.demo.points", "carto.demo.lines"), {}],
])("%s is a change, but not an exposure", (_what, older, newer) => {
  const { action, values, exposures } = compare(older, newer);
  expect([action, values.length, exposures]).toEqual(["update", 1, []]);
});

test("what is removed may break pages: a grant, an API, a referer, or the permission for any website", () => {
  const lost = (older: object, newer: object) => {
    const version = (inputs: object) => ({
      logicalName: "map",
      kind: "api-access-token" as const,
      inputs: { ...TOKEN, ...inputs },
    });
    return compareClientVersions("prod", version(older), version(newer)).lostReach.map(lostReachSentence);
  };
  const page = "anyone who opens a page of app.example.com can no longer";
  expect(lost(grants("carto.demo.points", "carto.demo.lines"), {})).toEqual([
    `${page} read carto.demo.lines of carto_dw through SQL: this may break pages`,
  ]);
  expect(lost({ allowedApis: ["sql", "lds"] }, {})).toEqual([`${page} use LDS: this may break pages`]);
  expect(lost({ referers: ["https://app.example.com", "https://b.example.com"] }, {})).toEqual([
    "anyone who opens a page of b.example.com can no longer read carto.demo.points of carto_dw through SQL: this may break pages",
  ]);
  expect(lost({ referers: [] }, {})).toEqual([
    "any website can no longer read carto.demo.points of carto_dw through SQL: this may break pages",
  ]);
  // What is allowed more broadly is not lost.
  expect(lost({}, { ...grants("carto.demo.*"), referers: [] })).toEqual([]);
  expect(lost({}, { allowedApis: ["sql", "maps"] })).toEqual([]);
});

test("another order, or space around SQL, is not a change", () => {
  const change = compare(grants("SELECT 1", "a.b.c"), grants("a.b.c", " SELECT 1\n"));
  expect(change).toEqual({ action: "same", values: [], exposures: [] });
});

test("another expiration date is shown", () => {
  const dates = ["2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"];
  expect(compare({ expirationDate: dates[0] }, { expirationDate: dates[1] })).toMatchObject({
    action: "replace",
    values: [{ label: "Expiration date", added: [dates[1]], removed: [dates[0]] }],
  });
});

test("an exemption of another value is a new exemption, named by its value or by the rule alone", () => {
  const allow = (value: string) => ({ allow: [{ rule: "every-table", value, reason: "Public data" }] });
  expect(compare(allow("carto.demo.*"), allow("*")).exposures).toEqual([
    ["control-weakened", "allow[0]", 'A new exemption from rule "every-table" for "*".'],
  ]);
  expect(compare({}, { allow: [{ rule: "no-expiration", reason: "Printed on a poster" }] }).exposures).toEqual([
    ["control-weakened", "allow[0]", 'A new exemption from rule "no-expiration".'],
  ]);
});
