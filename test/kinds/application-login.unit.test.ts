import { expect, test } from "vitest";
import { adviseLogin, LOGIN_RULE } from "../../kinds/application/login.ts";
import { UNKNOWN } from "../../kinds/unknown.ts";

const APP = "https://app.example.com/maps";
const LOGIN = { applicationLoginUrl: "https://login.example.com/" };

test("the example is advised against, and what to write instead is not", () => {
  const rules = ({ appUrl, client }: typeof LOGIN_RULE.example | typeof LOGIN_RULE.instead) =>
    adviseLogin(appUrl, client).map(({ rule }) => rule);
  expect([rules(LOGIN_RULE.example), rules(LOGIN_RULE.instead)]).toEqual([["app-url-not-allowed"], []]);
});

test("an App URL whose origin its client does not allow is advised against", () => {
  expect(adviseLogin(APP, LOGIN)).toEqual([
    {
      property: "appUrl",
      rule: "app-url-not-allowed",
      url: APP,
      reason:
        '"https://app.example.com/maps" is the App URL, but its client has "https://app.example.com" neither as a web origin nor as a callback URL: people will open it and not be able to log in.',
    },
  ]);
});

test.each([
  ["the login URL's origin", { applicationLoginUrl: "https://APP.example.com:443/login" }],
  ["a callback URL's origin", { ...LOGIN, allowedCallbackUrls: ["https://app.example.com/callback"] }],
  ["a web origin", { ...LOGIN, allowedWebOrigins: ["https://app.example.com"] }],
  ["a wildcard", { ...LOGIN, allowedWebOrigins: ["https://*.example.com"] }],
  ["a list that is not known yet", { ...LOGIN, allowedWebOrigins: UNKNOWN }],
  ["an element that is not known yet", { ...LOGIN, allowedCallbackUrls: [UNKNOWN] }],
])("%s is enough", (_what, client) => {
  expect(adviseLogin(APP, client)).toEqual([]);
});

test.each([
  ["another port", { applicationLoginUrl: "https://app.example.com:8443/" }],
  ["another scheme", { applicationLoginUrl: "http://app.example.com/" }],
  ["no lists at all", { ...LOGIN, allowedCallbackUrls: [], allowedWebOrigins: [] }],
])("%s is not", (_what, client) => {
  expect(adviseLogin(APP, client)).toHaveLength(1);
});

test("of an App URL that is wrong or not known yet nothing is said", () => {
  expect([adviseLogin(UNKNOWN, LOGIN), adviseLogin(undefined, LOGIN), adviseLogin("nonsense", LOGIN)]).toEqual([
    [],
    [],
    [],
  ]);
});
