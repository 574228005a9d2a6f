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
      "clients.yaml:4:1 the file holds several documents: keep one, environments belong under `environments` (one-document)",
    ],
  },
  {
    name: "a key that stands twice",
    text: `${HEAD}  a: { kind: m2m, name: A }\n  b: { kind: m2m, name: B }\n  a: { kind: m2m, name: C }\n`,
    failures: ["clients.yaml:5:3 clients.a: `a` stands here twice, first on line 3: keep one (duplicate-key)"],
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

test("a file over 5 MB is refused before it is parsed", () => {
  const text = `${HEAD}${"# filler\n".repeat(600_000)}`;
  expect(readManifest(text).failures.map(formatFailure)).toEqual([
    "clients.yaml:1:1 the file has 5.1 MB; at most 5 MB are read: split it (too-large)",
  ]);
});

test("a billion laughs are refused without one", () => {
  const levels = ["a0: &a0 [x, x]"];
  for (let level = 1; level < 30; level++) levels.push(`a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`);
  const { failures } = readManifest(levels.join("\n"));
  expect(new Set(failures.map(({ rule }) => rule))).toEqual(new Set(["no-alias"]));
  expect(failures).toHaveLength(30 + 29 * 2);
});

test("nesting that would overflow the stack is refused", () => {
  const text = `version: ${"[".repeat(1_000_000)}`;
  expect(readManifest(text).failures.map(formatFailure)).toEqual([
    "clients.yaml:1:1 values are nested more than 32 levels deep (too-deep)",
  ]);
});

test("duplicate keys are found in one pass over 50,000 of them", () => {
  const keys = Array.from({ length: 50_000 }, (_, index) => `k${index}: 1`);
  const { failures } = readManifest([...keys, "k5: 1"].join("\n"));
  expect(failures.map(formatFailure)).toEqual([
    "clients.yaml:50001:1 k5: `k5` stands here twice, first on line 6: keep one (duplicate-key)",
  ]);
});
