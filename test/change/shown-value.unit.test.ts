import fc from "fast-check";
import { expect, test } from "vitest";
import { reviewByInputs } from "../../change/review.ts";
import { distinctText, isHidden, shown, shownUrl } from "../../change/shown-value.ts";
import { withoutCredentials } from "../../kinds/url/credentials.ts";
import { readManifest } from "../../manifest/read-manifest.ts";

test.each([
  ["https://user:hunter2@a.example.com/", "https://(credentials)@a.example.com/"],
  ["https://hunter2@a.example.com", "https://(credentials)@a.example.com"],
  ["https:hunter2@a.example.com", "https:(credentials)@a.example.com"],
  ["https:\n/\t/user:hunter2@a.example.com", "https://(credentials)@a.example.com"],
  ["ht\ntps:user:hunter2@a.example.com", "https:(credentials)@a.example.com"],
  ["https:\\\\user:hunter2@a.example.com", "https:\\\\(credentials)@a.example.com"],
  ["https://user:p@ss:hunter2@a.example.com", "https://(credentials)@a.example.com"],
  ["postgres://user:hunter2@db/x", "postgres://(credentials)@db/x"],
  ["//user:hunter2@a.example.com", "//(credentials)@a.example.com"],
  ["Write to sam@example.com", "Write to sam@example.com"],
  ["https://a.example.com/@sam", "https://a.example.com/@sam"],
  ["two\nlines, sam@example.com", "two\nlines, sam@example.com"],
  ["https://a.example.com/?next=https://sam@b.example.com/", "https://a.example.com/?next=https://sam@b.example.com/"],
  ["https://a.example.com/https://sam@b.example.com/", "https://a.example.com/https://sam@b.example.com/"],
  ["see https://sam@b.example.com/", "see https://sam@b.example.com/"],
])("%j is shown as %j", (text, expected) => {
  expect(withoutCredentials(text)).toBe(expected);
});

test("whatever URL the parser finds a password in is shown without it", () => {
  const gap = fc.constantFrom("", "/", "//", "\\", "\\\\", "///", "\n/\t/", "/\\");
  const scheme = fc.constantFrom(
    "http:",
    "https:",
    "HTTPS:",
    "ht\ntps:",
    "ftp:",
    "wss:",
    " https:",
    "postgres://",
    "\u0000https:",
  );
  const part = fc.string({ unit: fc.constantFrom(..."abc:@%20 \t\n\"<>`{}|^'()*!~+$&,;=[]é") });
  let credentials = 0;
  fc.assert(
    fc.property(scheme, gap, part, part, (scheme, gap, before, after) => {
      const url = `${scheme}${gap}${before}hunter2${after}@a.example.com/path`;
      if (!URL.canParse(url)) return;
      const { username, password, hostname } = new URL(url);
      if (hostname !== "a.example.com" || !`${username}${password}`.includes("hunter2")) return;
      credentials += 1;
      expect(shownUrl(url)).not.toContain("hunter2");
    }),
    { numRuns: 5_000, verbose: true },
  );
  expect(credentials).toBeGreaterThan(500);
});

test("a password that begins before the cut of a long text and ends behind it is not shown", () => {
  for (const length of [3_000, 30_000]) {
    const url = `https://user:hunter2${"x".repeat(length)}@a.example.com/`;
    expect(shownUrl(url)).toBe("https://(credentials)@a.example.com/");
  }
});

test("a long text is cut in the middle, and two that differ never look alike", () => {
  expect(shown("x".repeat(5_000))).toMatch(/^x{1575}…x{525} \(5000 characters, SHA-256 [0-9a-f]{12}\)$/);
  const [a, b] = ["a", "b"].map((letter) => shown(`${"x".repeat(2_500)}${letter}${"x".repeat(2_500)}`));
  expect(a).not.toBe(b);
});

test("two values that look the same without their credentials are distinguished", () => {
  expect(distinctText("https://(credentials)@a/", ["https://(credentials)@a/"])).toBe("https://(other credentials)@a/");
  expect(distinctText("(secret)", ["(secret)"])).toBe("(secret) (another value)");
  expect(distinctText("a", ["b", undefined])).toBe("a");
});

test("a mark is a value of the engine, and a text that reads like one is shown in quotes", () => {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "planted" };
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  expect([shown(unknown), shown(secret)]).toEqual(["(not known yet)", "(secret)"]);
  expect([shown("(not known yet)"), shown("(secret)")]).toEqual(['"(not known yet)"', '"(secret)"']);
  expect([unknown, secret, "(not known yet)", "(secret)"].map(isHidden)).toEqual([true, true, false, false]);
});

test.each(["(not known yet)", "(secret)"])("a URL that is literally %j is treated like any other", (url) => {
  const inputs = { name: "Web", applicationLoginUrl: "https://a.example.com/", allowedCallbackUrls: [url] };
  const { failures = [] } = reviewByInputs({ logicalName: "web", kind: "spa", inputs });
  expect(failures.map(({ property, rule }) => [property, rule])).toEqual([["allowedCallbackUrls[0]", "absolute-url"]]);
});

test("the engine's mark for an unknown value, written into a manifest, is refused", () => {
  const { failures } = readManifest(
    'version: 1\nclients:\n  web: { kind: m2m, name: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }\n',
  );
  expect(failures.map(({ path, rule }) => [path, rule])).toEqual([["clients.web.name", "type"]]);
});
