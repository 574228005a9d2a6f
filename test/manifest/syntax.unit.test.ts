// biome-ignore-all lint/suspicious/noTemplateCurlyInString: manifests have placeholders of their own
import { expect, test } from "vitest";
import { formatFailure } from "../../manifest/failure.ts";
import { readManifest } from "../../manifest/read-manifest.ts";

const HEAD = "version: 1\nclients:\n";

/** What each broken file is told, whole. */
const refusals: { name: string; text: string; failures: string[] }[] = [
  {
    name: "an empty file",
    text: "# nothing yet\n",
    failures: ["clients.yaml:1:1 the file is empty: start with `version: 1` and `clients:` (yaml)"],
  },
  {
    name: "a file that is no YAML",
    text: 'version: 1\nclients: {a: "\n',
    failures: [
      'clients.yaml:3:1 Missing closing "quote (yaml)',
      "clients.yaml:3:1 Flow map in block collection must be sufficiently indented and end with a } (yaml)",
    ],
  },
  {
    name: "an unquoted variable in a flow map",
    text: `${HEAD}  a: { kind: m2m, name: A of ${"${stack}"}, policy: production }\n`,
    failures: [
      "clients.yaml:3:31 Unexpected flow-map-start at node end: inside { } and [ ] quote values with a $ (yaml)",
    ],
  },
  {
    name: "a second document",
    text: `${HEAD}  a: { kind: m2m, name: A }\n---\nversion: 1\n`,
    failures: [
      "clients.yaml:4:1 the file contains several documents: keep one; environments belong under `environments` (one-document)",
    ],
  },
  {
    name: "a key that stands twice",
    text: `${HEAD}  a: { kind: m2m, name: A }\n  b: { kind: m2m, name: B }\n  a: { kind: m2m, name: C }\n`,
    failures: ["clients.yaml:5:3 clients.a: `a` appears twice, first on line 3: keep one (duplicate-key)"],
  },
  {
    name: "an anchor, an alias and a merge key",
    text: `${HEAD}  a: &a { kind: m2m, name: A }\n  b: *a\n  c: { <<: *a, name: C }\n`,
    failures: [
      "clients.yaml:3:9 clients.a: `&a` is an anchor: write values out, or share them under `defaults` (no-alias)",
      "clients.yaml:4:6 clients.b: `*a` is an alias: write the value out, or share it under `defaults` (no-alias)",
      "clients.yaml:5:8 clients.c.<<: `<<` is a merge key: write values out, or share them under `defaults` (no-alias)",
    ],
  },
  {
    name: "a tag",
    text: `${HEAD}  a: { kind: m2m, name: !!binary aGk= }\n`,
    failures: ["clients.yaml:3:34 clients.a.name: `tag:yaml.org,2002:binary` is a tag: write a plain value (no-tag)"],
  },
  {
    name: "a key that is a map",
    text: `${HEAD}  ? { a: b }\n  : { kind: m2m, name: A }\n`,
    failures: ["clients.yaml:3:5 clients: a key is not plain text: write `key: value` (yaml)"],
  },
  {
    name: "a name that would reach a prototype",
    text: `${HEAD}  __proto__: { kind: m2m, name: A }\n`,
    failures: [
      "clients.yaml:3:3 clients.__proto__: `__proto__` is not a name that anything here can have (unknown-property)",
    ],
  },
];

test.each(refusals)("$name is refused", ({ text, failures }) => {
  expect(readManifest(text).failures.map(formatFailure)).toEqual(failures);
});

test("a file over 640 kB is refused before it is parsed", () => {
  const text = `${HEAD}${"# filler\n".repeat(120_000)}`;
  expect(readManifest(text).failures.map(formatFailure)).toEqual([
    "clients.yaml:1:1 the file has 1055 kB; at most 640 kB are read: split it (too-large)",
  ]);
});

test("a file of too many words and signs is refused before its errors are made", () => {
  const text = `${HEAD}${"@: `\n".repeat(100_000)}`;
  expect(readManifest(text).failures.map(({ reason, rule }) => [rule, reason])).toEqual([
    ["too-large", "the file has more than 400,000 words and signs: split it"],
  ]);
});

test("a file over another limit is refused, naming the limit", () => {
  const robots = (count: number) =>
    Array.from({ length: count }, (_, i) => `  r${i}: { kind: m2m, name: R }\n`).join("");
  const environments = (count: number) =>
    `environments:\n${Array.from({ length: count }, (_, i) => `  e${i}: {}\n`).join("")}`;
  const head = "version: 1\nclients:\n";
  const reasons = (text: string, variables = {}) => readManifest(text, { variables }).failures.map(formatFailure);
  expect(reasons(head + robots(10_001))).toEqual([
    "clients.yaml:2:1 clients: there are 10,001 clients, and at most 10,000 are read: split the file (too-large)",
  ]);
  expect(reasons(head + robots(1) + environments(501))).toEqual([
    "clients.yaml:4:1 environments: there are 501 environments, and at most 500 are read: split the file (too-large)",
  ]);
  expect(reasons(head + robots(1_000) + environments(101))).toEqual([
    "clients.yaml:1003:1 environments: 101 environments have 303,000 values in all, and at most 300,000 are read at once: name fewer environments, or split the file (too-large)",
  ]);
  expect(reasons(`${head}  a: { kind: m2m, name: ${"x".repeat(10_001)} }\n`)).toEqual([
    "clients.yaml:3:25 clients.a.name: has 10,001 characters, and at most 10,000 are read: shorten it (too-large)",
  ]);
  expect(reasons(`${head}  a: { kind: m2m, name: "\${L}\${L}\${L}" }\n`, { L: "x".repeat(5_000) })).toEqual([
    "clients.yaml:3:25 clients.a.name: has more than 10,000 characters with its variables: shorten it (too-large)",
  ]);
  expect(reasons(`${head}  a: { kind: m2m, name: A, allow: [${"x,".repeat(201)}] }\n`)).toEqual([
    "clients.yaml:3:35 clients.a.allow: has 201 elements, and at most 200 are read: shorten it (too-large)",
  ]);
  const many = reasons(head + robots(1) + Array.from({ length: 2_000 }, (_, i) => `x${i}: 1\n`).join(""));
  expect(many).toHaveLength(1_000);
  expect(many.at(-1)).toBe("clients.yaml:1003:1 there are more than 1,000 failures: correct these first (too-large)");
});

test("a billion laughs are refused without one", () => {
  const levels = ["a0: &a0 [x, x]"];
  for (let level = 1; level < 30; level++) levels.push(`a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`);
  const { failures } = readManifest(levels.join("\n"));
  expect(new Set(failures.map(({ rule }) => rule))).toEqual(new Set(["no-alias"]));
  expect(failures).toHaveLength(30 + 29 * 2);
});

test("nesting that would overflow the stack is refused", () => {
  const text = `version: ${"[".repeat(600_000)}`;
  expect(readManifest(text).failures.map(formatFailure)).toEqual([
    "clients.yaml:1:1 values are nested more than 32 levels deep (too-deep)",
  ]);
});

test("duplicate keys are found in one pass over 50,000 of them", () => {
  const keys = Array.from({ length: 50_000 }, (_, index) => `k${index}: 1`);
  const { failures } = readManifest([...keys, "k5: 1"].join("\n"));
  expect(failures.map(formatFailure)).toEqual([
    "clients.yaml:50001:1 k5: `k5` appears twice, first on line 6: keep one (duplicate-key)",
  ]);
});
