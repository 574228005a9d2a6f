import { expect, test } from "vitest";
import { readManifest } from "../../manifest/read-manifest.ts";

const read = (environments: string, options = {}) =>
  readManifest(`version: 1\nclients: { api: { kind: m2m, name: API } }\nenvironments:\n${environments}`, options);

test("moved names the stack that an environment had, beside the one that it has", () => {
  const { manifest } = read("  live: { moved: prod }\n  eu: { stack: acme/carto/eu, moved: europe }\n  dev: {}\n");
  expect(manifest?.environments.map(({ stack, movedFrom }) => [stack, movedFrom])).toEqual([
    ["live", "prod"],
    ["acme/carto/eu", "acme/carto/europe"],
    ["dev", undefined],
  ]);
});

test("moved is refused where the stack is another environment's, also one that was not asked for", () => {
  const failures = (environments: string, options = {}) =>
    read(environments, options).failures.map(({ line, path, reason, rule }) => [line, path, reason, rule]);
  expect(failures("  live: { stack: prod, moved: prod }\n")).toEqual([
    [4, "environments.live.moved", '"prod" is already the name of the stack: remove `moved`', "moved"],
  ]);
  expect(failures("  live: { moved: prod }\n  old: { stack: prod }\n", { environments: ["live"] })).toEqual([
    [
      4,
      "environments.live.moved",
      '"prod" is still the stack of environment "old": remove that environment, or remove `moved`',
      "moved",
    ],
  ]);
  expect(failures("  live: { moved: prod }\n  main: { moved: prod }\n")).toEqual([
    [5, "environments.main.moved", '"prod" is already moved to environment "live": keep one of them', "moved"],
  ]);
  expect(failures("  live: { moved: [prod] }\n")).toEqual([
    [4, "environments.live.moved", "is a list: write text", "type"],
  ]);
});
