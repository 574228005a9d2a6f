import { expect, test } from "vitest";
import { readManifest } from "../../manifest/read-manifest.ts";
import { reportBetween } from "../../report/manifest-report.ts";
import { renderMarkdown } from "../../report/markdown.ts";

const failuresOf = (clients: string) =>
  readManifest(`version: 1\nclients:\n${clients}`).failures.map(({ line, path, reason, rule }) => [
    line,
    path,
    reason,
    rule,
  ]);

test("an alias is an earlier name of one client that is no longer declared", () => {
  expect(
    failuresOf(`  a: { kind: m2m, name: A, aliases: [a] }
  b: { kind: m2m, name: B, aliases: [a] }
  c: { kind: m2m, name: C, aliases: [old] }
  d: { kind: m2m, name: D, aliases: [old] }
  e: { kind: m2m, name: E, aliases: "old" }
`),
  ).toEqual([
    [3, "clients.a.aliases[0]", '"a" is the client\'s own name: remove the alias', "alias"],
    [4, "clients.b.aliases[0]", '"a" is still declared as a client: remove it, or remove the alias', "alias"],
    [6, "clients.d.aliases[0]", '"old" is already an alias of "c": keep one of them', "alias"],
    [7, "clients.e.aliases", 'is the text "old": write a list', "type"],
  ]);
});

test("an environment may have aliases of its own, and is not an input of the client", () => {
  const { manifest } = readManifest(`version: 1
clients: { web: { kind: m2m, name: Web, aliases: [site] } }
environments: { dev: {}, prod: { clients: { web: { aliases: [portal] } } }, old: { clients: { web: { aliases: null } } } }
`);
  const read = manifest?.environments.map(({ clients: [web] }) => [web?.aliases, Object.keys(web?.inputs ?? {})]);
  expect(read).toEqual([
    [["site"], ["name"]],
    [["portal"], ["name"]],
    [undefined, ["name"]],
  ]);
});

test("a report sees a rename with an alias as the client that it was; without one, it names the alias", () => {
  const manifest = (client: string) => ({ file: "clients.yaml", text: `version: 1\nclients: { ${client} }\n` });
  const older = manifest("old: { kind: m2m, name: Robot }");
  const kept = reportBetween(older, manifest("new: { kind: m2m, name: Robot 2, aliases: [old] }"));
  expect(kept.summary).toMatchObject({ create: 0, delete: 0, update: 1 });
  const lost = reportBetween(older, manifest("new: { kind: m2m, name: Robot }"));
  expect(lost.summary).toMatchObject({ create: 1, delete: 1 });
  expect(renderMarkdown(lost, {})).toContain("add `aliases: [old]` to `new`");
});
