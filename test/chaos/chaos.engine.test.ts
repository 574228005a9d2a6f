import { expect, test } from "vitest";
import { rehearse } from "../../chaos/chaos.ts";

const SEED = 16;

test(`twenty disturbed runs lose nothing (seed ${SEED}; many more: npm run chaos)`, async () => {
  const lines: string[] = [];
  const figures = await rehearse({ seed: SEED, engineRuns: 4, providerRuns: 16, stacks: 1 }, (line) =>
    lines.push(line),
  );
  expect(figures, lines.join("\n")).toMatchObject({
    runs: 20,
    duplicates: 0,
    orphans: 0,
    lost: 0,
    stale: 0,
    leftovers: 0,
  });
  expect(figures.kills, lines.join("\n")).toBeGreaterThanOrEqual(4);
  expect(figures.faultHits).toBeGreaterThan(0);
});
