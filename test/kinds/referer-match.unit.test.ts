import { expect, test } from "vitest";
import { matchesReferer } from "../../kinds/api-access-token/referer.ts";

const APP = ["https://app.example.com", "http://localhost:5173"];

test.each<[referers: string[] | undefined, page: string, matches: boolean]>([
  [APP, "https://app.example.com", true],
  [APP, "https://app.example.com/map?x=1#y", true],
  [APP, "HTTPS://APP.example.com:443/", true],
  [APP, "http://localhost:5173/", true],
  [APP, "http://localhost:5174/", false],
  [APP, "http://app.example.com/", false],
  [APP, "https://app.example.com.evil.example/", false],
  [APP, "https://evil.example/?https://app.example.com", false],
  [APP, "https://app.example.com@evil.example/", false],
  [APP, "https://app.example.com\\.evil.example/", false],
  [APP, "https://sub.app.example.com/", false],
  [APP, "file:///map.html", false],
  [APP, "about:blank", false],
  [APP, "null", false],
  [["https://app.example.com/"], "https://app.example.com/", false],
  [["https://APP.example.com"], "https://app.example.com/", false],
  [["https://*.example.com"], "https://app.example.com/", false],
  [[], "https://anything.example/", true],
  [undefined, "file:///map.html", true],
])("referers %j and the page %s: %j", (referers, page, matches) => {
  expect(matchesReferer(referers, page)).toBe(matches);
});
