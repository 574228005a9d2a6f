import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { documentPath, TABLES, withInputTable } from "./input-tables.ts";

test.each(Object.entries(TABLES))(
  "%s lists the inputs of %j as their tables do (npm run docs writes it)",
  (name, kinds) => {
    const document = readFileSync(documentPath(name), "utf8");
    expect(document).toBe(withInputTable(document, kinds));
  },
);
