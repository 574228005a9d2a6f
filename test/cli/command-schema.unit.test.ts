import { expect, test } from "vitest";
import { outcomeOf } from "../../cli/run/outcome.ts";
import { undocumented } from "../../harness/command-schema.ts";
import { announce } from "../../harness/engine-events.ts";

const environment = {
  name: "prod",
  stack: "prod",
  clients: [],
  location: () => ({ line: 1, column: 1 }),
  text: () => undefined,
};

test("what preview, up, refresh and destroy print with --json is documented, also when they fail", () => {
  const updated = announce("update", { name: "web", kind: "m2m", old: { name: "a" }, new: { name: "b" } });
  const done = outcomeOf(environment, "clients.yaml", "up", updated);
  const failed = outcomeOf(environment, "clients.yaml", "up", updated, { code: "locked", message: "locked" });
  for (const command of ["preview", "up", "refresh", "destroy"]) {
    const line = JSON.stringify({ version: 1, command, ok: false, environments: [done, failed] });
    expect(undocumented(`${line}\n`)).toEqual([]);
  }
});

test("another member, a missing one, and a second line are not", () => {
  const document = { version: 1, command: "stack", ok: true, environments: [] };
  expect(undocumented(`${JSON.stringify(document)}\n`)).toEqual([]);
  expect(undocumented(`${JSON.stringify({ ...document, more: 1 })}\n`)).not.toEqual([]);
  expect(undocumented(`${JSON.stringify({ version: 1, command: "stack", ok: true })}\n`)).not.toEqual([]);
  expect(undocumented(`${JSON.stringify(document, null, 2)}\n`)).toEqual(["it is not one line"]);
});
