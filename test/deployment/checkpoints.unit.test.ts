import { expect, test } from "vitest";
import { checkpointsOfDestroy, checkpointsOfUp, countSteps } from "../../deployment/checkpoints.ts";

const steps = (creates: number, deletes = 0, keyed = true) => ({ creates, deletes, keyed });

const UP = [
  ["few steps", undefined, steps(60, 40), true, "every"],
  ["many steps", undefined, steps(61, 40), true, "once"],
  ["many steps without keys", undefined, steps(1000), false, "every"],
  ["many steps, among them API Access Tokens", undefined, steps(1000, 0, false), true, "every"],
  ["few steps, asked for", "once", steps(1), true, "once"],
  ["many steps, turned off", "every", steps(1000), true, "every"],
] as const;

test.each(UP)("an up with %s writes the state as often as is safe and worth it", (_, wanted, all, keys, expected) => {
  expect(checkpointsOfUp(wanted, all, keys).checkpoints).toBe(expected);
});

test("an up that writes the state once says so, with the way to turn it off", () => {
  expect(checkpointsOfUp(undefined, steps(300), true).note).toBe(
    "the state is written once, at the end (300 to create; `--checkpoints every` writes it at each step)",
  );
});

test("the state is never written once if creates could not be found again", () => {
  expect(checkpointsOfUp("once", steps(300), false)).toEqual({
    checkpoints: "every",
    note: "the state is written at each step: carto:idempotencyKeys is false",
  });
  expect(checkpointsOfUp("once", steps(300, 0, false), true)).toEqual({
    checkpoints: "every",
    note: "the state is written at each step: API Access Tokens have no idempotency keys",
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
  expect(countSteps(declared, { resources })).toEqual({ creates: 2, deletes: 1, keyed: true });
  expect(countSteps(declared, {})).toEqual({ creates: 3, deletes: 0, keyed: true });
  const withToken = [...declared, { logicalName: "map", kind: "api-access-token" }] as const;
  expect(countSteps(withToken, {})).toEqual({ creates: 4, deletes: 0, keyed: false });
});
