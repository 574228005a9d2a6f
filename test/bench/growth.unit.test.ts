// biome-ignore-all lint/suspicious/noTemplateCurlyInString: manifests have placeholders of their own
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GROWTH, type GrowthCase, isLinear, measureGrowth, processorMs, reportAll } from "../../bench/growth.ts";
import { HOSTILE_FILES } from "../../bench/hostile-files.ts";
import { checkSpaOAuthClient } from "../../kinds/oauth-client/check.ts";
import { readManifest } from "../../manifest/read-manifest.ts";

/** A busy machine can spoil one measurement, hardly three. */
function grows(one: GrowthCase): string | undefined {
  let told = "";
  for (let attempt = 0; attempt < 3; attempt++) {
    const growth = measureGrowth(one, 1 + 3 * attempt);
    if (isLinear(growth)) return undefined;
    told = `${one.name}: ${growth.size} take ${growth.ms.toFixed(1)} ms, twice that ${growth.doubleMs.toFixed(1)} ms`;
  }
  return told;
}

describe("twice the input takes at most three times as long", () => {
  test.each(GROWTH)("$name", { timeout: 120_000 }, (one) => {
    expect(grows(one)).toBeUndefined();
  });
});

describe("a whole file of twice the length takes at most three times as long", () => {
  const cases = HOSTILE_FILES.map(
    ({ name, text }): GrowthCase => ({
      name,
      size: 100_000,
      prepare: (bytes) => {
        const made = text(bytes);
        return () => readManifest(made);
      },
    }),
  );
  test.each(cases)("$name", { timeout: 120_000 }, (one) => {
    expect(grows(one)).toBeUndefined();
  });
});

test("a file of more than 640 kB is refused unread", () => {
  const [file] = HOSTILE_FILES;
  expect(readManifest(file?.text(5 * 1024 * 1024) ?? "").failures).toMatchObject([{ rule: "too-large" }]);
});

const SEED = 20_261_125;
const RUNS = 150;

/** What patterns stumble over. */
const TOKENS = [
  ..."/\\:@.?#*[]{}&!|>-'\"`,% \t\n=;~_$<",
  "a",
  "0",
  "http",
  "https:",
  "//",
  "xn--",
  "${",
  "$${",
  "é",
  "\u202e",
  "*.",
  "a@",
];
const PLACES: readonly ((text: string) => () => unknown)[] = [
  (text) => () =>
    checkSpaOAuthClient({ name: text, applicationLoginUrl: text, allowedCallbackUrls: [`https://${text}`] }),
  (text) => () => readManifest(`version: 1\nclients:\n  a: ${text}`),
  (text) => () =>
    readManifest(
      `version: 1\nclients:\n  a: { kind: m2m, name: ${JSON.stringify(text)}, ${JSON.stringify(text)}: 1 }\n`,
    ),
  (text) => () =>
    readManifest(
      `version: 1\nclients: {}\nenvironments: { e: { backend: ${JSON.stringify(text)}, tenant: { authUrl: ${JSON.stringify(text)} } } }\n`,
    ),
  (text) => () =>
    reportAll(
      "",
      `version: 1\nclients:\n  a: { kind: spa, name: ${JSON.stringify(text)}, applicationLoginUrl: ${JSON.stringify(`https://a.example.com/${text}`)} }\n`,
    ),
];

const hostile = fc.record({
  prefix: fc.constantFrom("", "https:", "https://", "a://", "<", '"'),
  unit: fc.array(fc.constantFrom(...TOKENS), { minLength: 1, maxLength: 3 }).map((tokens) => tokens.join("")),
  suffix: fc.constantFrom("", "@", "x", "]", "}", "\n", "/@"),
  place: fc.nat(PLACES.length - 1),
});

test(`no repetition takes more than its length (seed ${SEED}, ${RUNS} repetitions)`, { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(hostile, ({ prefix, unit, suffix, place }) => {
      const prepare = (size: number) =>
        PLACES[place]?.(prefix + unit.repeat(Math.floor(size / unit.length)) + suffix) ?? (() => undefined);
      const size = 4_900;
      // Nothing that long is linear in this time, nor quadratic in a shorter one: most need not be measured twice.
      if (processorMs(prepare(2 * size), 1) < 40) return;
      expect(grows({ name: JSON.stringify(unit), size, prepare })).toBeUndefined();
    }),
    { seed: SEED, numRuns: RUNS },
  );
});
