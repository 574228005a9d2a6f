import { expect, test } from "vitest";
import { tokenLifetimes } from "../../cli/run/token-lifetimes.ts";
import { readManifest } from "../../manifest/read-manifest.ts";

const NOW = Date.parse("2027-01-01T00:00:00Z");
const token = (name: string, expirationDate?: string) =>
  `  ${name}: { kind: api-access-token, name: ${name}, grants: [{ connectionName: a, source: a.b.c }], allowedApis: [sql]${
    expirationDate === undefined ? "" : `, expirationDate: "${expirationDate}"`
  } }\n`;
const lifetimes = (clients: string, environments = "environments: { prod: {} }") => {
  const { manifest } = readManifest(`version: 1\nclients:\n${clients}${environments}\n`, { now: "any" });
  return tokenLifetimes(manifest?.environments ?? [], NOW);
};

test("the tokens of a report are listed with the days that are left, the next to expire first", () => {
  const tokens = [
    token("far", "2027-03-02T00:00:00Z"),
    token("ever"),
    token("gone", "2026-12-31T00:00:00Z"),
    token("today", "2027-01-01T12:00:00Z"),
    token("next", "2027-01-02T12:00:00Z"),
  ].join("");
  expect(lifetimes(tokens)).toEqual([
    "API Access Tokens expire: gone has expired, today within a day, next in 1 day, far in 60 days, 1 never.",
  ]);
});

test("where several environments are reported, each token has its own, and many are counted", () => {
  expect(lifetimes(token("map", "2027-01-03T00:00:00Z"), "environments: { dev: {}, prod: {} }")).toEqual([
    "API Access Tokens expire: map (dev) in 2 days, map (prod) in 2 days.",
  ]);
  const many = Array.from({ length: 20 }, (_, index) => token(`map-${index}`, "2027-01-03T00:00:00Z")).join("");
  expect(lifetimes(many)[0]).toMatch(/, map-11 in 2 days, 8 more later\.$/);
});

test("without tokens nothing is said", () => {
  expect(lifetimes("  robot: { kind: m2m, name: Robot }\n")).toEqual([]);
});
