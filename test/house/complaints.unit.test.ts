import { expect, test } from "vitest";
import { complaints } from "../../house/complaints.ts";
import { fileMap, withMap } from "../../house/map.ts";
import { measureText } from "../../house/source-file.ts";
import { MOST_CASTS } from "../../house/table.ts";

const about = (path: string, text: string) => {
  const files = [measureText(path, text)];
  return complaints(
    files,
    withMap("<!-- map begins: `npm run house -- --write` -->\n<!-- map ends -->", fileMap(files)),
  );
};

test("what keeps the rules of the house gives no complaint", () => {
  expect(about("cli/fine.ts", "/** Adds one. */\nexport const next = (count: number): number => count + 1;\n")).toEqual(
    [],
  );
});

test.each([
  [
    "an error outside the family",
    "/** Odd. */\nexport class OddError extends Error {}\n",
    "cli/odd.ts: OddError extends Error, not the class in error/pulumi-carto-error.ts",
  ],
  [
    "an export without a comment",
    "/* Odd. */\n\nexport const odd = 1;\n",
    "cli/odd.ts: odd is exported without a comment",
  ],
  ["any", "/** Odd. */\nexport const odd: any = 1;\n", "cli/odd.ts: 1 times `any`"],
  ["an assertion", "/** Odd. */\nexport const odd = [1][0]!;\n", "cli/odd.ts: 1 times `!`"],
  [
    "a long file",
    `/** Odd. */\nexport const odd = 1;\n${"\n".repeat(248)}void odd;\n`,
    "cli/odd.ts: 251 lines, at most 250",
  ],
  [
    "a long function",
    `/** Odd. */\nexport function odd() {\n${"  void 0;\n".repeat(59)}}\n`,
    "cli/odd.ts:2: odd has 61 lines, at most 60",
  ],
  ["no comment at all", "void 0;\n", "cli/odd.ts: no comment says what it is"],
])("%s is a complaint", (_what, text, complaint) => {
  expect(about("cli/odd.ts", text)).toEqual([complaint]);
});

test("folders that need each other, and a map that is out of date, are complaints", () => {
  const files = [
    measureText("a/one.ts", '/** One. */\nexport { two } from "../b/two.ts";\n'),
    measureText("b/two.ts", '/* Two. */\nimport "../a/one.ts";\n'),
  ];
  const text = "<!-- map begins: `npm run house -- --write` -->\nold\n<!-- map ends -->";
  expect(complaints(files, text).slice(-2)).toEqual([
    "a -> b -> a: these folders need each other",
    "CONTRIBUTING.md: the map is out of date: run `npm run house -- --write`",
  ]);
});

test.each([
  [
    "a folder and one inside it",
    "a/one.ts",
    '/* One. */\nvoid import("./b/two.ts");\n',
    ["a -> a/b -> a: these folders need each other"],
  ],
  ["the door of the folders inside it", "a/index.ts", '/* Door. */\nimport "./b/two.ts";\n', []],
])("%s: whether imports both ways are a complaint", (_what, path, text, expected) => {
  const files = [measureText(path, text), measureText("a/b/two.ts", '/* Two. */\nimport "../three.ts";\n')];
  const map = withMap("<!-- map begins -->\n<!-- map ends -->", fileMap(files));
  expect(complaints(files, map)).toEqual(expected);
});

test("more casts than there were are a complaint", () => {
  const cast = (index: number) => `export const n${index} = Number("1") as 1;`;
  const casts = Array.from({ length: MOST_CASTS + 1 }, (_, index) => `/** One. */ ${cast(index)}`);
  expect(about("cli/odd.ts", `/* Casts. */\n${casts.join("\n")}\n`)).toEqual([
    `${MOST_CASTS + 1} casts in all, at most ${MOST_CASTS}: see \`npm run house -- --table\``,
  ]);
});
