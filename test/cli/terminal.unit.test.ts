import { expect, test } from "vitest";
import { CartoError } from "../../carto/errors.ts";
import { harmless } from "../../cli/context/terminal.ts";
import { readManifest } from "../../manifest/read-manifest.ts";
import { writeManifest } from "../../manifest/write-manifest.ts";

test.each([
  ["plain text and line breaks", "dev: 3 created\n\tname\n", "dev: 3 created\n\tname\n"],
  [
    "the command's own colours",
    "\u001b[31mFAIL\u001b[39m \u001b[1mx\u001b[22m",
    "\u001b[31mFAIL\u001b[39m \u001b[1mx\u001b[22m",
  ],
  ["a workflow command of GitHub", "::error title=x::all good\n", "\\u{003a}:error title=x::all good\n"],
  ["a workflow command behind spaces", "a\n  ::stop-commands::x\n", "a\n  \\u{003a}:stop-commands::x\n"],
  ["double colons inside a line", "urn:pulumi:dev::x::y\n", "urn:pulumi:dev::x::y\n"],
  ["a command of Azure Pipelines, anywhere", "name ##vso[task.setvariable]x", "name \\u{0023}#vso[task.setvariable]x"],
  ["an old command of GitHub, anywhere", "name ##[error]x", "name \\u{0023}#[error]x"],
  ["a heading of Markdown", "## OAuth clients\n", "## OAuth clients\n"],
  ["an escape sequence that hides text", "\u001b[8mhidden", "\\u{001b}[8mhidden"],
  ["an escape sequence that moves the cursor", "\u001b[1A\u001b[2K\r", "\\u{001b}[1A\\u{001b}[2K\\u{000d}"],
  ["an escape sequence that sets the title or the clipboard", "\u001b]52;c;eA==\u0007", "\\u{001b}]52;c;eA==\\u{0007}"],
  ["text that reads from right to left", "a\u202eb", "a\\u{202e}b"],
])("%s", (_, text, shown) => {
  expect(harmless(text, true)).toBe(shown);
});

test("what goes on with a line begins none", () => {
  expect(harmless("::error::x\n::error::y", false)).toBe("::error::x\n\\u{003a}:error::y");
});

test("a CartoError shows what a server hid in its message, and cuts it", () => {
  const { message } = new CartoError("invalid_request", `CARTO refused: \u001b[2K\n::error::x ${"y".repeat(5_000)}`);
  expect(message).toMatch(/^CARTO refused: \\u\{001b\}\[2K\\u\{000a\}::error::x y+…$/);
  expect(message.length).toBeLessThan(2_100);
});

test("an exported manifest holds hostile names visibly, and reads back as they are", () => {
  const name = "a\u202eb\u001b[2K\n::error::x \ud83d\ude00";
  const text = writeManifest([
    { kind: "m2m", id: "id\n  evil: { kind: m2m, name: E }", name, ownerId: "o", createdAt: "" },
  ]);
  expect(text.split("\n").map((line) => harmless(line, true))).toEqual(text.split("\n"));
  const { manifest } = readManifest(text);
  expect(manifest?.environments[0]?.clients.map(({ inputs }) => inputs.name)).toEqual([name]);
});
