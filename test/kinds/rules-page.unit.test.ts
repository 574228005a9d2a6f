import { expect, test } from "vitest";
import { rulesPage } from "./rules-page.ts";

test("docs/rules.md says what the table of rules says (npm run docs writes it)", async () => {
  await expect(rulesPage()).toMatchFileSnapshot("../../docs/rules.md");
});
