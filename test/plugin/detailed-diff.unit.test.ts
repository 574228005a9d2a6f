import { expect, test } from "vitest";
import { KINDS } from "../../kinds/index.ts";
import { detailedDiff } from "../../plugin/detailed-diff.ts";

const WEB = {
  name: "Web",
  applicationLoginUrl: "https://app.example.com/login",
  allowedCallbackUrls: ["https://a.example.com/", "https://b.example.com/"],
  allowedLogoutUrls: ["https://a.example.com/", "https://b.example.com/"],
  allowedWebOrigins: ["https://app.example.com"],
  allowedOrigins: ["https://app.example.com"],
};
const diff = (change: object, replaces: string[] = []) =>
  detailedDiff(KINDS.spa, WEB, { ...WEB, ...change } as typeof WEB, replaces);
const [staying, a, b, c] = [false, "https://a.example.com/", "https://b.example.com/", "https://c.example.com/"];

test("a list's paths are its elements: the place of the old one that goes, and of the new one that comes", () => {
  expect(diff({ allowedCallbackUrls: [a, c] })).toEqual({
    "allowedCallbackUrls[1]": { kind: "update", replaces: staying },
  });
  expect(diff({ allowedCallbackUrls: [a, b, c] })).toEqual({
    "allowedCallbackUrls[2]": { kind: "add", replaces: staying },
  });
  expect(diff({ allowedCallbackUrls: [b] })).toEqual({
    "allowedCallbackUrls[0]": { kind: "delete", replaces: staying },
  });
});

test("another order of a set, or another spelling of a URL, is not a difference", () => {
  expect(diff({ allowedCallbackUrls: [b, "https://A.example.com/"] })).toEqual({});
});

test("of the logout URLs the first is the default: its place counts", () => {
  expect(diff({ allowedLogoutUrls: [b, a] })).toEqual({
    "allowedLogoutUrls[0]": { kind: "update", replaces: staying },
  });
});

test("what replaces says so, and a setting of the provider that comes is added", () => {
  expect(diff({ rotationTrigger: "2", deletionProtection: true, name: "Map" }, ["rotationTrigger"])).toEqual({
    name: { kind: "update", replaces: staying },
    deletionProtection: { kind: "add", replaces: staying },
    rotationTrigger: { kind: "add", replaces: true },
  });
});

test("a list that is not known yet is one path", () => {
  expect(diff({ allowedCallbackUrls: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" })).toEqual({
    allowedCallbackUrls: { kind: "update", replaces: staying },
  });
});
