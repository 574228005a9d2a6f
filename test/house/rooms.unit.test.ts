import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** A row of the table of rooms in CONTRIBUTING.md: `| names | contents | may import |`. */
const rows = [...readFileSync("CONTRIBUTING.md", "utf8").matchAll(/^\| (`\w+\/`.*?) \|(.*)\|(.*)\|$/gm)].map(
  ([, names = "", , imports = ""]) => ({ rooms: foldersIn(names), imports }),
);
const rooms = rows.flatMap((row) => row.rooms);
/** Rooms that may not even import `error/`. */
const ALONE = ["kinds"];

/** Of each room that Biome restricts: what it may not import. */
const forbidden = new Map<string, string[]>();
for (const { includes, linter } of JSON.parse(readFileSync("biome.json", "utf8")).overrides) {
  const { patterns } = linter.rules.style.noRestrictedImports.options;
  const groups: string[] = patterns.flatMap(({ group }: { group: string[] }) => group);
  const folders = groups.flatMap((pattern) => /^\*\*\/(\w+)\/\*\*$/.exec(pattern)?.[1] ?? []);
  for (const include of includes) forbidden.set(include.replace("/**", ""), folders.sort());
}

function foldersIn(text: string): string[] {
  return [...text.matchAll(/`(\w+)\/`/g)].map(([, name = ""]) => name);
}

/** What the table lets a room import; `error/` is said of all in its own row. */
function allowedIn(room: string, imports: string): string[] {
  const named = foldersIn(imports);
  const above = rooms.slice(0, rooms.indexOf(room)).filter((other) => !named.includes(other));
  return [...(imports.includes("all of the above") ? above : named), ...(ALONE.includes(room) ? [] : ["error"])];
}

test.each(rows.flatMap((row) => row.rooms.map((room) => ({ room, imports: row.imports }))))(
  "Biome lets $room/ import what CONTRIBUTING.md says, and nothing else",
  ({ room, imports }) => {
    if (imports.trim() === "all" || imports.includes("installed package")) return;
    const allowed = allowedIn(room, imports);
    const others = rooms.filter((other) => other !== room && other !== "examples" && !allowed.includes(other));
    expect(forbidden.get(room)).toEqual(others.sort());
  },
);
