import { expect, test } from "vitest";
import { KINDS } from "../../kinds/index.ts";
import { reviewOAuthClient } from "../../kinds/oauth-client/check.ts";

const RULES = KINDS.spa.rules;
const client = { name: "Field maps", applicationLoginUrl: "https://app.example.com/login" };

const review = (inputs: Readonly<Record<string, unknown>>, policy: "standard" | "production" = "standard") => {
  const { failures, advice } = reviewOAuthClient("spa", { ...client, ...inputs }, { policy });
  return { failures: failures.map(({ rule }) => rule), advice: advice.map(({ rule }) => rule) };
};

test("every rule has an id of its own", () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
});

test("CARTO's five checkable wildcard rules are five rows", () => {
  expect(Object.fromEntries(RULES.flatMap((rule) => ("carto" in rule ? [[rule.carto, rule.id]] : [])))).toEqual({
    1: "http-or-https",
    2: "wildcard-in-subdomain",
    3: "wildcard-leftmost",
    4: "single-wildcard",
    5: "wildcard-label",
  });
});

const failing = RULES.filter(({ level }) => level === "failure");
const advising = RULES.filter(({ level }) => level === "advice");

test.each(failing)("$id: its example fails by this rule alone, and what to write instead passes", (rule) => {
  expect(review(rule.example).failures).toEqual([rule.id]);
  expect(review(rule.instead).failures).toEqual([]);
});

test.each(advising)("$id: its example is advised against, and what to write instead is not", (rule) => {
  expect(review(rule.example)).toEqual({ failures: [], advice: expect.arrayContaining([rule.id]) });
  expect(review(rule.instead).advice).not.toContain(rule.id);
});

test.each(advising)("$id: the production policy refuses its example if the table calls it dangerous", (rule) => {
  expect(review(rule.example, "production").failures).toEqual("dangerous" in rule ? [rule.id] : []);
});
