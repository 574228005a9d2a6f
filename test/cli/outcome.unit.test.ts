import { expect, test } from "vitest";
import { outcomeOf } from "../../cli/run/outcome.ts";
import { announce } from "../../harness/engine-events.ts";

const place = () => ({ line: 1, column: 1 });
const environment = { name: "prod", stack: "prod", clients: [], location: place, text: () => undefined };
const error = { code: "failed", message: "update failed" } as const;

test("what the engine started and the provider refused is not a change, and is reported as refused", () => {
  const old = { name: "API", deletionProtection: true };
  const [begun] = announce("delete", { name: "api", kind: "m2m", old, clientId: "H4Api" });
  const metadata = begun?.resourcePreEvent?.metadata ?? expect.fail();
  const failed = { sequence: 9, timestamp: 0, resOpFailedEvent: { metadata, status: 0, steps: 1 } };
  const updated = announce("update", { name: "web", kind: "m2m", old: { name: "a" }, new: { name: "b" } });
  const outcome = outcomeOf(environment, "clients.yaml", "up", [...updated, begun ?? expect.fail(), failed], error);
  expect(outcome.changes.map(({ client, action }) => [client, action])).toEqual([["web", "update"]]);
  expect(outcome.refused?.map(({ client, action, clientId }) => [client, action, clientId])).toEqual([
    ["api", "delete", "H4Api"],
  ]);
});

test("a run that refuses nothing says nothing of it", () => {
  const updated = announce("update", { name: "web", kind: "m2m", old: { name: "a" }, new: { name: "b" } });
  expect(outcomeOf(environment, "clients.yaml", "up", updated)).not.toHaveProperty("refused");
});
