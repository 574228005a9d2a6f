import { expect, test } from "vitest";
import { noQuestion } from "../../cli/context/no-question.ts";

const TERMINAL = { interactive: true, terminal: true };

test("in a terminal a question can be asked", () => {
  expect(noQuestion(undefined, {}, TERMINAL)).toBeUndefined();
});

test("with --json, no question is asked in a terminal either, and --json is the reason", () => {
  expect(noQuestion(true, {}, TERMINAL)).toBe("--json does not ask questions: add --yes");
  expect(noQuestion(true, { asks: "--probe asks before it creates a client" }, TERMINAL)).toBe(
    "--probe asks before it creates a client, and --json does not ask questions: add --yes",
  );
});

test("without a terminal, that is the reason", () => {
  expect(noQuestion(false, { remedy: "review first, then add --yes" }, { interactive: false, terminal: false })).toBe(
    "this is not a terminal, so the question cannot be asked: review first, then add --yes",
  );
});

test("in a terminal where CI is set, that is the reason", () => {
  expect(noQuestion(false, {}, { interactive: false, terminal: true })).toBe(
    "CI is set, so no question is asked: add --yes",
  );
});
