import { expect, test } from "vitest";
import { CartoError } from "../../carto/errors.ts";
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
  expect(knowing({ name: "Robot", __secrets: "name" }).hideIn(error, true)).toMatchObject({
    message: "(secret) failed",
    reasons: ["(secret) failed"],
  });
});

test.each([
  [true, "Creating Robot: refused."],
  [false, "Creating Robot: refused. The server says: the name planted-na… is taken"],
])(
  "CARTO's words about a resource with secret inputs (%s) are not shown, even where another error repeats them",
  (ofSecrets, shown) => {
    const unquoted = "Creating Robot: refused.";
    const message = `${unquoted} The server says: the name planted-na… is taken`;
    const cause = new CartoError("invalid_request", message, { unquoted });
    const secrets = knowing({ name: "planted-name", __secrets: "name" });
    const error = Object.assign(new Error(`${message} Run it again.`, { cause }), { reasons: [message] });
    expect(secrets.hideIn(error, ofSecrets)).toMatchObject({ message: `${shown} Run it again.`, reasons: [shown] });
  },
);
