import { expect, test } from "vitest";
import { PlantedSecrets } from "../../harness/planted-secrets.ts";

const SECRET = "Plänted/secret+1 & more?~";
const secrets = new PlantedSecrets();
secrets.add("it", SECRET);

test.each([
  ["plain text", `a${SECRET}b`],
  ["JSON", JSON.stringify({ a: SECRET })],
  ["JSON as Go writes it", JSON.stringify(SECRET).replace("&", "\\u0026")],
  ["HTML", `<b>${SECRET.replace("&", "&amp;")}</b>`],
  ["a URL", `https://a.example/?q=${encodeURIComponent(SECRET)}`],
  ["a form", new URLSearchParams({ a: SECRET }).toString()],
  ["hexadecimal", Buffer.from(SECRET).toString("hex")],
  ...["", "x", "xy", "id:"].map((before) => [
    `Base64 after ${JSON.stringify(before)}`,
    Buffer.from(`${before}${SECRET} and more`).toString("base64"),
  ]),
  ["Base64 for URLs", Buffer.from(`x${SECRET}`).toString("base64url")],
])("a secret is found in %s", (_, text = "") => {
  expect(secrets.in(`before ${text} after`)).toEqual(["it"]);
});

test("nothing is found where nothing is", () => {
  expect(secrets.in("Planted secret 1 and more")).toEqual([]);
});
