import { expect, test } from "vitest";
import { KINDS } from "../../kinds/index.ts";
import {
  type CheckedInputs,
  canonicalInputs,
  differenceAtCarto,
  inputsOf,
  localSettingsDiffer,
} from "../../kinds/inputs.ts";
import type { OAuthClient } from "../../kinds/oauth-client/oauth-client.ts";
import { UNKNOWN } from "../../kinds/unknown.ts";

const LOGIN = "https://app.example.com/login";
const A = "https://a.example.com/";
const B = "https://b.example.com/";
const spelledOut: CheckedInputs = {
  name: "Web",
  applicationLoginUrl: LOGIN,
  allowedCallbackUrls: [LOGIN],
  allowedLogoutUrls: [LOGIN],
  allowedWebOrigins: ["https://app.example.com"],
  allowedOrigins: ["https://app.example.com"],
};
const spa = (news: object) =>
  canonicalInputs(KINDS.spa, { name: "Web", applicationLoginUrl: LOGIN, ...news }, "standard");

test("omitted lists follow from the login URL", () => {
  expect(spa({})).toEqual(spelledOut);
});

test("an explicit empty list stays empty", () => {
  expect(spa({ allowedCallbackUrls: [], allowedOrigins: [] })).toEqual({
    ...spelledOut,
    allowedCallbackUrls: [],
    allowedOrigins: [],
  });
});

test("exact duplicates are dropped, the order is kept", () => {
  expect(spa({ allowedLogoutUrls: [B, A, B] })).toMatchObject({ allowedLogoutUrls: [B, A] });
});

test("lists of a login URL that is not known yet are unknown, those that are set are not", () => {
  expect(spa({ applicationLoginUrl: UNKNOWN, allowedOrigins: [] })).toMatchObject({
    allowedCallbackUrls: UNKNOWN,
    allowedOrigins: [],
  });
  expect(spa({ allowedCallbackUrls: UNKNOWN })).toMatchObject({ allowedCallbackUrls: UNKNOWN });
});

test("a wrong login URL gives no defaults, which would only repeat what is wrong", () => {
  expect(spa({ applicationLoginUrl: "app" })).toEqual({ name: "Web", applicationLoginUrl: "app" });
});

test("an M2M client has no lists", () => {
  expect(canonicalInputs(KINDS.m2m, { name: "Robot" }, "standard")).toEqual({ name: "Robot" });
});

test.each([
  ["the provider's production policy protects", {}, "production", true],
  ["a client's own production policy protects", { policy: "production" }, "standard", true],
  ["a client's own standard policy does not", { policy: "standard" }, "production", undefined],
  ["what is declared counts more", { deletionProtection: false }, "production", false],
  ["the standard policy does not", {}, "standard", undefined],
] as const)("%s", (_what, news, policy, expected) => {
  expect(canonicalInputs(KINDS.m2m, { name: "Robot", ...news }, policy).deletionProtection).toBe(expected);
});

test("the same URLs in another order are not a difference", () => {
  const current = { ...spelledOut, allowedCallbackUrls: [A, B], allowedOrigins: [A, B] };
  const declared = { ...spelledOut, allowedCallbackUrls: [B, A], allowedOrigins: [B, A] };
  expect(differenceAtCarto(KINDS.spa, current, declared)).toEqual({});
});

test("another first logout URL is one, what follows it in another order is none", () => {
  const current = { ...spelledOut, allowedLogoutUrls: [LOGIN, A, B] };
  expect(differenceAtCarto(KINDS.spa, current, { ...spelledOut, allowedLogoutUrls: [LOGIN, B, A] })).toEqual({});
  expect(differenceAtCarto(KINDS.spa, current, { ...spelledOut, allowedLogoutUrls: [A, LOGIN, B] })).toEqual({
    allowedLogoutUrls: [A, LOGIN, B],
  });
});

test.each<[string, Partial<CheckedInputs>, object]>([
  ["the name", { name: "New" }, { name: "New" }],
  ["the login URL", { applicationLoginUrl: A }, { applicationLoginUrl: A }],
  ["callback URLs", { allowedCallbackUrls: [] }, { allowedCallbackUrls: [] }],
  ["logout URLs", { allowedLogoutUrls: [A] }, { allowedLogoutUrls: [A] }],
  ["web origins", { allowedWebOrigins: [] }, { allowedWebOrigins: [] }],
  ["origins", { allowedOrigins: [A] }, { allowedOrigins: [A] }],
])("a difference in %s is sent, and nothing else", (_what, change, difference) => {
  expect(differenceAtCarto(KINDS.spa, spelledOut, { ...spelledOut, ...change })).toEqual(difference);
});

test("a list that is not known yet differs", () => {
  expect(differenceAtCarto(KINDS.spa, spelledOut, { ...spelledOut, allowedOrigins: [UNKNOWN] })).toEqual({
    allowedOrigins: [UNKNOWN],
  });
});

test("the provider's own settings are compared by value", () => {
  const allow = [{ rule: "wildcard", url: A, reason: "r" }];
  expect(localSettingsDiffer(KINDS.m2m, { allow }, { allow: structuredClone(allow) })).toBe(false);
  expect(localSettingsDiffer(KINDS.m2m, {}, { deletionProtection: false })).toBe(true);
  expect(localSettingsDiffer(KINDS.m2m, { rotationTrigger: "1" }, {})).toBe(true);
});

test("a client that is read keeps the known order of lists that mean the same, and the provider's own settings", () => {
  const client: OAuthClient = {
    kind: "spa",
    id: "id-1",
    name: "Web",
    applicationLoginUrl: LOGIN,
    allowedCallbackUrls: [A, B],
    allowedLogoutUrls: [A, B],
    allowedWebOrigins: [],
    allowedOrigins: [],
    ownerId: "auth0|1",
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
  };
  const before = { ...spelledOut, allowedCallbackUrls: [B, A], allowedLogoutUrls: [B, A], deletionProtection: true };
  expect(inputsOf(KINDS.spa, client, before)).toEqual({
    name: "Web",
    applicationLoginUrl: LOGIN,
    allowedCallbackUrls: [B, A],
    allowedLogoutUrls: [A, B],
    allowedWebOrigins: [],
    allowedOrigins: [],
    deletionProtection: true,
  });
});
