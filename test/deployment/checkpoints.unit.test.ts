import { expect, test } from "vitest";
import { checkpointsOfDestroy, checkpointsOfUp, countSteps } from "../../deployment/checkpoints.ts";

const UP = [
  ["few steps", undefined, { creates: 60, deletes: 40, idempotencyKeys: true }, "every"],
  ["many steps", undefined, { creates: 61, deletes: 40, idempotencyKeys: true }, "once"],
  ["many steps without keys", undefined, { creates: 1000, deletes: 0, idempotencyKeys: false }, "every"],
  ["few steps, asked for", "once", { creates: 1, deletes: 0, idempotencyKeys: true }, "once"],
  ["many steps, turned off", "every", { creates: 1000, deletes: 0, idempotencyKeys: true }, "every"],
] as const;

test.each(UP)("an up with %s writes the state as often as is safe and worth it", (_, wanted, steps, expected) => {
  expect(checkpointsOfUp(wanted, steps).checkpoints).toBe(expected);
});

test("an up that writes the state once says so, with the way to turn it off", () => {
  expect(checkpointsOfUp(undefined, { creates: 300, deletes: 0, idempotencyKeys: true }).note).toBe(
    "the state is written once, at the end (300 to create; `--checkpoints every` writes it at each step)",
  );
});

test("writing once is not done, whoever asks, where keys are not honoured", () => {
  expect(checkpointsOfUp("once", { creates: 300, deletes: 0, idempotencyKeys: false })).toEqual({
    checkpoints: "every",
    note: "the state is written at each step: carto:idempotencyKeys is false",
  });
});

test("a destroy of many writes the state once, with or without keys", () => {
  expect(checkpointsOfDestroy(undefined, 20)).toEqual({ checkpoints: "every" });
  expect(checkpointsOfDestroy(undefined, 21)).toEqual({
    checkpoints: "once",
    note: "the state is written once, at the end (`--checkpoints every` writes it at each step)",
  });
  expect(checkpointsOfDestroy("every", 1000)).toEqual({ checkpoints: "every" });
});

test("creates and deletes are counted by kind and name", () => {
  const urn = (type: string, name: string) => `urn:pulumi:dev::p::pulumi-nodejs:dynamic/carto:${type}::${name}`;
  const managed = (type: string, name: string) => ({
    urn: urn(type, name),
    type: `pulumi-nodejs:dynamic/carto:${type}`,
    id: "an-id",
  });
  const declared = [
    { logicalName: "web", kind: "spa" },
    { logicalName: "robot", kind: "spa" },
    { logicalName: "new", kind: "m2m" },
  ] as const;
  const resources = [managed("SpaOAuthClient", "web"), managed("M2mOAuthClient", "robot")];
  expect(countSteps(declared, { resources })).toEqual({ creates: 2, deletes: 1 });
  expect(countSteps(declared, {})).toEqual({ creates: 3, deletes: 0 });
});
