import { describe, expect, test } from "vitest";
import { MARKER, renderMarkdown } from "../../sdk/report/markdown.ts";
import { SCENARIOS } from "./report-scenarios.ts";

describe("golden files", () => {
  for (const [name, report] of Object.entries(SCENARIOS)) {
    test(`the report of ${name} reads as agreed`, async () => {
      const text = renderMarkdown(report());
      await expect(text).toMatchFileSnapshot(`golden/${name.replaceAll(" ", "-")}.md`);
      expect(renderMarkdown(report())).toBe(text);
      expect(text.startsWith(`${MARKER} prod -->\n`)).toBe(true);
      expect(text.length).toBeLessThanOrEqual(60_000);
    });
  }
});
