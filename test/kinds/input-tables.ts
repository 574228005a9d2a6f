import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { replaceSection } from "../../house/section.ts";
import { KINDS, type KindId } from "../../kinds/index.ts";
import type { Kind, Property } from "../../kinds/kind.ts";

/* `node test/kinds/input-tables.ts` (part of `npm run docs`) writes the tables of inputs into the documents that have one. */

/** Which kinds the table of a document lists: a property that not all of them have is marked with those that do. */
export const TABLES: Readonly<Record<string, readonly KindId[]>> = {
  "README.md": ["spa", "m2m"],
  "docs/tokens.md": ["api-access-token"],
  "docs/applications.md": ["application"],
};

/** The document with its table of inputs as the kinds' tables of properties say. */
export function withInputTable(document: string, kinds: readonly KindId[]): string {
  return replaceSection(document, "inputs", inputTable(kinds));
}

/** Also reads documents for the test that compares them. */
export function documentPath(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

function inputTable(ids: readonly KindId[]): string {
  const kinds: Kind[] = ids.map((id) => KINDS[id]);
  const properties = new Map<string, Property>(kinds.toReversed().flatMap((kind) => Object.entries(kind.properties)));
  const [first] = kinds;
  const ordered = Object.keys(first?.properties ?? {}).concat([...properties.keys()]);
  const rows = [...new Set(ordered)].map((name) => {
    const owners = kinds.filter((kind) => Object.hasOwn(kind.properties, name));
    const only = owners.length < kinds.length ? ` (${owners.map(({ label }) => label).join(", ")})` : "";
    return row(name, only, first?.properties[name] ?? properties.get(name));
  });
  const table = [["input", "what it is", "unset", "a change"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = table;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

function row(name: string, only: string, property: Property | undefined): string[] {
  if (property === undefined) throw new Error(`${name} is in no table of properties.`);
  const { description, unset, required, change } = property;
  const cell = (text: string) => text.replaceAll("|", "\\|");
  return [
    `\`${name}\`${only}`,
    cell(description),
    required ? "required" : cell(unset ?? ""),
    change === "replaces" ? "**replaces**" : change,
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, kinds] of Object.entries(TABLES)) {
    const path = documentPath(name);
    writeFileSync(path, withInputTable(readFileSync(path, "utf8"), kinds));
  }
}
