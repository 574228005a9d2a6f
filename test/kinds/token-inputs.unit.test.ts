import { expect, test } from "vitest";
import { apiAccessToken } from "../../kinds/api-access-token/index.ts";
import { canonicalInputs, differenceAtCarto, inputsOf, replacingChanges } from "../../kinds/inputs.ts";

const TOKEN = {
  name: "Store map",
  grants: [
    { connectionName: "carto_dw", source: "carto.demo.points" },
    { connectionName: "carto_dw", source: "SELECT 1" },
  ],
  allowedApis: ["sql", "maps"],
  referers: ["https://app.example.com"],
  expirationDate: "2027-06-30T00:00:00Z",
};

test("lists are sets, SQL is compared after trimming, dates as instants: nothing differs", () => {
  const same = {
    ...TOKEN,
    grants: [
      { source: " SELECT 1\n", connectionName: "carto_dw" },
      { source: "carto.demo.points", connectionName: "carto_dw" },
    ],
    allowedApis: ["maps", "sql"],
    expirationDate: "2027-06-30T02:00:00.000+02:00",
  };
  expect(differenceAtCarto(apiAccessToken, TOKEN, same)).toEqual({});
  expect(replacingChanges(apiAccessToken, TOKEN, same)).toEqual([]);
  expect(inputsOf(apiAccessToken, same, TOKEN)).toEqual(TOKEN);
});

test.each([
  ["SELECT  1", "space within SQL counts"],
  ["select 1", "case of SQL counts"],
])("a source of %j differs: %s", (source) => {
  const grants = [
    { connectionName: "carto_dw", source: "carto.demo.points" },
    { connectionName: "carto_dw", source },
  ];
  expect(differenceAtCarto(apiAccessToken, TOKEN, { ...TOKEN, grants })).toEqual({ grants });
});

test("another connection differs", () => {
  const grants = TOKEN.grants.map((grant) => ({ ...grant, connectionName: "other" }));
  expect(differenceAtCarto(apiAccessToken, TOKEN, { ...TOKEN, grants })).toEqual({ grants });
});

test.each([
  [{ expirationDate: "2027-07-01T00:00:00Z" }, ["expirationDate"]],
  [{ expirationDate: undefined }, ["expirationDate"]],
  [{ rotationTrigger: "leaked" }, ["rotationTrigger"]],
  [{ name: "Other", referers: [], allowedApis: ["sql"] }, []],
])("%j replaces by %j", (change, replaces) => {
  expect(replacingChanges(apiAccessToken, TOKEN, { ...TOKEN, ...change })).toEqual(replaces);
});

test("referers that are left out are none, so that taking them away is an update", () => {
  const { referers: _, ...without } = TOKEN;
  const checked = canonicalInputs(apiAccessToken, without, "standard");
  expect(checked.referers).toEqual([]);
  expect(differenceAtCarto(apiAccessToken, TOKEN, checked)).toEqual({ referers: [] });
});
