// biome-ignore-all lint/suspicious/noTemplateCurlyInString: manifests have placeholders of their own
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatFailure } from "../../manifest/failure.ts";
import { readManifest } from "../../manifest/read-manifest.ts";

const text = readFileSync(new URL("../../clients.yaml", import.meta.url), "utf8");
const lines = text.split("\n");

const SEED = 20_261_122;
const RUNS = 2_000;

/** What people and merges leave in a file. */
const scrap = fc.oneof(
  fc.constantFrom(
    "null",
    "[]",
    "{}",
    "- x",
    "<<: *a",
    "&a x",
    "${X}",
    "$${",
    "kind: m2m",
    "!!set {}",
    "\t",
    "? [a]",
    "'",
    '"',
    "|",
    "---",
    "__proto__: 1",
    "constructor: {}",
    "toString: false",
    "false",
    "1e999",
    "<<<<<<< HEAD",
    "\u0000",
    "\ud800",
  ),
  fc.string({ unit: "binary", maxLength: 12 }),
);

const edit = fc.record({
  line: fc.nat(lines.length - 1),
  column: fc.nat(40),
  cut: fc.nat(20),
  scrap,
  newLine: fc.boolean(),
});

function edited(edits: readonly (typeof edit extends fc.Arbitrary<infer Edit> ? Edit : never)[]): string {
  const result = [...lines];
  for (const { line, column, cut, scrap, newLine } of edits) {
    const old = result[line] ?? "";
    result[line] =
      old.slice(0, column) + (newLine ? `\n${" ".repeat(column % 8)}` : "") + scrap + old.slice(column + cut);
  }
  return result.join("\n");
}

const manifests = fc.oneof(
  { weight: 9, arbitrary: fc.array(edit, { minLength: 1, maxLength: 4 }).map(edited) },
  { weight: 1, arbitrary: fc.array(scrap, { maxLength: 3 }).map((parts) => parts.join("\n")) },
);

test(`whatever becomes of a manifest, it is read or refused with places in it (seed ${SEED}, ${RUNS} manifests)`, () => {
  fc.assert(
    fc.property(manifests, fc.option(fc.constantFrom("prod", "else")), (manifest, stack) => {
      const { failures } = readManifest(manifest, { variables: {}, ...(stack !== null && { stack }) });
      const last = manifest.split(/\r\n|\r|\n/).length;
      for (const failure of failures) {
        expect(failure.line, formatFailure(failure)).toBeGreaterThanOrEqual(1);
        expect(failure.line, formatFailure(failure)).toBeLessThanOrEqual(last + 1);
        expect(failure.column).toBeGreaterThanOrEqual(1);
        expect(failure.reason).not.toMatch(/undefined|\[object|function /);
      }
    }),
    { seed: SEED, numRuns: RUNS },
  );
});
