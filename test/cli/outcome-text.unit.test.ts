import { expect, test } from "vitest";
import { createStyle } from "../../cli/context/style.ts";
import type { Diagnostic } from "../../cli/run/outcome.ts";
import { outcomeOf } from "../../cli/run/outcome.ts";
import { outcomeText } from "../../cli/run/outcome-text.ts";
import { announce } from "../../harness/engine-events.ts";

const environment = {
  name: "prod",
  stack: "prod",
  clients: [],
  location: () => ({ line: 1, column: 1 }),
  text: () => undefined,
};
const plain = createStyle(false);

test("advice is shown with a change, and counted for clients that stay; --advice shows all of it", () => {
  const updated = announce("update", { name: "web", kind: "m2m", old: { name: "a" }, new: { name: "b" } });
  const advice = (client: string): Diagnostic => ({ severity: "advice", client, message: "x: is risky (wildcard)" });
  const outcome = {
    ...outcomeOf(environment, "clients.yaml", "preview", updated),
    diagnostics: [
      advice("web"),
      advice("api"),
      advice("robot"),
      { severity: "warning", message: "of the run" } as const,
    ],
  };
  const text = outcomeText(outcome, "preview", plain);
  expect(text).toContain("  advice: web: x: is risky (wildcard)\n  warning: of the run\n");
  expect(text).not.toContain("api: x");
  expect(text).toContain("\n  2 pieces of advice on unchanged clients: --advice\n");
  expect(outcomeText(outcome, "preview", plain, true)).toContain("  advice: api: x: is risky (wildcard)\n");
});

test("a preview says who is locked out; after the run, it is not repeated", () => {
  const deleted = announce("delete", { name: "api", kind: "m2m", old: { name: "API" }, clientId: "H4Api" });
  const outcome = outcomeOf(environment, "clients.yaml", "destroy", deleted);
  expect(outcomeText(outcome, "destroy preview", plain)).toContain("H4Api stops working");
  const done = outcomeText(outcome, "destroy", plain);
  expect([done.includes("stops working"), done.endsWith("  1 deleted\n")]).toEqual([false, true]);
});

test.each([
  ["spa", "New client ID: made-1"],
  ["application", "New ID: made-1"],
] as const)("what was created of kind %s has its ID", (kind, text) => {
  const created = announce("create", { name: "web", kind: "spa", new: { name: "Web" } });
  const outcome = outcomeOf(environment, "clients.yaml", "up", created);
  const changes = outcome.changes.map((change) => ({ ...change, kind, newClientId: "made-1" }));
  expect(outcomeText({ ...outcome, changes }, "up", plain)).toContain(`      ${text}\n`);
});

test("changes are sorted as people count", () => {
  const created = ["robot-49", "robot-5", "robot-05"].flatMap((name) =>
    announce("create", { name, kind: "m2m", new: { name } }),
  );
  const { changes } = outcomeOf(environment, "clients.yaml", "preview", created);
  expect(changes.map(({ client }) => client)).toEqual(["robot-05", "robot-5", "robot-49"]);
});

test("a failure without a reason of its own leaves it to what is below", () => {
  const error = { code: "failed", message: "the run failed" } as const;
  const failed = outcomeOf(environment, "clients.yaml", "up", [], error);
  expect(outcomeText(failed, "up", plain)).toBe("prod: up failed, and Pulumi gave no reason\n");
  const diagnostics = [{ severity: "error", client: "web", message: "no: use `pulumi up --refresh`" } as const];
  expect(outcomeText({ ...failed, diagnostics }, "up", plain)).toBe(
    "prod: up failed\n  error: web: no: use `pulumi up --refresh`\n",
  );
});
