import { expect, test } from "vitest";
import { SecretValues } from "../../provider/secret-values.ts";

function knowing(props: Record<string, unknown>): SecretValues {
  const secrets = new SecretValues();
  secrets.learn(props);
  return secrets;
}

test("only what __secrets names is hidden, at any depth, quoted or not", () => {
  const props = { name: "Robot", other: "Shown", lists: [{ url: "https://a.example.com/" }], __secrets: "name,lists" };
  expect(knowing(props).hide('"Robot" and Shown at https://a.example.com/')).toBe('"(secret)" and Shown at (secret)');
});

test.each([
  ["a name with quotes", 'Ro"bot\n', 'client "Ro\\"bot\\n"', 'client "(secret)"'],
  ["a name that is a part of a word", "a", 'a client "a"', 'a client "(secret)"'],
  ["an empty name", "", 'client ""', 'client ""'],
])("%s", (_, name, text, shown) => {
  expect(knowing({ name, __secrets: "name" }).hide(text)).toBe(shown);
});

test("of two secrets, one in the other, nothing is left", () => {
  const secrets = knowing({ a: "planted", b: "planted-more", __secrets: "a,b" });
  expect(secrets.hide("planted-more, planted")).toBe("(secret), (secret)");
});

test("an error is hidden in its message and its reasons", () => {
  const error = Object.assign(new Error("Robot failed"), { reasons: ["Robot failed"] });
  expect(knowing({ name: "Robot", __secrets: "name" }).hideIn(error)).toMatchObject({
    message: "(secret) failed",
    reasons: ["(secret) failed"],
  });
});
