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

function said(message: string, client?: string) {
  const urn = client && `urn:pulumi:prod::p::pulumi-nodejs:dynamic/carto:M2mOAuthClient::${client}`;
  const diagnosticEvent = { severity: "warning" as const, message, color: "never", ...(urn && { urn }) };
  return { sequence: 9, timestamp: 0, diagnosticEvent };
}

test("a finding of the rules on a client is advice, any other warning is not", () => {
  const events = [
    said("x: is risky (wildcard)", "web"),
    said("x: is risky (no-rule)", "web"),
    said("OAuth client X: x (wildcard)"),
  ];
  const { diagnostics } = outcomeOf(environment, "clients.yaml", "preview", [...events, ...events]);
  expect(diagnostics).toEqual([
    { severity: "advice", client: "web", message: "x: is risky (wildcard)" },
    { severity: "warning", client: "web", message: "x: is risky (no-rule)" },
    { severity: "warning", message: "OAuth client X: x (wildcard)" },
  ]);
});

test("a replacement is warned of once: its change says it before and after the run, and a run that failed at it keeps the warning", () => {
  const client = { name: "web", kind: "m2m", old: { name: "a" }, new: { name: "a" }, clientId: "H4Api" } as const;
  const message =
    'OAuth client H4Api ("a") is replaced: once it is deleted, every user and service of that client ID stops working.';
  const replaced = [said(message, "web"), said(message), ...announce("replace", client)];
  expect(outcomeOf(environment, "clients.yaml", "preview", replaced)).toMatchObject({
    changes: [{ client: "web", action: "replace" }],
    diagnostics: [],
  });
  const failed = outcomeOf(environment, "clients.yaml", "up", [said(message)], error);
  expect(failed.diagnostics).toEqual([{ severity: "warning", message }]);
});
