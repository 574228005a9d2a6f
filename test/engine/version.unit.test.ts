import { expect, test } from "vitest";
import { compareVersions, parseVersion } from "../../engine/version.ts";

test.each([
  ["v3.255.0\n", [3, 255, 0]],
  ["3.254.12", [3, 254, 12]],
  ["3.256.0-alpha.1", [3, 256, 0]],
  ["v3.255.0+dirty", [3, 255, 0]],
  ["3.255", undefined],
  ["", undefined],
  ["pulumi: not found", undefined],
])("%j reads as version %j", (text, version) => {
  expect(parseVersion(text)).toEqual(version);
});

test("versions are ordered as numbers", () => {
  expect(
    [[3, 9, 0] as const, [3, 254, 0] as const, [3, 254, 1] as const, [4, 0, 0] as const].sort(compareVersions),
  ).toEqual([
    [3, 9, 0],
    [3, 254, 0],
    [3, 254, 1],
    [4, 0, 0],
  ]);
});
